"""`quantumlayer up`: every part in the background, or in sight until Ctrl-C."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import click

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.access import (
    api_url_of,
    ensure_up,
    gateway_url_of,
    platform_settings,
    temporal_ui_url,
)
from quantumlayer.cli.platform.control import stop
from quantumlayer.cli.platform.follow import LogFollower
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.needs import model_need, sandbox_need
from quantumlayer.cli.platform.progress import PartProgress
from quantumlayer.cli.platform.state import PlatformRecord, observe

_POLL_SECONDS = 0.2
# So long a start waits for parts that the platform runs without.
_LATE_SECONDS = 30.0
_COMING = ("stopped", "starting")


@click.command("up")
@click.option("--foreground", is_flag=True, help="Stay, show the logs, stop all on Ctrl-C.")
def command(*, foreground: bool) -> None:
    """Start every part of the platform; return when all are healthy.

    The parts go on in the background until `quantumlayer down`. Running already is fine.
    """
    home = Home(platform_settings().home)
    if foreground:
        _in_sight(home)
    else:
        _in_background(home)


def _in_background(home: Home) -> None:
    progress = PartProgress(click.echo)
    began = time.monotonic()
    running = observe(home).state == "running"
    try:
        ensure_up(click.echo, progress.watch)
        record = _with_late_parts(home, progress.watch)
    except KeyboardInterrupt:
        stop(home)
        raise
    if running:
        _summarise(home, record, "running")
        return
    _summarise(home, record, f"up in {time.monotonic() - began:.1f} s")
    _warn_of_what_runs_lack()


def _in_sight(home: Home) -> None:
    follower = LogFollower(home, click.echo)
    progress = PartProgress(click.echo)

    def watch(record: PlatformRecord) -> None:
        follower.show()
        progress.watch(record)

    # From here on both ways to ask for an end arrive as the same exception.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ensure_up(click.echo, watch, companion=os.getpid())
        record = _with_late_parts(home, watch)
        _warn_of_what_runs_lack()
        _summarise(home, record, "running; Ctrl-C stops it")
        while observe(home).supervisor is not None:
            follower.show()
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        click.echo("stopping")
    else:
        follower.show()
        raise PlatformError("the platform was stopped from elsewhere")
    finally:
        stop(home, lambda _record: follower.show())
        follower.show()


def _with_late_parts(home: Home, watch: Callable[[PlatformRecord], None]) -> PlatformRecord:
    """The record once those parts serve, too, which the platform runs without; or as it is then."""
    deadline = time.monotonic() + _LATE_SECONDS
    while True:
        record = observe(home)
        watch(record)
        coming = [part for part in record.parts if part.late and part.state in _COMING]
        if not coming or time.monotonic() > deadline:
            break
        time.sleep(_POLL_SECONDS)
    for part in record.parts:
        if part.late and part.state != "running":
            click.echo(f"warning: {part.name}: {part.detail or part.state}", err=True)
    return record


def _warn_of_what_runs_lack() -> None:
    """The platform is of use without them, but no application it makes can pass."""
    for need in (sandbox_need(), model_need(platform_settings())):
        if not need.met:
            click.echo(f"warning: {need.name}: {need.found}. {need.advice}", err=True)


def _summarise(home: Home, record: PlatformRecord, headline: str) -> None:
    settings = platform_settings()
    for note in record.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"QuantumLayer is {headline}")
    api = settings.api_url or api_url_of(record)
    if api:
        click.echo(f"  API       {api}")
        click.echo(f"  GraphQL   {api}/graphql")
    if gateway := gateway_url_of(record):
        click.echo(f"  Gateway   {gateway}, with the key in {home.gateway_key}")
    if ui := temporal_ui_url(settings, home):
        click.echo(f"  Temporal  {ui}")
