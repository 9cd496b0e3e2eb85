"""`quantumlayer owner-link`: a fresh one-time link for a browser."""

from __future__ import annotations

import json

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.credentials import owner_link
from quantumlayer.cli.client.reach import reach


@click.command("owner-link")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(*, as_json: bool) -> None:
    """Print a link that signs one browser in as owner, once, within 15 minutes."""
    with Api(reach()) as api:
        link = owner_link(api)
    click.echo(json.dumps(link) if as_json else link["url"])
