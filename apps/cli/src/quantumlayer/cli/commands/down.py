"""`quantumlayer down`: stop every part."""

from __future__ import annotations

import click

from quantumlayer.cli.platform.access import platform_settings
from quantumlayer.cli.platform.control import stop
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import PlatformRecord


@click.command("down")
def command() -> None:
    """Stop every part of the platform; what it stored stays."""
    stopped: set[str] = set()

    def watch(record: PlatformRecord) -> None:
        for part in record.parts:
            if part.state == "stopped" and part.name not in stopped:
                stopped.add(part.name)
                click.echo(f"  {part.name:<10} stopped")

    ran = stop(Home(platform_settings().home), watch)
    click.echo("QuantumLayer is stopped" if ran else "QuantumLayer was not running")
