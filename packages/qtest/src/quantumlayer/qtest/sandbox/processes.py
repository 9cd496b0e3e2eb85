"""What the processes of a sandbox use, read from the host's /proc.

The numbers are taken from outside, so that nothing inside can falsify them. They work on every
Linux, for root and for ordinary users, with or without cgroups.
"""

import os
from pathlib import Path
from typing import NamedTuple

from quantumlayer.processes import descendants

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


# What two full buffers of a socket hold at most, as the kernel is set up everywhere.
SOCKET_BYTES = 212_992
# What the kernel itself puts against a file of its memory file system, be it empty.
INODE_BYTES = 1024
DISKS = ("tmp", "dev/shm")


class Usage(NamedTuple):
    """A sample of a whole process tree. `resident_bytes` counts shared pages once a process."""

    threads: int
    cpu_seconds: float
    resident_bytes: int


def socket_bytes(root: int) -> int:
    """The most that the sockets of the process's network namespace can hold: such memory belongs
    to no process, so nothing else counts it."""
    try:
        first = Path(f"/proc/{root}/net/sockstat").read_text().partition("\n")[0]
        return int(first.rpartition(" ")[2]) * SOCKET_BYTES
    except (OSError, ValueError):
        return 0


def one_of_each_network(root: int) -> list[int]:
    """A process of each network namespace of a tree."""
    found: dict[str, int] = {}
    for pid in descendants(root):
        try:
            found.setdefault(os.readlink(f"/proc/{pid}/ns/net"), pid)  # noqa: PTH115 - hot path
        except OSError:
            continue
    return list(found.values())


def inode_bytes(root: int) -> int:
    """The memory behind the files on the process's disks, whatever is in them."""
    used, its_root = 0, f"/proc/{root}/root"
    for disk in DISKS:
        try:
            own = os.stat(f"/{disk}").st_dev  # noqa: PTH116 - hot path
            inside = os.open(f"{its_root}/{disk}", os.O_PATH | os.O_DIRECTORY)
        except OSError:
            continue
        try:
            # Until the process has left the host's root, this is the host's own disk.
            if os.fstat(inside).st_dev != own:
                found = os.fstatvfs(inside)
                used += (found.f_files - found.f_ffree) * INODE_BYTES
        finally:
            os.close(inside)
    return used


def sample(root: int) -> Usage:
    """Add up the usage of process `root` and all its descendants.

    In a process-id namespace every orphan is adopted by the namespace's first process, so with that
    one as `root` nothing escapes the count, and the time of the dead is in their reapers' figures.
    """
    threads = ticks = pages = 0
    for pid in descendants(root):
        fields = stat_fields(pid)
        if fields is None:
            continue
        ticks += sum(int(field) for field in fields[11:15])
        threads += int(fields[17])
        pages += int(fields[21])
    return Usage(threads, ticks / TICKS_PER_SECOND, pages * PAGE_BYTES)


def proportional_bytes(root: int) -> int:
    """Memory of the tree with shared pages counted once: exact, but too slow for every sample.

    Clean file pages (libraries, the interpreter) are left out: the kernel drops them on demand.
    """
    return sum(proportional_of(pid) for pid in descendants(root))


def proportional_of(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    rows = (line.split() for line in rollup.splitlines()[1:])
    return sum(int(row[1]) * 1024 for row in rows if row[0] in ("Pss_Anon:", "Pss_Shmem:"))


def stat_fields(pid: int) -> list[bytes] | None:
    """The fields of /proc/PID/stat after the command name, which may itself hold spaces."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:  # noqa: PTH123 - hot path
            content = stream.read()
    except OSError:
        return None
    return content[content.rindex(b")") + 2 :].split()
