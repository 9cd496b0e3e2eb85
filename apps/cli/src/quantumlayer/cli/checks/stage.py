"""Where reports and progress go: reports to stdout, the line that moves to a terminal's stderr."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.text import Text

    from quantumlayer.cli.checks.printing import Printing
    from quantumlayer.qlayer.checking import CheckReport

_NAMED = 3
# By then the first tests are running: what prints is loaded beside them.
_SHOWN_AFTER_SECONDS = 0.2


class Stage(AbstractContextManager["Stage"]):
    """Shows `total` checks; the moving line only where stderr is a terminal."""

    def __init__(self, total: int) -> None:
        """Nothing is shown before it is entered."""
        self._total = total
        self._done = 0
        self._active: dict[str, str] = {}
        self._started = time.monotonic()
        self._printing: Printing | None = None
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        """Begin to show, soon."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(_SHOWN_AFTER_SECONDS, self._begin)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the moving line away."""
        if self._timer:
            self._timer.cancel()
        if self._printing:
            self._printing.end()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def watch(self, path: Path, report: CheckReport | None) -> None:
        """A path was begun, or has ended."""
        if report is None:
            self._active[str(path)] = ""
            return
        self._done += 1
        self._active.pop(str(path), None)

    def watch_rung(self, path: str, rung: str) -> None:
        """A path that is tried as it is delivered has come to a rung."""
        if path in self._active:
            self._active[path] = f" (as delivered: {rung})"

    def say(self, told: Callable[[], Iterable[Text]]) -> None:
        """Print on stdout, with the moving line out of the way."""
        self._begin().say(told())

    def _begin(self) -> Printing:
        if self._printing is None:
            from quantumlayer.cli.checks.printing import Printing  # noqa: PLC0415 - slow to load

            self._printing = Printing(self._line, moving=sys.stderr.isatty())
        return self._printing

    def _line(self) -> str:
        active = [f"{path}{rung}" for path, rung in self._active.items()]
        names = ", ".join(active[:_NAMED])
        more = len(self._active) - _NAMED
        told = f"checking {names}{f' and {more} more' if more > 0 else ''}" if names else "checked"
        counted = f" · {self._done} of {self._total}" if self._total > 1 else ""
        return f"{told}{counted} · {self.seconds:.0f} s"
