"""Limits for a program that reads what strangers wrote, kept by the kernel."""

import contextlib
import resource

LARGEST_WRITTEN_FILE = 16 * 1024 * 1024


def hold(pid: int, *, memory_bytes: int, cpu_seconds: int) -> None:
    """Bound a process of ours that has just been started, and what it starts itself.

    Address space and processor time are bounded, files that it writes are small, and it leaves no
    core behind. A process that has ended already is left alone.
    """
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: LARGEST_WRITTEN_FILE,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, limit, (value, value))
