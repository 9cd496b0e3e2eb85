"""`quantumlayer generate`: from a sentence to a verified capsule."""

from __future__ import annotations

from pathlib import Path

import click

from quantumlayer.cli.client.prompts import read_description

# Written out, so that a first word needs no engine: a test holds it against the engine's.
LANGUAGES = ("python", "javascript", "typescript", "go", "java", "rust")


@click.command("generate")
@click.argument("prompt", required=False)
@click.option(
    "--spec",
    "specification",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="A description or a specification (prose, YAML, JSON) instead of PROMPT; - is stdin.",
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    metavar="FOLDER",
    help="Change what is there (a project, an unpacked capsule, an archive) instead.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("capsules"),
    show_default=True,
    help="The folder for the capsule.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES, case_sensitive=False),
    help="What to write it in; the built-in model knows python and javascript.",
)
@click.option("--project", metavar="NAME", help="The project that the run belongs to.")
@click.option("--model", metavar="NAME", help="One of the models that QL_MODEL and QL_MODELS name.")
@click.option(
    "--accept-partial",
    is_flag=True,
    help="Where not all is understood, build the rest; the verdict is then `incomplete`.",
)
@click.option("--idempotency-key", metavar="KEY", help="The same key gives the same run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else.")
@click.option("--no-watch", is_flag=True, help="Print the run's id and return at once.")
@click.pass_context
def command(  # noqa: PLR0913 - an option each
    ctx: click.Context,
    *,
    prompt: str | None,
    specification: Path | None,
    folder: Path | None,
    output: Path,
    language: str | None,
    project: str | None,
    model: str | None,
    accept_partial: bool,
    idempotency_key: str | None,
    as_json: bool,
    no_watch: bool,
) -> None:
    """Generate an application from PROMPT (`-` reads it from stdin), and watch it happen.

    A description has at most 20,000 characters and reaches the model as it is.
    With --from what is in FOLDER is changed as PROMPT says, as little as it takes.
    Starts the platform if it is down. Ends with 0 for the verdict `passed`, 1 for any other, 2
    for wrong usage, 5 for trouble with the platform.
    """
    if folder is not None and language is not None:
        raise click.UsageError("--language is that of what is changed: leave it out with --from")
    wanted = {
        "prompt": read_description(prompt, specification),
        "language": language.lower() if language else None,
        "project": project,
        "model": model,
        "acceptPartial": accept_partial or None,
        "idempotencyKey": idempotency_key,
    }
    from quantumlayer.cli.client.carrying_out import carry_out  # noqa: PLC0415 - a usage error needs none of it
    from quantumlayer.cli.client.folders import read_project  # noqa: PLC0415 - as above

    carry_out(
        ctx,
        wanted,
        output=output,
        as_json=as_json,
        no_watch=no_watch,
        project=read_project(folder) if folder else None,
    )
