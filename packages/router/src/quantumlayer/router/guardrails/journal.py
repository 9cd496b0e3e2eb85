"""A line in the log for each request and each answer, without a word of either."""

import json
import logging
from dataclasses import dataclass
from time import perf_counter

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Verdict

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Journal:
    """Logs who asked which model, and how much came and went: JSON, never contents.

    It sees what came in first and what goes out last. What others refuse is in their counts.
    """

    name: str = "journal"
    kind: Kind = Kind.INSPECTOR
    order: int = 0
    limit_milliseconds: float = 10

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard()


class _Guard(Guard):
    def __init__(self) -> None:
        self._begun = perf_counter()
        self._of: dict[str, object] = {}
        self._chunks = 0
        self._characters = 0

    def before(self, exchange: Exchange) -> Verdict:
        self._of = {
            "model": exchange.model,
            "organisation": exchange.organisation,
            "run": exchange.run,
        }
        sizes = [len(text) for text in exchange.texts]
        self._line("request", texts=len(sizes), characters=sum(sizes))
        return ALLOW

    def on_chunk(self, text: str) -> Verdict:
        self._chunks += 1
        self._characters += len(text)
        return ALLOW

    def after(self, text: str) -> Verdict:
        self._characters += len(text)
        milliseconds = round(1000 * (perf_counter() - self._begun), 3)
        self._line(
            "answer",
            chunks=self._chunks,
            characters=self._characters,
            milliseconds=milliseconds,
        )
        return ALLOW

    def _line(self, event: str, **values: object) -> None:
        _logger.info(json.dumps({"event": f"guardrails.{event}", **self._of, **values}))
