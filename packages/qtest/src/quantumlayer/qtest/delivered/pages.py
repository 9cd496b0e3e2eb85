"""Looking at the pages of a started application with a browser, as a person would use them.

The browser runs in a sandbox of its own, from which nothing can be reached but the application. It
is driven from inside (`payload/page_session.py`); what comes out are signed records.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.browsers import Browser, installed_browser
from quantumlayer.qtest.delivered.drafts import Known
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.front import Holds, front_of
from quantumlayer.qtest.delivered.heard import drafts_of, sent_by
from quantumlayer.qtest.delivered.model import Delivery, Finding
from quantumlayer.qtest.delivered.page_records import judged
from quantumlayer.qtest.delivered.starter import Running
from quantumlayer.qtest.delivered.wrong_routes import not_taken
from quantumlayer.qtest.environments.axe import axe_script
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import MIB, Limits, Noun
from quantumlayer.qtest.registries.door import both_ways
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE, PAYLOAD_FOLDER, signed_records
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.sandbox import (
    BubblewrapSandbox,
    Mount,
    SandboxResult,
    probe_bubblewrap,
)
from quantumlayer.qtest.sandbox.host import base_interpreter

PICTURE_BYTES = 8 * MIB
LIMITS = Limits(
    memory_bytes=2048 * MIB, cpu_seconds=600, processes=768, open_files=8192,
    disk_bytes=512 * MIB, output_bytes=MIB,
)  # fmt: skip
PORT = 8080
DOOR = PurePosixPath("/mnt/door/socket")
AXE = PurePosixPath("/opt/axe/axe.min.js")
FOLDER = "/tmp/home"  # noqa: S108 - inside the sandbox
NO_AXE = (
    "axe-core is not in the cache and cannot be had, so nobody can tell whether the pages are "
    "accessible. Run `make setup` with a network."
)
START = (
    f"import sys; sys.path.insert(0, {str(MODULES)!r}); "
    f"from {PACKAGE.replace('/', '.')} import page_session; page_session.main()"
)


class Bounds(Noun):
    """How many pages are looked at, and how long: at most `most` pages in `seconds`.

    Using the controls of one ends after `page_seconds`, loading it after `load_seconds`.
    """

    most: int = 20
    seconds: float = 300.0
    page_seconds: float = 45.0
    load_seconds: float = 20.0

    @property
    def wall_seconds(self) -> float:
        """When everything is ended, whatever it does."""
        return self.seconds + 2 * self.page_seconds + 2 * self.load_seconds + 30


async def usable(
    running: Running, delivery: Delivery, cache: Path, heard: Known, holds: Holds
) -> str | Finding:
    """What a browser finds, and in `heard` what it has written.

    `holds` says whether the image has a text. Raises NothingToAsk where there are no pages, and
    CannotTell.
    """
    front = await front_of(running, delivery, holds)
    if front.wrong:
        return front.wrong
    seen = delivery.model_copy(update={"pages": front.pages, "promised": bool(delivery.pages)})
    return await looked_at(running, seen, cache, heard=heard)


async def unserved() -> str:
    """Pages that nobody says how to reach. Raises CannotTell."""
    raise CannotTell(
        "It has pages, and nothing says at which port they are: no EXPOSE, no health check, and no "
        "port of a manifest."
    )


async def looked_at(
    running: Running,
    delivery: Delivery,
    cache: Path,
    bounds: Bounds | None = None,
    heard: Known | None = None,
) -> Finding:
    """What is wrong with the pages, with pictures of them. Raises CannotTell.

    `cache` keeps axe, which is fetched once. `heard` is told of what the pages write and read.
    """
    bounds = bounds or Bounds()
    browser = await asyncio.to_thread(installed_browser)
    axe = await axe_script(cache)
    if axe is None:
        raise CannotTell(NO_AXE)
    plan = {
        "axe": str(AXE), "paths": list(delivery.pages), "dark": delivery.dark,
        "promised": delivery.promised, "picture_bytes": PICTURE_BYTES, **bounds.model_dump(),
    }  # fmt: skip
    mounts = [*browser.mounts, Mount(source=axe, target=AXE)]
    result, records = await browsed(running, START, browser, plan, mounts, bounds)
    pages = records.named("page")
    finding = judged(result, records, delivery.companions)
    if not finding.reason:
        reason = await not_taken(running, sent_by(pages, "refused"))
        finding = finding.model_copy(update={"reason": reason})
    if heard is not None:
        heard.drafts += drafts_of(sent_by(pages, "writes"))
        heard.reads += sent_by(pages, "reads")
        heard.shown += sent_by(pages, "shown")
    return finding


async def browsed(
    running: Running,
    start: str,
    browser: Browser,
    plan: Mapping[str, object],
    mounts: Sequence[Mount],
    bounds: Bounds,
) -> tuple[SandboxResult, Records]:
    """What a program of ours says that drives a browser on the application. Raises CannotTell."""
    with tempfile.TemporaryDirectory(prefix="ql-pages-") as folder:
        door, empty = Path(folder) / "door", Path(folder) / "empty"
        for each in (door, empty):
            each.mkdir(0o755)
        async with passage(running, door):
            own = {"program": str(browser.program), "door": str(DOOR), "port": PORT,
                   "folder": FOLDER}  # fmt: skip
            seen = [*mounts, Mount(source=door, target=DOOR.parent),
                    Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE)]  # fmt: skip
            limits = LIMITS.model_copy(update={"wall_seconds": bounds.wall_seconds})
            return await signed_records(
                await asyncio.to_thread(sandbox),
                [str(base_interpreter()), "-I", "-S", "-B", "-c", start],
                project=empty, mounts=seen, variables={}, limits=limits,
                plan=json.dumps({**plan, **own}).encode(),
            )  # fmt: skip


def sandbox() -> BubblewrapSandbox:
    """The sandbox for a browser. Raises CannotTell."""
    try:
        return probe_bubblewrap()
    except SandboxUnavailable as error:
        raise CannotTell(str(error)) from error


@asynccontextmanager
async def passage(running: Running, folder: Path) -> AsyncIterator[None]:
    """Serve a socket in a folder that leads to the application, for a user who is nobody here."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            serving.add(task)
            task.add_done_callback(serving.discard)
        with suppress(OSError, asyncio.CancelledError):
            await led(running, reader, writer)
        writer.close()

    server = await asyncio.start_unix_server(serve, folder / "socket")
    # The folder around it is closed to everybody else.
    await asyncio.to_thread((folder / "socket").chmod, 0o666)
    try:
        yield
    finally:
        server.close()
        await ended(list(serving))


async def led(running: Running, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection to the application."""
    there, to_there = await asyncio.open_unix_connection(running.socket)
    try:
        await both_ways((reader, to_there), (there, writer))
    finally:
        to_there.close()


async def ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
