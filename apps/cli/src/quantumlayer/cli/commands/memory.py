"""`quantumlayer memory`: list and forget what later runs may be shown."""

from __future__ import annotations

import json

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.memories import clear_memory, forget_memory, list_memories
from quantumlayer.cli.client.reach import reach
from quantumlayer.cli.client.runs import find_run_id

_as_json = click.option("--json", "as_json", is_flag=True, help="JSON for programs.")


@click.group("memory")
def command() -> None:
    """List and forget the runs whose plans later runs may be shown."""


@command.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True)
@_as_json
def list_command(*, limit: int, as_json: bool) -> None:
    """List what is remembered, newest first."""
    with Api(reach()) as api:
        found = list_memories(api, limit)
    if as_json:
        click.echo(json.dumps(found))
        return
    if not found:
        click.echo("Nothing is remembered. Runs that pass are, where QL_MEMORY=on.")
    for one in found:
        click.echo(f"{one['runId']}  {one['stack'] or '-':<20} {one['title']}")


@command.command("forget")
@click.argument("run", metavar="RUN")
def forget_command(*, run: str) -> None:
    """Forget one run: its id, or a beginning or an end of it that no other run's id has."""
    with Api(reach()) as api:
        run_id = find_run_id(api, run)
        forgotten = forget_memory(api, run_id)
    click.echo(f"run {run_id} {'is forgotten' if forgotten else 'was not remembered'}")


@command.command("clear")
@click.confirmation_option(prompt="Forget all runs of the organisation?")
def clear_command() -> None:
    """Forget all runs."""
    with Api(reach()) as api:
        click.echo(f"forgotten: {clear_memory(api)}")
