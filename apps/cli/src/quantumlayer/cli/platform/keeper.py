"""Keeps one part alive: starts it, watches it, starts it again, stops it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.child import Child
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.parts import Launch, Part, UnhealthyError
from quantumlayer.cli.platform.ports import PortBook, is_free
from quantumlayer.cli.platform.processes import ProcessId, is_alive, stop_tree
from quantumlayer.cli.platform.state import PartRecord

START_ATTEMPTS = 3
START_SECONDS = 90.0
CHECK_SECONDS = 3.0
CHECK_TIMEOUT_SECONDS = 5.0
# This many failed checks in a row, and a process that still runs counts as hung.
FAILURES_TO_RESTART = 4
LONGEST_BACKOFF_SECONDS = 30.0
# A part that served this long has earned a quick restart.
STEADY_SECONDS = 60.0

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
        self.part = part
        self.record = PartRecord(name=part.name)
        if earlier is not None and earlier.process is not None:
            # That process is ours to adopt or to stop; until then nothing is known of it.
            unknown = {"state": "starting", "ready_seconds": None, "detail": None}
            self.record = earlier.model_copy(update=unknown)
        self._home = home
        self._ports = ports
        self._publish = publish
        self._tell = tell
        self._child: Child | None = None

    async def start(self) -> None:
        """Bring the part to where it serves.

        Raises `PlatformError` when it does not come up.
        """
        began = time.monotonic()
        self._change(state="starting", detail=None)
        if not await self._adopt():
            await self._start_fresh()
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
                version = await self._checked()
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
        problem: str | None = None
        for attempt in range(1, START_ATTEMPTS + 1):
            await self.part.prepare()
            self._claim_ports()
            problem = await self._launch_until_healthy()
            if problem is None:
                return
            log.warning("%s, attempt %d: %s", self.part.name, attempt, problem)
        self._change(state="failed", detail=problem)
        raise PlatformError(f"{self.part.name} does not start: {problem}")

    def _claim_ports(self) -> None:
        for name in self.part.port_names:
            claim = self._ports.claim(name)
            if claim.moved_from is not None:
                self._tell(
                    f"port {claim.moved_from} of {name} is taken by another program;"
                    f" {name} moves to {claim.port}"
                )

    async def _launch_until_healthy(self) -> str | None:
        """Start the process and wait until it serves; what went wrong, or None."""
        launch = self.part.launch()
        if launch is None:
            try:
                self._serves(await self._checked())
            except UnhealthyError as error:
                return str(error)
            return None
        try:
            self._child = await self._spawn(launch)
        except OSError as error:
            return f"cannot run {launch.argv[0]} ({error.strerror or error})"
        problem = await self._until_healthy(self._child)
        if problem is not None:
            await self._stop_process()
        return problem

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

    async def _until_healthy(self, child: Child) -> str | None:
        ended = asyncio.ensure_future(child.wait())
        deadline = time.monotonic() + START_SECONDS
        pause, problem = 0.02, "it does not answer"
        try:
            while time.monotonic() < deadline:
                try:
                    self._serves(await self._checked())
                except UnhealthyError as error:
                    problem = str(error)
                else:
                    return None
                await asyncio.wait([ended], timeout=pause)
                if ended.done():
                    return f"{ended.result()}{self._last_words()}"
                pause = min(pause * 1.3, 0.25)
        finally:
            ended.cancel()
        return f"not healthy after {START_SECONDS:.0f} s: {problem}{self._last_words()}"

    async def keep(self) -> None:
        """Watch the part for ever, and start it again whenever it ends or hangs."""
        failures = 0
        while True:
            served_since = time.monotonic()
            reason = await self._until_trouble()
            if self._child is None:
                continue
            if time.monotonic() - served_since > STEADY_SECONDS:
                failures = 0
            await self._restart(reason, failures)
            failures += 1

    async def _until_trouble(self) -> str:
        ended = asyncio.ensure_future(self._child.wait()) if self._child else None
        failed = 0
        try:
            while True:
                if ended is None:
                    await asyncio.sleep(CHECK_SECONDS)
                else:
                    await asyncio.wait([ended], timeout=CHECK_SECONDS)
                    if ended.done():
                        return ended.result()
                try:
                    self._serves(await self._checked())
                    failed = 0
                except UnhealthyError as error:
                    failed += 1
                    log.warning("%s: %s", self.part.name, error)
                    self._change(state="failed", detail=str(error))
                    if failed >= FAILURES_TO_RESTART:
                        return f"no answer to {failed} checks"
        finally:
            if ended is not None:
                ended.cancel()

    async def _restart(self, reason: str, failures: int) -> None:
        """Start the part again where it was, with longer and longer pauses until it serves."""
        log.error("%s: %s; restarting it", self.part.name, reason)
        restarts = self.record.restarts + 1
        self._change(state="restarting", restarts=restarts, last_exit=reason, detail=reason)
        while True:
            await self._stop_process()
            if failures:
                await asyncio.sleep(min(0.5 * 2**failures, LONGEST_BACKOFF_SECONDS))
            failures += 1
            problem = await self._start_again()
            if problem is None:
                log.info("%s serves again", self.part.name)
                return
            log.error("%s: %s", self.part.name, problem)
            self._change(state="restarting", detail=problem)

    async def _start_again(self) -> str | None:
        try:
            await self.part.prepare()
            # Those who depend on the part know its port by now, so it must be the same one.
            for name in self.part.port_names:
                if not is_free(self._ports[name]):
                    return f"its port {self._ports[name]} is taken by another program; free it"
            return await self._launch_until_healthy()
        except (PlatformError, OSError) as error:
            # A full disk, say: it may be cleared while we wait.
            return str(error)

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

    async def _checked(self) -> str:
        try:
            return await asyncio.wait_for(self.part.check(), CHECK_TIMEOUT_SECONDS)
        except TimeoutError:
            raise UnhealthyError(f"no answer within {CHECK_TIMEOUT_SECONDS:.0f} s") from None

    def _serves(self, version: str) -> None:
        changes = {"state": "running", "version": version, "url": self.part.url(), "detail": None}
        if any(getattr(self.record, name) != value for name, value in changes.items()):
            self._change(**changes)

    def _change(self, **changes: object) -> bool:
        self.record = self.record.model_copy(update=changes)
        return self._publish(self.record)

    def _last_words(self) -> str:
        path = self._home.log(self.part.name)
        try:
            with path.open(encoding="utf-8", errors="replace") as stream:
                lines = [line.strip() for line in deque(stream, 20) if line.strip()]
        except OSError:
            lines = []
        return f": {lines[-1][:300]} (all of it in {path})" if lines else f" (see {path})"
