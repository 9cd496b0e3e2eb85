"""One run from its request to its summary, whichever command asked for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.capsules import soon_to_check
from quantumlayer.cli.client.folders import send_project
from quantumlayer.cli.client.generation import deliver, print_lines, summary_lines
from quantumlayer.cli.client.live import watch_run
from quantumlayer.cli.client.reach import chosen_model, reach_started, say_to_stderr
from quantumlayer.cli.client.runs import find_run_id, start_run
from quantumlayer.cli.client.wishes import answering

if TYPE_CHECKING:
    from quantumlayer.cli.client.folders import Packed


def carry_out(
    ctx: click.Context,
    wanted: dict[str, Any],
    *,
    output: Path,
    as_json: bool,
    no_watch: bool,
    project: Packed | None = None,
    parent: str | None = None,
) -> None:
    """Starts a run, watches it, and sums it up; ends the command with its status.

    `wanted` are members of StartGenerationInput. What is changed is a `project` to be sent, or the
    version of the run that `parent` names; nothing where all is made anew.
    """
    given = {**wanted, "model": wanted["model"] or chosen_model()}
    with Api(reach_started(say_to_stderr)) as api:
        if project is not None:
            for note in project.notes:
                say_to_stderr(note)
            given["folder"] = send_project(api, project)
        if parent is not None:
            given["parent"] = find_run_id(api, parent)
        begun = start_run(api, given)
        if no_watch:
            click.echo(json.dumps({"runId": begun.run_id}) if as_json else begun.run_id)
            return
        if not as_json:
            click.echo(f"run {begun.run_id}")
        soon_to_check()
        watch_run(
            api.reach,
            begun.run_id,
            begun.created_at,
            quiet=as_json,
            hear=answering(api, begun.run_id, quiet=as_json),
        )
        delivery = deliver(api, begun.run_id, output)
    if as_json:
        click.echo(json.dumps(delivery.outcome.summary(delivery.shown_path)))
    else:
        print_lines(summary_lines(delivery))
    if delivery.checked is not None and not delivery.checked.ok:
        click.echo(
            f"quantumlayer: the capsule does not verify: {delivery.checked.summary}", err=True
        )
    ctx.exit(0 if delivery.good else 1)
