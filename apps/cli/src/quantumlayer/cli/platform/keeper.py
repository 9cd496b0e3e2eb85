"""Keeps one part alive: starts it, watches it, starts it again, stops it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.child import Child
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.parts import LatePart, Launch, Part, UnhealthyError, WaitingError
from quantumlayer.cli.platform.ports import PortBook, is_free
from quantumlayer.cli.platform.processes import ProcessId, is_alive, stop_tree
from quantumlayer.cli.platform.readiness import checked, until_serving
from quantumlayer.cli.platform.restarts import Pace, Trouble
from quantumlayer.cli.platform.state import PartRecord

START_ATTEMPTS = 3
CHECK_SECONDS = 3.0
# This many failed checks in a row, and a process that still runs counts as hung.
FAILURES_TO_RESTART = 4
# A part that only waits for others is left alone for this long: they may need all of it.
WAITING_SECONDS = 120.0

log = logging.getLogger("supervisor")


class Keeper:
    """The life of one part.

    `publish` is told of every change and answers whether it is written down, `tell` is told what
    people should know, and `earlier` is what a former supervisor left behind.
    """

    def __init__(
        self,
        part: Part,
        home: Home,
        ports: PortBook,
        publish: Callable[[PartRecord], bool],
        tell: Callable[[str], None],
        earlier: PartRecord | None = None,
    ) -> None:
        late = isinstance(part, LatePart)
        self.part = part
        self.record = PartRecord(name=part.name, late=late)
        if earlier is not None and earlier.process is not None:
            # That process is ours to adopt or to stop; until then nothing is known of it.
            unknown = {"state": "starting", "ready_seconds": None, "detail": None, "late": late}
            self.record = earlier.model_copy(update=unknown)
        self._home = home
        self._ports = ports
        self._publish = publish
        self._tell = tell
        self._child: Child | None = None
        self._pace = Pace()

    async def start(self) -> None:
        """Bring the part to where it serves.

        Raises `PlatformError` when it does not come up.
        """
        began = time.monotonic()
        self._change(state="starting", detail=None)
        try:
            if not await self._adopt():
                await self._start_fresh()
        except (PlatformError, OSError) as error:
            self._change(state="failed", detail=str(error))
            raise
        self._change(ready_seconds=round(time.monotonic() - began, 3))
        log.info("%s is ready in %.2f s", self.part.name, time.monotonic() - began)

    async def _adopt(self) -> bool:
        process = self.record.process
        if process is None or not is_alive(process):
            return False
        try:
            launch = self.part.launch()
        except (KeyError, PlatformError):
            launch = None
        if launch is not None and launch.fingerprint == self.record.fingerprint:
            try:
                version = await checked(self.part)
            except UnhealthyError:
                pass
            else:
                self._child = Child.adopt(process, launch)
                self._serves(version)
                log.info("%s (process %d) is adopted", self.part.name, process.pid)
                return True
        log.info("%s (process %d) is left over; stopping it", self.part.name, process.pid)
        await self._stop_process()
        return False

    async def _start_fresh(self) -> None:
        trouble: Trouble | None = None
        for attempt in range(1, START_ATTEMPTS + 1):
            await self.part.prepare()
            self._claim_ports()
            trouble = await self._launch_until_healthy()
            if trouble is None:
                return
            log.warning("%s, attempt %d: %s", self.part.name, attempt, trouble.said)
        said = trouble.said if trouble else "it was never tried"
        raise PlatformError(f"{self.part.name} does not start: {said}")

    def _claim_ports(self) -> None:
        for name in self.part.port_names:
            claim = self._ports.claim(name)
            if claim.moved_from is not None:
                self._tell(
                    f"port {claim.moved_from} of {name} is taken by another program;"
                    f" {name} moves to {claim.port}"
                )

    async def _launch_until_healthy(self) -> Trouble | None:
        """Start the process and wait until it serves; what went wrong, or None."""
        launch = self.part.launch()
        if launch is None:
            try:
                self._serves(await checked(self.part))
            except UnhealthyError as error:
                return Trouble(str(error))
            return None
        try:
            self._child = await self._spawn(launch)
        except OSError as error:
            return Trouble(f"cannot run {launch.argv[0]} ({error.strerror or error})")
        log_file = self._home.log(self.part.name)
        answer = await until_serving(self.part, self._child, log_file)
        if isinstance(answer, Trouble):
            await self._stop_process()
            return answer
        self._serves(answer)
        return None

    async def _spawn(self, launch: Launch) -> Child:
        def record(identity: ProcessId) -> None:
            written = self._change(
                process=identity,
                fingerprint=launch.fingerprint,
                stop_signal=int(launch.stop_signal),
                url=self.part.url(),
            )
            if not written:
                raise OSError(f"the state cannot be written to {self._home.root}; make room there")

        return await Child.spawn(
            launch, log=self._home.log(self.part.name), folder=self._home.root, record=record
        )

    async def keep(self) -> None:
        """Watch the part for ever, and start it again whenever it ends or hangs."""
        while True:
            served_since = time.monotonic()
            trouble = await self._until_trouble()
            if self._child is not None:
                await self._restart(trouble, time.monotonic() - served_since)

    async def _until_trouble(self) -> Trouble:
        ended = asyncio.ensure_future(self._child.wait()) if self._child else None
        failed, served_at = 0, time.monotonic()
        try:
            while True:
                if ended is None:
                    await asyncio.sleep(CHECK_SECONDS)
                else:
                    await asyncio.wait([ended], timeout=CHECK_SECONDS)
                    if ended.done():
                        return ended.result()
                try:
                    self._serves(await checked(self.part))
                    failed, served_at = 0, time.monotonic()
                except WaitingError as error:
                    failed = 0
                    self._change(state="waiting", detail=str(error))
                    if time.monotonic() - served_at > WAITING_SECONDS:
                        return Trouble(f"over {WAITING_SECONDS:.0f} s later: {error}")
                except UnhealthyError as error:
                    failed += 1
                    log.warning("%s: %s", self.part.name, error)
                    self._change(state="failed", detail=str(error))
                    if failed >= FAILURES_TO_RESTART:
                        return Trouble(f"no answer to {failed} checks")
        finally:
            if ended is not None:
                ended.cancel()

    async def _restart(self, why: Trouble, served_seconds: float) -> None:
        """Start the part again where it was, until it serves."""
        log.error("%s: %s; restarting it", self.part.name, why.said)
        restarts = self.record.restarts + 1
        self._change(state="restarting", restarts=restarts, last_exit=why.said, detail=why.said)
        began = time.monotonic()
        trouble: Trouble | None = why
        while trouble is not None:
            await self._stop_process()
            await asyncio.sleep(self._pace.pause_after(trouble, served_seconds=served_seconds))
            served_seconds, trouble = 0.0, await self._start_again()
            if trouble is not None:
                log.error("%s: %s", self.part.name, trouble.said)
                self._change(state="restarting", detail=trouble.said)
        log.info("%s serves again after %.2f s", self.part.name, time.monotonic() - began)

    async def _start_again(self) -> Trouble | None:
        try:
            await self.part.prepare()
            # Those who depend on the part know its port by now, so it must be the same one.
            for name in self.part.port_names:
                if not is_free(self._ports[name]):
                    port = self._ports[name]
                    return Trouble(f"its port {port} is taken by another program; free it")
            return await self._launch_until_healthy()
        except (PlatformError, OSError) as error:
            # A full disk, say: it may be cleared while we wait.
            return Trouble(str(error))

    def waits(self, reason: str) -> None:
        """Say why the part is not started yet."""
        self._change(detail=reason)

    async def stop(self) -> None:
        """Stop the process; an external server is left alone."""
        await self._stop_process()
        self._change(state="stopped", detail=None)
        log.info("%s is stopped", self.part.name)

    async def _stop_process(self) -> None:
        process = self.record.process
        if self._child is not None:
            await self._child.stop()
            self._child = None
        elif process is not None:
            await asyncio.to_thread(
                stop_tree, process, stop_signal=self.record.stop_signal, grace=10.0
            )
        self._change(process=None)

    def _serves(self, version: str) -> None:
        changes = {"state": "running", "version": version, "url": self.part.url(), "detail": None}
        if any(getattr(self.record, name) != value for name, value in changes.items()):
            self._change(**changes)

    def _change(self, **changes: object) -> bool:
        self.record = self.record.model_copy(update=changes)
        return self._publish(self.record)
