"""Processes by identity: an id and a start time, so that a recycled id is never taken for ours."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

# Linux counts starts in ticks since boot, which no change of the clock can move.
_PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessId:
    """One process in the life of this machine: `started` is unique to it among equal ids."""

    pid: int
    started: str


@cache
def _boot() -> str:
    with contextlib.suppress(OSError):
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return ""


def identify(pid: int) -> ProcessId | None:
    """The identity of the live process `pid`; None when there is none or it has ended."""
    if _PROC.is_dir():
        try:
            stat = (_PROC / str(pid) / "stat").read_text()
        except OSError:
            return None
        # Field 2 is the name in brackets and may hold spaces; state is 3, start time is 22.
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else ProcessId(pid, f"{_boot()}:{fields[19]}")
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return ProcessId(pid, repr(process.create_time()))
    except psutil.Error:
        return None


def is_alive(process: ProcessId) -> bool:
    """Whether this very process still runs."""
    return identify(process.pid) == process


def session_members(leader: int) -> list[ProcessId]:
    """The live processes of the session that `leader` began, the leader itself left out.

    The kernel keeps a session's id from being reused while it has members, so the answer holds
    after the leader's death as well.
    """
    members = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            if pid != leader and os.getsid(pid) == leader and (found := identify(pid)):
                members.append(found)
    return members


def send(process: ProcessId, number: int) -> None:
    """Signal the process if it is still the same one."""
    if is_alive(process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def stop_all(processes: Iterable[ProcessId], *, stop_signal: int, grace: float) -> None:
    """Ask the processes to end, wait `grace` seconds for all, then kill those that remain."""
    remaining = [process for process in processes if is_alive(process)]
    for process in remaining:
        send(process, stop_signal)
    remaining = _wait(remaining, grace)
    for process in remaining:
        send(process, signal.SIGKILL)
    _wait(remaining, 5.0)


def _wait(processes: list[ProcessId], seconds: float) -> list[ProcessId]:
    deadline = time.monotonic() + seconds
    remaining = [process for process in processes if is_alive(process)]
    while remaining and time.monotonic() < deadline:
        time.sleep(0.02)
        remaining = [process for process in remaining if is_alive(process)]
    return remaining


def stop_tree(process: ProcessId, *, stop_signal: int, grace: float) -> None:
    """Stop a session's leader, then whatever it left behind in its session."""
    members = session_members(process.pid) if is_alive(process) else []
    stop_all([process], stop_signal=stop_signal, grace=grace)
    left = {*members, *session_members(process.pid)}
    stop_all(left, stop_signal=signal.SIGTERM, grace=2.0)
