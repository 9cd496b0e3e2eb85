"""`quantumlayer gateway`: the language model gateway, alone."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

_MODULE = "quantumlayer.gateway"


@click.group("gateway", invoke_without_command=True)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="QL_GATEWAY_CONFIG",
    help="What it serves.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8402,
    show_default=True,
    envvar="QL_GATEWAY_PORT",
    help="The port.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes."
)
@click.pass_context
def command(
    context: click.Context, *, config: Path | None, host: str, port: int, workers: int
) -> None:
    """Serve language models over HTTP until it is told to stop.

    It runs alone; `quantumlayer up` has one as a part of the platform.
    Clients of OpenAI and of Anthropic use it unchanged: POST /v1/chat/completions, /v1/messages,
    /v1/responses, /v1/embeddings, GET /v1/models, /healthz, /readyz, /metrics, /docs.
    """
    if context.invoked_subcommand is not None:
        return
    if config is None:
        raise click.UsageError("say what it serves: --config gateway.yaml")
    _become("--config", str(config), "--host", host, "--port", str(port), "--workers", str(workers))


@command.command("check")
@click.argument("config", type=click.Path(path_type=Path))
def check(*, config: Path) -> None:
    """Say whether a configuration can be used, and what is wrong with it."""
    _become("--config", str(config), "--check")


@command.command("migrate")
@click.argument("owner_url", envvar="QL_MIGRATION_DATABASE_URL", metavar="URL")
def migrate(*, owner_url: str) -> None:
    """Make the tables of the audit, or bring them up to date.

    URL is that of the role that owns the tables: postgresql+asyncpg://owner:…@host:port/database.
    The gateway itself gets, under `database`, the URL of a role that may only read and write them.
    """
    from asyncpg import PostgresError  # noqa: PLC0415 - used here
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - used here

    from quantumlayer.core.database import migrate as upgrade  # noqa: PLC0415 - used here
    from quantumlayer.core.settings import asyncpg_url  # noqa: PLC0415 - used here

    try:
        upgrade(asyncpg_url(owner_url))
    except (ValueError, OSError, SQLAlchemyError, PostgresError) as error:
        raise click.ClickException(f"the tables could not be made: {error}") from None
    click.echo("the tables are up to date")


@command.command("key")
def key() -> None:
    """Make a key for a client: the secret for the client, its hash for the configuration."""
    from quantumlayer.core.identity import new_api_key, secret_hash  # noqa: PLC0415 - used here

    secret = new_api_key()
    click.echo(f"key   {secret}\nhash  sha256:{secret_hash(secret)}")


def _become(*arguments: str) -> None:
    """Becomes the gateway's process: applications do not import each other.

    It is still the process that its user started, and its configuration names variables freely.
    """
    if find_spec(_MODULE) is None:
        raise click.ClickException("the gateway is not installed: install quantumlayer-gateway")
    command = [sys.executable, "-m", _MODULE, *arguments]
    os.execve(sys.executable, command, env=os.environ)  # noqa: S606 - it is no shell's
