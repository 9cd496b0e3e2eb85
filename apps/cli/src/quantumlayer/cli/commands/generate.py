"""`quantumlayer generate`: from a sentence to a verified capsule."""

from __future__ import annotations

import json
from pathlib import Path

import click

from quantumlayer.cli.client.prompts import read_description

LANGUAGES = ("python", "javascript")


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
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("capsules"),
    show_default=True,
    help="The folder for the capsule.",
)
@click.option("--language", type=click.Choice(LANGUAGES, case_sensitive=False))
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
    Starts the platform if it is down. Ends with 0 for the verdict `passed`, 1 for any other, 2
    for wrong usage, 5 for trouble with the platform.
    """
    wanted = {
        "prompt": read_description(prompt, specification),
        "language": language.lower() if language else None,
        "project": project,
        "model": model,
        "acceptPartial": accept_partial or None,
        "idempotencyKey": idempotency_key,
    }
    from quantumlayer.cli.client.api import Api  # noqa: PLC0415 - a usage error needs none of it
    from quantumlayer.cli.client.generation import deliver, print_lines, summary_lines  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.live import watch_run  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.reach import reach_started, say_to_stderr  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.runs import start_run  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.wishes import answering  # noqa: PLC0415 - as above

    with Api(reach_started(say_to_stderr)) as api:
        begun = start_run(api, wanted)
        if no_watch:
            click.echo(json.dumps({"runId": begun.run_id}) if as_json else begun.run_id)
            return
        if not as_json:
            click.echo(f"run {begun.run_id}")
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
