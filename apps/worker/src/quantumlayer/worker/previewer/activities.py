"""What the previewer does to the outside world: it holds one preview until its end."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from temporalio import activity

from quantumlayer.core.database import Database, is_database_away
from quantumlayer.core.objects import ObjectMissing, ObjectStore
from quantumlayer.core.previews import IDLE_SECONDS, LONGEST_SECONDS, PreviewRequest, PreviewState
from quantumlayer.core.previews.contract import LOG_BYTES
from quantumlayer.core.previews.records import STOPPED, PreviewRecord
from quantumlayer.core.runs.queries import capsules_of
from quantumlayer.manifests import Malformed, NotUnderstood
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.material import opened
from quantumlayer.qlayer.deliveries import NoDockerfile
from quantumlayer.qlayer.previews import previewable
from quantumlayer.qtest.delivered import BuildBroken
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.preview import Bounds, CannotPreview, Preview, previewed
from quantumlayer.worker.errors import step

FULL = "This machine shows as many previews as it may; stop one of them first."
NONE_HERE = "This deployment shows no previews: no browser reaches the loopback of its workers."
SHUT_DOWN = "The platform was stopped."
NO_CAPSULE = "The run has no capsule, so there is nothing to show."
_LOOK_SECONDS = 1.0
_REASONS = (QtestError, Refused, NoDockerfile, Malformed, NotUnderstood, ObjectMissing)


@dataclass
class Showing:
    """A preview on its way; `preview` once it is reached.

    `said` is what its log ends with, after the first `heard` bytes of it.
    """

    preview: Preview | None = None
    said: str = ""
    heard: int = 0

    async def listen(self) -> str | None:
        """The end of what the application has said; None where that is nothing new."""
        more = ""
        if self.preview is not None:
            with suppress(QtestError):
                self.heard, more = await self.preview.said(self.heard)
        self.said = (self.said + more)[-LOG_BYTES:]
        return self.said if more else None


class PreviewerActivities:
    """The previewer's effects."""

    def __init__(self, database: Database, objects: ObjectStore, cache: Path, most: int) -> None:
        """At most `most` at once; `cache` is the folder of environments and layers of images."""
        self._most = most
        self._database = database
        self._objects = objects
        self._cache = cache
        self._held = 0

    @activity.defn
    async def show_preview(self, request: PreviewRequest) -> None:
        """Builds, starts and holds a preview until it ends, is stopped, or this worker is."""
        record = PreviewRecord(self._database, request.organisation_id, request.preview_id)
        async with step():
            if self._held >= self._most:
                await record.end(PreviewState.FAILED, FULL if self._most else NONE_HERE)
                return
            self._held += 1
            try:
                await self._hold(request, record)
            finally:
                self._held -= 1

    async def _hold(self, request: PreviewRequest, record: PreviewRecord) -> None:
        """Renew its row as long as it is wanted and lives; nothing is left of it afterwards."""
        if not await record.renew():
            return
        showing = Showing()
        shown = asyncio.create_task(self._shown(request, record, showing))
        try:
            while not shown.done():
                await asyncio.wait({shown}, timeout=_LOOK_SECONDS)
                if activity.is_worker_shutdown():
                    await record.end(PreviewState.ENDED, SHUT_DOWN)
                    break
                if not shown.done() and not await _still_wanted(record, await showing.listen()):
                    break
        finally:
            await _closed(shown)
            await _settled(record, shown)

    async def _shown(
        self, request: PreviewRequest, record: PreviewRecord, showing: Showing
    ) -> None:
        """Show it until it ends by itself or by its bounds, and write down why."""
        bounds = Bounds(seconds=LONGEST_SECONDS, idle_seconds=IDLE_SECONDS)
        try:
            async with self._project(request) as folder:
                delivery, starter = await previewable(folder, self._cache)
                async with previewed(
                    delivery,
                    starter,
                    bounds=bounds,
                    framed_by=request.framed_by,
                    withheld=request.withheld,
                ) as preview:
                    showing.preview = preview
                    await record.ready(preview.url, bounds.seconds)
                    end = await preview.ended()
                    await showing.listen()
            await record.end(PreviewState.ENDED, end.reason, showing.said)
        except _REASONS as error:
            await record.end(PreviewState.FAILED, *_told(error))

    @asynccontextmanager
    async def _project(self, request: PreviewRequest) -> AsyncIterator[Path]:
        """The project in the run's capsule. Raises CannotPreview, Refused and ObjectMissing."""
        async with self._database.tenant(request.organisation_id) as session:
            found = await capsules_of(session, request.organisation_id, [request.run_id])
        capsule = found.get(request.run_id)
        if capsule is None:
            raise CannotPreview(NO_CAPSULE)
        content = await self._objects.get(capsule.sha256)
        with tempfile.TemporaryDirectory(prefix="quantumlayer-") as name:
            archive = Path(name) / "capsule.zip"
            await asyncio.to_thread(archive.write_bytes, content)
            with opened(archive) as material:
                yield material.root


async def _closed(shown: asyncio.Task[None]) -> None:
    """End it, and wait until nothing is left of it, also where nobody wants to wait for that."""
    shown.cancel()
    while not shown.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({shown})


async def _settled(record: PreviewRecord, shown: asyncio.Task[None]) -> None:
    """Write down an end that nobody has written yet. Raises what nobody has foreseen."""
    if shown.cancelled():
        await record.end(PreviewState.ENDED, STOPPED)
    elif (error := shown.exception()) is not None:
        await record.end(PreviewState.FAILED, f"It could not be shown: {error}")
        raise error


async def _still_wanted(record: PreviewRecord, log: str | None) -> bool:
    """Whether nobody has stopped it; an outage of the database stops nothing."""
    try:
        return await record.renew(log)
    except Exception as error:
        if not is_database_away(error):
            raise
        return True


def _told(error: Exception) -> tuple[str, str]:
    """Why something cannot be shown, and what was said until then."""
    if isinstance(error, BuildBroken):
        return f"It cannot be built: {error}", error.output
    if isinstance(error, CannotPreview):
        return str(error), error.log
    return str(error), ""
