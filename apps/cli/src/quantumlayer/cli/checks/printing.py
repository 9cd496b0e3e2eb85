"""Printing reports, and a line that moves below them while checks are under way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text


class Printing:
    """Reports on stdout; on stderr, when it is `moving`, a line that says what `line` gives."""

    def __init__(self, line: Callable[[], str], *, moving: bool) -> None:
        """The line is shown at once."""
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self._live: Live | None = None
        if moving:
            spinner = Spinner("dots", style="cyan")

            def shown() -> Spinner:
                spinner.update(text=Text(line(), overflow="ellipsis", no_wrap=True))
                return spinner

            self._live = Live(
                get_renderable=shown,
                console=Console(file=sys.stderr, highlight=False),
                refresh_per_second=10,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def say(self, lines: Iterable[Text]) -> None:
        """Print these, with the moving line out of the way."""
        if self._live:
            self._live.stop()
        for line in lines:
            self._out.print(line)
        if self._live:
            self._live.start()

    def end(self) -> None:
        """Take the moving line away."""
        if self._live:
            self._live.stop()
