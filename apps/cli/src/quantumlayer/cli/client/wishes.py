"""What a command does when its run asks what becomes of a wish that no stack serves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.errors import RefusedError
from quantumlayer.cli.client.events import Event
from quantumlayer.cli.client.runs import decide_wish


def answering(api: Api, run_id: str, *, quiet: bool) -> Callable[[Event], None]:
    """Hears a run's events. Somebody at a terminal is told how to answer; a script takes the
    default at once, as nobody reads what it is asked."""

    def hear(event: Event) -> None:
        if event.type != "wish.unserved" or not event.data.get("waitSeconds"):
            return
        if quiet or not sys.stdin.isatty() or not sys.stdout.isatty():
            # Whoever was faster has decided.
            with suppress(RefusedError):
                decide_wish(api, run_id, "accept")
            return
        click.echo(
            f"{'':8}  it is built with the nearest in {event.data['waitSeconds']} s, unless you "
            f"say else:\n{'':8}    quantumlayer runs decide {run_id} stop\n"
            f"{'':8}    quantumlayer runs decide {run_id} not-meant"
        )

    return hear
