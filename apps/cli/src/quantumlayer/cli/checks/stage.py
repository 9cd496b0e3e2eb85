"""Where reports and progress go: reports to stdout, the line that moves to a terminal's stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from quantumlayer.qlayer.checking import CheckReport

_NAMED = 3


class Stage(AbstractContextManager["Stage"]):
    """Shows `total` checks; the moving line only where stderr is a terminal."""

    def __init__(self, total: int) -> None:
        """Nothing is shown before it is entered."""
        self._total = total
        self._done = 0
        self._active: list[str] = []
        self._started = time.monotonic()
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self._live: Live | None = None
        if sys.stderr.isatty():
            self._spinner = Spinner("dots", style="cyan")
            self._live = Live(
                get_renderable=self._line,
                console=Console(file=sys.stderr, highlight=False),
                refresh_per_second=10,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the moving line away."""
        if self._live:
            self._live.stop()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def watch(self, path: Path, report: CheckReport | None) -> None:
        """A path was begun, or has ended."""
        if report is None:
            self._active.append(str(path))
            return
        self._done += 1
        self._active.remove(str(path))

    def say(self, lines: Iterable[Text]) -> None:
        """Print on stdout, with the moving line out of the way."""
        if self._live:
            self._live.stop()
        for line in lines:
            self._out.print(line)
        if self._live:
            self._live.start()

    def _line(self) -> Spinner:
        names = ", ".join(self._active[:_NAMED])
        more = len(self._active) - _NAMED
        told = f"checking {names}{f' and {more} more' if more > 0 else ''}" if names else "checked"
        counted = f" · {self._done} of {self._total}" if self._total > 1 else ""
        line = Text(f"{told}{counted} · {self.seconds:.0f} s", overflow="ellipsis", no_wrap=True)
        self._spinner.update(text=line)
        return self._spinner
