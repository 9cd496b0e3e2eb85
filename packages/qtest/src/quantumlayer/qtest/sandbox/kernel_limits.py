"""The limits that the kernel itself keeps, as options of `prlimit`."""

import functools
import os

from quantumlayer.qtest.model import Limits


def rlimits(limits: Limits) -> list[str]:
    """Options of prlimit. Private memory is limited rather than address space: Node reserves
    tens of gigabytes of the latter without ever touching them."""
    return [
        f"--data={limits.memory_bytes}",
        f"--cpu={limits.cpu_seconds}:{limits.cpu_seconds + 1}",
        *([f"--nproc={limits.processes}"] if counts_by_namespace() else []),
        f"--nofile={limits.open_files}",
        f"--fsize={limits.file_size_bytes}",
        # Not 0: that would still start the program that the host has for crashes, if it has one.
        "--core=1",
        "--memlock=0",
        "--msgqueue=0",
    ]


@functools.cache
def counts_by_namespace() -> bool:
    """Since 5.14 the kernel counts a user's processes for each user namespace apart; before, the
    limit would count what the same user runs outside, and the watchdog has to do alone."""
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)) or 0)) >= (5, 14)
