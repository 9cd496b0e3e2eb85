"""`quantumlayer revise`: what exists, changed by a sentence."""

from __future__ import annotations

from pathlib import Path

import click

from quantumlayer.cli.client.prompts import read_prompt


@click.command("revise")
@click.argument("what", metavar="RUN|CAPSULE|FOLDER")
@click.argument("sentence")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("capsules"),
    show_default=True,
    help="The folder for the new version's capsule.",
)
@click.option("--project", metavar="NAME", help="The project that the run belongs to.")
@click.option("--model", metavar="NAME", help="One of the models that QL_MODEL and QL_MODELS name.")
@click.option("--idempotency-key", metavar="KEY", help="The same key gives the same run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--no-watch", is_flag=True, help="Print the run's id and return at once.")
@click.pass_context
def command(  # noqa: PLR0913 - an option each
    ctx: click.Context,
    *,
    what: str,
    sentence: str,
    output: Path,
    project: str | None,
    model: str | None,
    idempotency_key: str | None,
    as_json: bool,
    no_watch: bool,
) -> None:
    """Change a version as SENTENCE says (`-` reads it from stdin), and watch it happen.

    A version is a run (its id, or a part of it), a capsule, or a folder: a capsule that was
    unpacked, perhaps edited by hand, or a project of somebody else. What the sentence does not
    speak of stays, and its tests have to go on passing. Ends as `generate` does.
    """
    wanted = {
        "prompt": read_prompt(sentence),
        "project": project,
        "model": model,
        "idempotencyKey": idempotency_key,
    }
    from quantumlayer.cli.client.carrying_out import carry_out  # noqa: PLC0415 - a usage error needs none of it
    from quantumlayer.cli.client.folders import read_project  # noqa: PLC0415 - as above

    path = Path(what)
    found = read_project(path) if path.exists() else None
    if found is None and ("/" in what or path.suffix):
        raise click.UsageError(f"{what} is not there: name a run, a capsule or a folder")
    carry_out(
        ctx,
        wanted,
        output=output,
        as_json=as_json,
        no_watch=no_watch,
        project=found,
        parent=None if found else what,
    )
