"""`quantumlayer gateway`: the language model gateway, alone."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

_MODULE = "quantumlayer.gateway"


@click.group("gateway", invoke_without_command=True)
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="What it serves.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8402, show_default=True, help="The port."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes."
)
@click.pass_context
def command(
    context: click.Context, *, config: Path | None, host: str, port: int, workers: int
) -> None:
    """Serve language models over HTTP until it is told to stop.

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
