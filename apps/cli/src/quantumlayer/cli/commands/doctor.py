"""`quantumlayer doctor`: what this machine lacks and how to get it."""

from __future__ import annotations

import asyncio
import json

import click

from quantumlayer.cli.errors import EXIT_PLATFORM, PlatformError
from quantumlayer.cli.platform.access import platform_settings
from quantumlayer.cli.platform.gateway_need import gateway_need
from quantumlayer.cli.platform.needs import Need, all_needs
from quantumlayer.core.settings import SettingsError


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Say what this machine lacks and how to get it, and ask the model that is set for one word.

    Ends with 0 when nothing essential is missing, with 5 otherwise.
    """
    from quantumlayer.cli.platform.model_probe import answer_need  # noqa: PLC0415 - it brings the model's libraries

    settings = platform_settings()
    needs = [*all_needs(settings), gateway_need(settings)]
    try:
        answer = asyncio.run(answer_need(settings))
    except SettingsError as error:
        raise PlatformError(str(error)) from None
    needs += [] if answer is None else [answer]
    missing = [need for need in needs if need.essential and not need.met]
    if as_json:
        click.echo(json.dumps({"ok": not missing, "needs": [_described(need) for need in needs]}))
    else:
        for need in needs:
            click.echo(_line(need))
        names = ", ".join(need.name for need in missing)
        click.echo(f"Missing: {names}." if missing else "Nothing essential is missing.")
    ctx.exit(EXIT_PLATFORM if missing else 0)


def _described(need: Need) -> dict[str, str | bool]:
    return {
        "name": need.name,
        "ok": need.met,
        "essential": need.essential,
        "found": need.found,
        "advice": need.advice,
    }


def _line(need: Need) -> str:
    mark = "ok" if need.met else ("MISSING" if need.essential else "absent")
    line = f"  {mark:<8} {need.name:<11} {need.found}"
    return f"{line}\n{'':<23}{need.advice}" if need.advice else line
