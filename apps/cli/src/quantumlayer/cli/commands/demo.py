"""`quantumlayer demo`: the whole way once, from nothing to a verified capsule."""

from __future__ import annotations

import os

import click

from quantumlayer.cli.client.prompts import read_prompt

DEFAULT_PROMPT = (
    "A library service: books with title, author and isbn, members with name and email,"
    " loans that link a book to a member with a due date."
    " Members can have at most 5 open loans."
)
# Not PROMPT: some shells export theirs.
_FROM_ENVIRONMENT = "DEMO_PROMPT"


@click.command("demo")
@click.argument("prompt", required=False)
@click.option(
    "--accept-partial",
    is_flag=True,
    help="Where not all is understood, build the rest; the verdict is then `incomplete`.",
)
@click.pass_context
def command(ctx: click.Context, *, prompt: str | None, accept_partial: bool) -> None:
    """Start the platform and generate an application from PROMPT, or the default one.

    DEMO_PROMPT in the environment says it too. Ends with 0 only if the verdict is `passed` and
    the capsule verifies; the platform stays up.
    """
    text = read_prompt(prompt or os.environ.get(_FROM_ENVIRONMENT) or DEFAULT_PROMPT)

    from quantumlayer.cli.client.api import Api  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.cli.client.capsules import soon_to_check  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.credentials import owner_link  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.generation import (  # noqa: PLC0415 - as above
        DEFAULT_FOLDER,
        deliver,
        print_lines,
        summary_lines,
    )
    from quantumlayer.cli.client.live import watch_run  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.cli.client.reach import reach_started  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.runs import start_run  # noqa: PLC0415 - as above

    click.echo("Starting the platform")
    with Api(reach_started(click.echo)) as api:
        click.echo(f"Generating: {text}")
        begun = start_run(api, {"prompt": text, "acceptPartial": accept_partial or None})
        click.echo(f"run {begun.run_id}")
        soon_to_check()
        watch_run(api.reach, begun.run_id, begun.created_at)
        delivery = deliver(api, begun.run_id, DEFAULT_FOLDER)
        lines = [
            *summary_lines(delivery),
            ("GraphQL", f"{api.reach.api_url}/graphql"),
            ("Temporal", delivery.outcome.run["temporalUrl"] or "-"),
            ("owner link", owner_link(api)["url"]),
        ]
    click.echo()
    print_lines(lines)
    click.echo("\nThe platform keeps running; `make down` stops it.")
    ctx.exit(0 if delivery.good else 1)
