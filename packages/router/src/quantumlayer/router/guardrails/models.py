"""Which models may be asked."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Refuse, Verdict


@dataclass(frozen=True)
class Models:
    """Allows models by name, or by a pattern with `*` and `?`."""

    allowed: tuple[str, ...]
    name: str = "models"
    kind: Kind = Kind.POLICY
    order: int = 10
    limit_milliseconds: float = 10

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard(self.allowed)


class _Guard(Guard):
    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed

    def before(self, exchange: Exchange) -> Verdict:
        if any(fnmatchcase(exchange.model, pattern) for pattern in self._allowed):
            return ALLOW
        return Refuse(
            "model-not-allowed",
            f"The model {exchange.model!r} may not be asked here.",
            f"Ask one of these: {', '.join(self._allowed) or 'none is allowed'}.",
        )
