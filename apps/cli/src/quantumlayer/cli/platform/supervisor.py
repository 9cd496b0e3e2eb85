"""The small process that stays: starts the parts in order, keeps them, stops them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
import signal
from collections.abc import Iterator, Sequence

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.keeper import Keeper
from quantumlayer.cli.platform.parts import LatePart, Part, Step
from quantumlayer.cli.platform.ports import PortBook
from quantumlayer.cli.platform.processes import ProcessId, identify, is_alive, stop_tree
from quantumlayer.cli.platform.state import (
    PartRecord,
    PlatformPhase,
    PlatformRecord,
    is_well,
    read_record,
    write_record,
)

LOG_LIMIT_BYTES = 20_000_000
_HOUSEKEEPING_SECONDS = 0.5
# Between two starts of a part that nobody waits for: what is wrong may be mended meanwhile.
LATE_PAUSE_SECONDS = 10.0

log = logging.getLogger("supervisor")


@contextlib.contextmanager
def held_lock(home: Home) -> Iterator[None]:
    """Be the only supervisor of this home; the kernel lets go of the lock when we die.

    Raises `PlatformError` when there is one already.
    """
    with home.supervisor_lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PlatformError(f"{home.root} has a supervisor already") from None
        yield


class Supervisor:
    """One home's parts and steps, from start to stop."""

    def __init__(
        self,
        home: Home,
        ports: PortBook,
        parts: Sequence[Part],
        steps: Sequence[Step] = (),
        *,
        settings: str | None = None,
        code: str | None = None,
        companion: ProcessId | None = None,
    ) -> None:
        """`settings` and `code` are noted down; the platform stops when `companion` ends."""
        self._home = home
        self._steps = steps
        self._companion = companion
        self._stopping = asyncio.Event()
        earlier = {part.name: part for part in read_record(home).parts}
        self._keepers = [
            Keeper(part, home, ports, self._publish, self._tell, earlier.get(part.name))
            for part in parts
        ]
        known = {part.name for part in parts}
        # No longer in the set, but perhaps still alive.
        self._strays = [part for name, part in earlier.items() if name not in known]
        self._ready = {name: asyncio.Event() for name in (*known, *(step.name for step in steps))}
        self._record = PlatformRecord(
            supervisor=identify(os.getpid()),
            state="starting",
            settings=settings,
            code=code,
            parts=tuple(keeper.record for keeper in self._keepers),
        )

    async def run(self) -> bool:
        """Start everything, keep it until told to stop, stop it; whether the start succeeded."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        for stray in self._strays:
            if stray.process is not None:
                await asyncio.to_thread(
                    stop_tree, stray.process, stop_signal=stray.stop_signal, grace=10.0
                )
        write_record(self._home, self._record)
        housekeeping = asyncio.create_task(self._keep_house())
        error = await self._until_stopping()
        housekeeping.cancel()
        await self._stop_all()
        self._note(supervisor=None, state="stopped", error=error)
        return error is None

    async def _until_stopping(self) -> str | None:
        work = asyncio.create_task(self._start_and_keep())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([work, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            return None
        except ExceptionGroup as group:
            known = group.subgroup((PlatformError, OSError))
            if known is not None:
                return str(_first(known))
            log.exception("the supervisor has a defect")
            return f"internal error; see {self._home.log('supervisor')}"
        return None

    async def _start_and_keep(self) -> None:
        async with asyncio.TaskGroup() as keeping:
            async with asyncio.TaskGroup() as starting:
                for keeper in self._keepers:
                    if not isinstance(keeper.part, LatePart):
                        starting.create_task(self._start(keeper, keeping))
                for step in self._steps:
                    starting.create_task(self._run_step(step))
            late = [(one, one.part) for one in self._keepers if isinstance(one.part, LatePart)]
            # Before "running", so that whoever sees the platform up also reads what is to come.
            for keeper, part in late:
                if part.late_seconds:
                    keeper.waits(f"starts {part.late_seconds:.0f} s after the others")
            self._note(state="running")
            log.info("every part is ready")
            for keeper, part in late:
                keeping.create_task(self._start_late(keeper, part.late_seconds))

    async def _start_late(self, keeper: Keeper, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while True:
            try:
                await keeper.start()
            except (PlatformError, OSError) as error:
                log.error("%s", error)  # noqa: TRY400 - as in the daemon: a message for people
                await asyncio.sleep(LATE_PAUSE_SECONDS)
            else:
                break
        await keeper.keep()

    async def _start(self, keeper: Keeper, keeping: asyncio.TaskGroup) -> None:
        await self._wait_for(keeper.part.needs)
        await keeper.start()
        self._ready[keeper.part.name].set()
        # From now on, and not when all are there: the others may need it to come up.
        keeping.create_task(keeper.keep())

    async def _run_step(self, step: Step) -> None:
        await self._wait_for(step.needs)
        await step.run()
        log.info("%s: done", step.name)
        self._note(steps_done=(*self._record.steps_done, step.name))
        self._ready[step.name].set()

    async def _wait_for(self, needs: Sequence[str]) -> None:
        for need in needs:
            await self._ready[need].wait()

    async def _stop_all(self) -> None:
        """In reverse: a part stops when nothing that still runs needs it."""
        log.info("stopping")
        # Whoever asks in the meantime must not take this for a platform in use.
        self._note(state="stopping")
        remaining = list(self._keepers)
        needed_by_steps = {step.name: step.needs for step in self._steps}
        while remaining:
            needed = {name for keeper in remaining for name in keeper.part.needs}
            while more := {n for s in needed for n in needed_by_steps.get(s, ())} - needed:
                needed |= more
            layer = [keeper for keeper in remaining if keeper.part.name not in needed]
            await asyncio.gather(*(keeper.stop() for keeper in layer))
            remaining = [keeper for keeper in remaining if keeper not in layer]

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)
            if self._companion is not None and not is_alive(self._companion):
                log.info("the process we were started for has ended")
                self._stopping.set()
            with contextlib.suppress(OSError):
                self._cut_logs()

    def _cut_logs(self) -> None:
        for path in self._home.logs.glob("*.log"):
            if path.stat().st_size > LOG_LIMIT_BYTES:
                # The part goes on appending to the same open file.
                shutil.copyfile(path, path.with_suffix(".log.1"))
                os.truncate(path, 0)

    def _publish(self, changed: PartRecord) -> bool:
        parts = tuple(changed if part.name == changed.name else part for part in self._record.parts)
        state = self._record.state
        if state in {"running", "degraded"}:
            well = all(map(is_well, parts))
            state = "running" if well else "degraded"
        return self._note(parts=parts, state=state)

    def _tell(self, message: str) -> None:
        log.warning("%s", message)
        self._note(notes=(*self._record.notes, message))

    def _note(
        self,
        **changes: PlatformPhase | tuple[PartRecord, ...] | tuple[str, ...] | str | None,
    ) -> bool:
        """Take note of the changes; whether they could be written down."""
        self._record = self._record.model_copy(update=changes)
        try:
            write_record(self._home, self._record)
        except OSError as error:
            # A full disk is no reason to stop what runs.
            log.error("cannot write %s (%s)", self._home.state_file, error)  # noqa: TRY400 - as in the daemon: a message for people
            return False
        return True


def _first(group: ExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
