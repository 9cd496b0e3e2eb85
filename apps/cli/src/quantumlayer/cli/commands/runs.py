"""`quantumlayer runs`: list, show, watch, cancel, download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from quantumlayer.cli.client.api import Api, Json
from quantumlayer.cli.client.changes import change_lines, list_versions
from quantumlayer.cli.client.errors import EXIT_FAILED
from quantumlayer.cli.client.events import Event, follow
from quantumlayer.cli.client.reach import reach
from quantumlayer.cli.client.runs import (
    Outcome,
    cancel_run,
    decide_wish,
    find_run_id,
    list_runs,
    outcome_of,
)
from quantumlayer.cli.client.usage import NOBODY_ASKED, by_agent, by_file, usage_of

STATUSES = ("queued", "running", "finished", "cancelled")
_BELOW = f"\n{'':10}"
_as_json = click.option("--json", "as_json", is_flag=True, help="JSON for programs.")
_run = click.argument("run", metavar="RUN")


@click.group("runs")
def command() -> None:
    """List, show, watch, cancel and download runs, and say what models took.

    RUN is a run's id, or a beginning or an end of it that no other run's id has.
    """


@command.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--status", type=click.Choice(STATUSES))
@click.option("--project", metavar="NAME")
@_as_json
def list_command(*, limit: int, status: str | None, project: str | None, as_json: bool) -> None:
    """List runs, newest first."""
    with Api(reach()) as api:
        runs = list_runs(api, most=limit, status=status, project=project)
    if as_json:
        click.echo(json.dumps([_listed(run) for run in runs]))
        return
    if not runs:
        click.echo('No runs yet. Start one: quantumlayer generate "A library service: …"')
    for run in runs:
        verdict = run["verdict"] or run["status"]
        title = run["title"] or _shortened(run["prompt"])
        click.echo(f"{run['id']}  {verdict:<20} {run['elapsedSeconds']:7.1f} s  {title}")
        if verdict == "incomplete":
            click.echo(f"{'':38}{_shortened(run['reason'] or '', 160)}")


@command.command("show")
@_run
@_as_json
def show_command(*, run: str, as_json: bool) -> None:
    """Show everything about a run."""
    with Api(reach()) as api:
        outcome = outcome_of(api, find_run_id(api, run))
    if as_json:
        click.echo(json.dumps(_shown(outcome)))
        return
    for line in _described(outcome):
        click.echo(line)


@command.command("versions")
@_run
@_as_json
def versions_command(*, run: str, as_json: bool) -> None:
    """List every version of what a run made, oldest first; `download` fetches each."""
    with Api(reach()) as api:
        run_id = find_run_id(api, run)
        versions = list_versions(api, run_id)
    if as_json:
        click.echo(json.dumps([_listed(one) for one in versions]))
        return
    for one in versions:
        verdict = one["verdict"] or one["status"]
        mark = "*" if one["id"] == run_id else " "
        click.echo(f"{mark} {one['id']}  {verdict:<20} {_shortened(one['prompt'])}")


@command.command("usage")
@_run
@_as_json
def usage_command(*, run: str, as_json: bool) -> None:
    """Show what models were used for: tries, tokens, money and time by agent and by file."""
    with Api(reach()) as api:
        found = usage_of(api, find_run_id(api, run))
    used = found["modelUsage"]
    if as_json:
        click.echo(json.dumps({"runId": found["id"], "model": found["model"], "modelUsage": used}))
        return
    for line in [*by_agent(used), "", *by_file(used)] if used else [NOBODY_ASKED]:
        click.echo(line)


@command.command("watch")
@_run
@click.option("--after", type=click.IntRange(0), default=0, help="Begin after this event.")
@_as_json
@click.pass_context
def watch_command(ctx: click.Context, *, run: str, after: int, as_json: bool) -> None:
    """Watch a run until it has ended; with --json one event a line.

    Ends with 0 when the verdict is `passed`, with 1 otherwise.
    """
    from quantumlayer.cli.client.live import watch_run  # noqa: PLC0415 - loaded where it is used

    with Api(reach()) as api:
        run_id = find_run_id(api, run)
        if as_json:
            for event in follow(api.reach, run_id, after):
                click.echo(json.dumps(_told(event)))
        else:
            watch_run(api.reach, run_id, outcome_of(api, run_id).created_at, after=after)
        ctx.exit(0 if outcome_of(api, run_id).passed else EXIT_FAILED)


@command.command("cancel")
@_run
@_as_json
def cancel_command(*, run: str, as_json: bool) -> None:
    """Ask a run to stop."""
    with Api(reach()) as api:
        cancelled = cancel_run(api, find_run_id(api, run))
    if as_json:
        click.echo(json.dumps({"runId": cancelled["id"], "status": cancelled["status"]}))
    elif cancelled["status"] == "cancelled":
        click.echo(f"run {cancelled['id']} is cancelled")
    else:
        click.echo(f"run {cancelled['id']} is told to stop; it cleans up and ends")


@command.command("decide")
@_run
@click.argument("decision", type=click.Choice(("accept", "stop", "not-meant")))
def decide_command(*, run: str, decision: str) -> None:
    """Answer a run that asks what becomes of a wish that no stack serves.

    `accept` builds with the nearest, and that wish is missing; `stop` builds nothing; `not-meant`
    says that nothing of the kind was asked for.
    """
    with Api(reach()) as api:
        decide_wish(api, find_run_id(api, run), decision.replace("-", "_"))
    click.echo(f"decided: {decision}")


@command.command("download")
@_run
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("capsules"),
    show_default=True,
    help="The folder for the capsule.",
)
@_as_json
@click.pass_context
def download_command(ctx: click.Context, *, run: str, output: Path, as_json: bool) -> None:
    """Download and verify a run's capsule."""
    from quantumlayer.cli.client.generation import deliver  # noqa: PLC0415 - loaded where it is used

    with Api(reach()) as api:
        delivery = deliver(api, find_run_id(api, run), output)
    if delivery.path is None or delivery.checked is None:
        raise click.ClickException(
            f"the run has no capsule: it is {delivery.outcome.verdict}"
            + (" and not packaged yet" if delivery.outcome.verdict in STATUSES[:2] else "")
        )
    if as_json:
        capsule = delivery.outcome.capsule or {}
        click.echo(
            json.dumps(
                {
                    "runId": delivery.outcome.run_id,
                    "verdict": delivery.outcome.verdict,
                    "capsule": str(delivery.path),
                    "sha256": capsule.get("sha256"),
                    "size": capsule.get("size"),
                    "verified": delivery.checked.ok,
                    "reason": delivery.checked.summary,
                }
            )
        )
    else:
        click.echo(f"{delivery.path}\n{delivery.checked.summary}")
    ctx.exit(0 if delivery.checked.ok else EXIT_FAILED)


def _told(event: Event) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "type": event.type,
        "data": event.data,
        "createdAt": event.created_at.isoformat(),
    }


def _listed(run: dict[str, Any]) -> dict[str, Any]:
    renamed = {name: value for name, value in run.items() if name not in ("id", "project")}
    return {"runId": run["id"], "project": run["project"]["slug"], **renamed}


def _shown(outcome: Outcome) -> dict[str, Any]:
    renamed = {**_listed(outcome.run), "tests": outcome.tests}
    del renamed["testSummary"]
    return renamed


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}%"


def _described(outcome: Outcome) -> list[str]:
    run = outcome.run
    tests = ", ".join(f"{number} {name}" for name, number in outcome.tests.items())
    lines = [
        f"run       {outcome.run_id}",
        f"title     {run['title'] or '-'}",
        f"prompt    {_shortened(run['prompt'], 200)}",
        f"project   {run['project']['slug']}",
        f"model     {run['model']}",
        f"status    {run['status']}",
        *(f"{name:<10}" + told.replace("\n", _BELOW) for name, told in outcome.told_verdict),
        f"proof     {outcome.proofs or '-'}",
        *(
            f"{name:<10}" + told.replace("\n", _BELOW)
            for name, told in change_lines(outcome.changes)
        ),
        f"tests     {tests}",
        f"coverage  {_percent(run['coverage'])}",
        f"mutation  {_percent(run['mutationScore'])}",
        f"cost      {outcome.cost}",
        f"took      {run['elapsedSeconds']:.2f} s",
        *_models(outcome.usage),
        f"capsule   {outcome.capsule['url'] if outcome.capsule else '-'}",
        f"workflow  {run['temporalUrl'] or '-'}",
        f"files     {len(run['files'])}",
    ]
    lines += [
        f"  {file['path']}  {file['size']:,} bytes, {file['origin']}" for file in run["files"]
    ]
    for finding in run["findings"]:
        place = f"{finding['path']}:{finding['line']}:{finding['column']}"
        lines.append(f"  {finding['severity']}: {place} {finding['message']} [{finding['rule']}]")
    return lines


def _models(usage: Json | None) -> list[str]:
    return ["models", *(f"  {line}" for line in by_agent(usage))] if usage else []


def _shortened(text: str, most: int = 70) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
