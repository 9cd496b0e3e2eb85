"""`quantumlayer keys`: API keys for programs."""

from __future__ import annotations

import json

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.credentials import create_key
from quantumlayer.cli.client.reach import reach

ROLES = ("owner", "member", "viewer")


@click.group("keys")
def command() -> None:
    """Make API keys."""


@command.command("create")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: key, id, prefix.")
def create_command(*, name: str, role: str, as_json: bool) -> None:
    """Make an API key and show it, this once."""
    if not name.strip():
        raise click.UsageError("--name is empty; say what the key is for")
    with Api(reach()) as api:
        made = create_key(api, name, role)
    if as_json:
        click.echo(json.dumps({"key": made["key"], "id": made["id"], "prefix": made["prefix"]}))
        return
    click.echo(made["key"])
    click.echo(f"A key for {name}, with the role {role}. Nobody can show it again.", err=True)
