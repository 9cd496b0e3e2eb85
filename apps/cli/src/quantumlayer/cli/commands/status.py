"""`quantumlayer status`: which parts run, and where."""

from __future__ import annotations

import json

import click

from quantumlayer.cli.platform.access import (
    api_url_of,
    gateway_url_of,
    platform_settings,
    temporal_ui_url,
)
from quantumlayer.cli.platform.health import without_password
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import PART_NAMES, PartRecord, PlatformRecord, observe


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(*, as_json: bool) -> None:
    """Show which parts run, and where."""
    settings = platform_settings()
    home = Home(settings.home)
    record = observe(home)
    runs = record.state != "stopped"
    api = (settings.api_url or api_url_of(record)) if runs else None
    links = {
        "apiUrl": api,
        "graphqlUrl": f"{api}/graphql" if api else None,
        "gatewayUrl": gateway_url_of(record),
        "temporalUrl": temporal_ui_url(settings, home) if runs else None,
    }
    if as_json:
        parts = [_described(part) for part in _parts(record)]
        click.echo(json.dumps({"state": record.state, **links, "parts": parts}))
        return
    click.echo(f"QuantumLayer is {record.state}{_because(record)}")
    for part in _parts(record):
        click.echo(_line(part))
    for label, url in links.items():
        if url:
            click.echo(f"  {label.removesuffix('Url'):<10} {url}")


def _parts(record: PlatformRecord) -> list[PartRecord]:
    return list(record.parts) or [PartRecord(name=name) for name in PART_NAMES]


def _described(part: PartRecord) -> dict[str, str | int | None]:
    up = part.state != "stopped"
    return {
        "name": part.name,
        "state": part.state,
        "pid": part.process.pid if part.process else None,
        "url": without_password(part.url) if part.url and up else None,
        "version": part.version if up else None,
        "restarts": part.restarts,
        "lastExit": part.last_exit,
        "detail": part.detail,
    }


def _line(part: PartRecord) -> str:
    facts = _described(part)
    pid = f"pid {facts['pid']}" if facts["pid"] else ""
    trouble = f"{part.restarts} restarts, last {part.last_exit}" if part.restarts else ""
    notes = "; ".join(note for note in (part.detail, trouble) if note)
    line = (
        f"  {part.name:<10} {part.state:<10} {facts['version'] or '':<9} {pid:<11}"
        f" {facts['url'] or ''}"
    )
    return f"{line}  ({notes})" if notes else line.rstrip()


def _because(record: PlatformRecord) -> str:
    return f": {record.error}" if record.error else ""
