"""`quantumlayer preview`: an application for this user's browser, as it is delivered."""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quantumlayer.cli.errors import PlatformError

if TYPE_CHECKING:
    from quantumlayer.qtest.preview import Preview

Say = Callable[[str, str], None]
"""Told of what happens, by its kind and in words."""

EXIT_ENDED = 1
_LOG_SECONDS = 0.2


@dataclass(frozen=True)
class Wanted:
    """How an application is shown."""

    seconds: float | None
    idle: float
    data: Path | None
    port: int
    opens: bool
    as_json: bool


class Unusable(click.ClickException):
    """It cannot be shown as it is."""

    exit_code = EXIT_ENDED


@click.command("preview")
@click.argument("what", metavar="RUN|CAPSULE|FOLDER")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    metavar="S",
    help="Stop after S seconds; by default it goes on until Ctrl-C, at most a day.",
)
@click.option(
    "--idle",
    type=click.FloatRange(min=0, min_open=True),
    default=1800.0,
    show_default=True,
    metavar="S",
    help="Stop when nobody has used it for S seconds.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    metavar="FOLDER",
    help="Keep the application's data there; by default it is gone in the end.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=None, help="Any free one by default."
)
@click.option("--open", "opens", is_flag=True, help="Open it in this user's browser.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for programs.")
@click.pass_context
def command(  # noqa: PLR0913 - its options
    ctx: click.Context,
    *,
    what: str,
    seconds: float | None,
    idle: float,
    data: Path | None,
    port: int | None,
    opens: bool,
    as_json: bool,
) -> None:
    """Start an application in the sandbox as it is delivered, for this user's browser.

    It is reached at a name that nobody else knows, on this machine alone, and what it says is
    printed until it is stopped with Ctrl-C. Ends with 0 when it was stopped, 1 when it does not
    start or ends by itself, 5 where this machine cannot start it.
    """
    wanted = Wanted(seconds, idle, data, port or 0, opens, as_json)
    with folder_of(what) as folder:
        ctx.exit(asyncio.run(_shown(folder, wanted)))


@contextmanager
def folder_of(what: str) -> Iterator[Path]:
    """The project that is meant: a folder, an archive, or a run whose capsule is fetched."""
    from quantumlayer.qlayer.checking.errors import Refused  # noqa: PLC0415 - loaded where needed
    from quantumlayer.qlayer.checking.material import opened  # noqa: PLC0415 - as above

    with ExitStack() as stack:
        path = Path(what)
        if not path.exists():
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ql-preview-")))
            path = _capsule_of(what, scratch)
        try:
            material = stack.enter_context(opened(path))
        except Refused as error:
            raise Unusable(f"{what}: {error}") from error
        yield material.root


def _capsule_of(run: str, folder: Path) -> Path:
    from quantumlayer.cli.client.api import Api  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.cli.client.generation import deliver  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.reach import reach  # noqa: PLC0415 - as above
    from quantumlayer.cli.client.runs import find_run_id  # noqa: PLC0415 - as above

    with Api(reach()) as api:
        delivery = deliver(api, find_run_id(api, run), folder)
    if delivery.path is None or delivery.checked is None:
        raise click.ClickException(f"the run has no capsule: it is {delivery.outcome.verdict}")
    if not delivery.checked.ok:
        raise click.ClickException(f"the run's capsule: {delivery.checked.summary}")
    return delivery.path


async def _shown(folder: Path, wanted: Wanted) -> int:
    """Show it until it is stopped, or ends; the status of the command. Raises Unusable."""
    from quantumlayer.qtest.delivered import BeyondLimits, BuildBroken  # noqa: PLC0415 - slow to load
    from quantumlayer.qtest.errors import QtestError  # noqa: PLC0415 - as above
    from quantumlayer.qtest.preview import CannotPreview  # noqa: PLC0415 - as above

    say = _teller(as_json=wanted.as_json)
    showing = asyncio.ensure_future(_until_ended(folder, wanted, say))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, showing.cancel)
    try:
        return await showing
    except asyncio.CancelledError:
        say("stopped", "stopped; nothing is left running")
        return 0
    except BuildBroken as error:
        raise Unusable(f"it cannot be built: {error}\n{error.output}".rstrip()) from error
    except CannotPreview as error:
        raise Unusable(f"it cannot be shown: {error}\n{error.log}".rstrip()) from error
    except BeyondLimits as error:
        raise Unusable(str(error)) from error
    except QtestError as error:
        raise PlatformError(f"this machine cannot show it: {error}") from error


async def _until_ended(folder: Path, wanted: Wanted, say: Say) -> int:
    from quantumlayer.core.caches import cache_folder  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.manifests import Malformed, NotUnderstood  # noqa: PLC0415 - as above
    from quantumlayer.qlayer.deliveries import NoDockerfile  # noqa: PLC0415 - as above
    from quantumlayer.qlayer.previews import previewable  # noqa: PLC0415 - as above
    from quantumlayer.qtest.preview import Bounds, DataRefused, previewed  # noqa: PLC0415 - as above

    bounds = Bounds(idle_seconds=wanted.idle)
    if wanted.seconds is not None:
        bounds = bounds.model_copy(update={"seconds": wanted.seconds})
    say("building", "building it as it is delivered")
    try:
        delivery, starter = await previewable(folder, cache_folder())
        async with previewed(
            delivery, starter, bounds=bounds, data=wanted.data, port=wanted.port
        ) as preview:
            return await _followed(preview, wanted, say)
    except (NoDockerfile, Malformed, NotUnderstood, DataRefused) as error:
        raise Unusable(str(error)) from error
    except OSError as error:
        raise PlatformError(error.strerror or str(error)) from error


async def _followed(preview: Preview, wanted: Wanted, say: Say) -> int:
    """Tell where it is and what it says, until it ends; the status of the command."""
    for note in preview.notes:
        say("note", note)
    say("ready", preview.url)
    if wanted.opens:
        click.launch(preview.url)
    ending = asyncio.ensure_future(preview.ended())
    heard = 0
    try:
        while not ending.done():
            heard = await _listened(preview, heard, say)
            await asyncio.wait({ending}, timeout=_LOG_SECONDS)
        end = await ending
        await _listened(preview, heard, say)
    finally:
        ending.cancel()
    say("ended", end.reason)
    return EXIT_ENDED if end.by_itself else 0


async def _listened(preview: Preview, heard: int, say: Say) -> int:
    """Print what the application has said since; how many bytes are known now."""
    known, text = await preview.said(heard)
    for line in text.splitlines():
        say("log", line)
    return known


def _teller(*, as_json: bool) -> Say:
    """How things are told: lines of the application on stdout, ours on stderr; or all as JSON."""

    def as_object(kind: str, text: str) -> None:
        click.echo(json.dumps({"type": kind, "text": text}, ensure_ascii=False))

    def as_line(kind: str, text: str) -> None:
        if kind == "log":
            click.echo(text)
        elif kind == "ready":
            click.echo(
                f"preview: {text} (for this machine's browser alone; Ctrl-C stops it)", err=True
            )
        else:
            click.echo(f"preview: {text}", err=True)

    return as_object if as_json else as_line
