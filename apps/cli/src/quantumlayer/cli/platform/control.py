"""Starting and stopping the platform from outside: what the commands and the tests call."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.processes import ProcessId, identify, is_alive, stop_tree
from quantumlayer.cli.platform.state import (
    PlatformPhase,
    PlatformRecord,
    observe,
    read_record,
    write_record,
)

NEEDED_BYTES = 500_000_000
START_SECONDS = 180.0
STOP_SECONDS = 60.0
_POLL_SECONDS = 0.03


def start(
    home: Home,
    *,
    environment: Mapping[str, str] | None = None,
    parts: Sequence[str] | None = None,
    companion: int | None = None,
    watch: Callable[[PlatformRecord], None] = lambda _record: None,
    whole: bool = True,
    late_seconds: float = 0.0,
) -> PlatformRecord:
    """Bring the platform up and return when every part is healthy; at once when it is.

    Unless it must be `whole`, a platform that was up before and is bringing a part back will do.
    Parts that nobody waits for start `late_seconds` after the others.
    `watch` sees each state on the way; the platform ends by itself with the process `companion`.
    Raises `PlatformError` when a part does not come up; nothing is left running then.
    """
    home.create()
    _require_space(home)
    enough: tuple[PlatformPhase, ...] = ("running",) if whole else ("running", "degraded")
    with _start_lock(home):
        found = observe(home).supervisor
        record = _until_up(home, found, watch, enough) if found else None
        if record is None:
            # The last error is history now.
            record = observe(home)
            write_record(home, record.model_copy(update={"error": None, "notes": ()}))
            spawned = _spawn(
                home, {**os.environ, **(environment or {})}, parts, companion, late_seconds
            )
            record = _until_up(home, spawned, watch, enough)
    if record is None:
        reason = observe(home).error or f"the supervisor ended; see {home.log('supervisor')}"
        raise PlatformError(reason)
    return record


def stop(home: Home, watch: Callable[[PlatformRecord], None] = lambda _record: None) -> bool:
    """Stop every part, also those whose supervisor is gone; whether anything ran."""
    record = _settled(home)
    ran = record.supervisor is not None or any(part.process for part in record.parts)
    if record.supervisor is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(record.supervisor.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while is_alive(record.supervisor) and time.monotonic() < deadline:
            watch(observe(home))
            time.sleep(_POLL_SECONDS)
        stop_tree(record.supervisor, stop_signal=signal.SIGKILL, grace=5.0)
    _stop_orphans(home)
    return ran


def _settled(home: Home) -> PlatformRecord:
    """What is true once a start that has just begun, if any, has come to its supervisor."""
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        record = observe(home)
        if record.supervisor is not None or not home.start_lock.exists():
            return record
        with home.start_lock.open("a") as stream, contextlib.suppress(BlockingIOError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return observe(home)
        time.sleep(_POLL_SECONDS)
    raise PlatformError(f"another start of {home.root} does not come to an end; try again")


def _stop_orphans(home: Home) -> None:
    record = read_record(home)
    for part in reversed(record.parts):
        if part.process is not None:
            stop_tree(part.process, stop_signal=part.stop_signal, grace=20.0)
    if record.parts and record.state != "stopped":
        parts = tuple(
            part.model_copy(update={"process": None, "state": "stopped", "detail": None})
            for part in record.parts
        )
        stopped = {"parts": parts, "state": "stopped", "supervisor": None}
        write_record(home, record.model_copy(update=stopped))


def _spawn(
    home: Home,
    environment: dict[str, str],
    parts: Sequence[str] | None,
    companion: int | None,
    late_seconds: float,
) -> ProcessId | None:
    arguments = [sys.executable, "-m", "quantumlayer.cli.platform.daemon"]
    if parts is not None:
        arguments += ["--parts", ",".join(parts)]
    if companion is not None:
        arguments += ["--companion", str(companion)]
    if late_seconds:
        arguments += ["--late-seconds", str(late_seconds)]
    with home.log("supervisor").open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - a program of ours
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**environment, "QL_HOME": str(home.root)},
            start_new_session=True,
        )
    identity = identify(process.pid)
    # It outlives us on purpose; Popen would warn that nobody waited for it.
    process.returncode = 0
    return identity


def _until_up(
    home: Home,
    supervisor: ProcessId | None,
    watch: Callable[[PlatformRecord], None],
    enough: Collection[PlatformPhase],
) -> PlatformRecord | None:
    """The record of a platform in such a state; None when the supervisor has ended before."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        record = observe(home)
        watch(record)
        if record.supervisor is not None and record.state in enough:
            return record
        if record.supervisor is None and not (supervisor and is_alive(supervisor)):
            return None
        time.sleep(_POLL_SECONDS)
    unwell = [f"{p.name} ({p.detail or p.state})" for p in record.parts if p.state != "running"]
    raise PlatformError(f"not healthy after {START_SECONDS:.0f} s: {', '.join(unwell)}")


def _require_space(home: Home) -> None:
    free = shutil.disk_usage(home.root).free
    if free < NEEDED_BYTES:
        raise PlatformError(
            f"only {free // 1_000_000} MB free where {home.root} is, {NEEDED_BYTES // 1_000_000}"
            " MB are needed; make room or set QL_HOME to a folder elsewhere"
        )


@contextlib.contextmanager
def _start_lock(home: Home) -> Iterator[None]:
    """One start at a time; whoever comes second finds the platform running."""
    with home.start_lock.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
