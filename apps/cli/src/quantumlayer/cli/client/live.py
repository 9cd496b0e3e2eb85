"""Showing a run as it happens: a line an event, and under them what goes on at the moment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

import click

from quantumlayer.cli.client.errors import resumable
from quantumlayer.cli.client.events import Event, follow
from quantumlayer.cli.client.reach import Reach
from quantumlayer.cli.client.story import Story
from quantumlayer.cli.errors import EXIT_INTERRUPTED

Say = Callable[[str], None]
Hear = Callable[[Event], None]


def watch_run(
    reach: Reach,
    run_id: str,
    created_at: datetime,
    *,
    after: int = 0,
    quiet: bool = False,
    hear: Hear | None = None,
) -> None:
    """Shows the run until it has ended, with times since `created_at`; `quiet` only waits.

    `hear` is told of each event, after it was shown.

    Ctrl-C leaves: the run goes on, and the commands that watch and cancel it are told.
    """
    try:
        with resumable(run_id):
            if quiet:
                for event in follow(reach, run_id, after):
                    (hear or _nothing)(event)
            else:
                _show(reach, run_id, created_at, after, hear or _nothing)
    except KeyboardInterrupt:
        click.echo(
            f"\nThe run goes on without you.\n  watch it:  quantumlayer runs watch {run_id}\n"
            f"  stop it:   quantumlayer runs cancel {run_id}",
            err=True,
        )
        sys.exit(EXIT_INTERRUPTED)


def _nothing(_event: Event) -> None:
    """Nobody else listens."""


def _show(reach: Reach, run_id: str, created_at: datetime, after: int, hear: Hear) -> None:
    story = Story()
    with _stage(sys.stdout, story) as say:
        for event in follow(reach, run_id, after, lambda news: say(f"{'':8}  {news}")):
            line = story.tell(event)
            if line is not None:
                seconds = (event.created_at - created_at).total_seconds()
                say(f"{max(0.0, seconds):6.1f} s  {line}")
            hear(event)


@contextmanager
def _stage(stream: IO[str], story: Story) -> Iterator[Say]:
    """Where lines go: a terminal shows what goes on below them, a file or pipe gets lines only."""
    if not stream.isatty():
        yield click.echo
        return
    from rich.console import Console  # noqa: PLC0415 - loaded where it is used
    from rich.live import Live  # noqa: PLC0415 - as above
    from rich.spinner import Spinner  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    spinner = Spinner("dots", style="cyan")

    def below() -> Spinner:
        spinner.update(text=Text(story.progress, overflow="ellipsis", no_wrap=True))
        return spinner

    console = Console(file=stream, highlight=False)
    with Live(get_renderable=below, console=console, refresh_per_second=10, transient=True) as live:
        yield lambda line: live.console.print(Text(line, no_wrap=False))
