"""Runs on the host before a sandbox in which images are made: enters a user namespace of its own.

usage: entering.py RANGES MAPPERS COMMAND… RANGES are `inside:outside:count`, separated by commas,
the same for users and groups. MAPPERS are the programs that may write them, for users and groups,
separated by a comma; empty where we are root. The process stays the same one, so whoever started it
can end it; the command begins as root of the namespace, who is nobody outside of it.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
READY = b"1"


def mapped(target: int, ranges: list[list[str]], mappers: list[str]) -> None:
    """Say which host users and groups stand for those of a process's new namespace."""
    for name, mapper in zip(("gid_map", "uid_map"), reversed(mappers or ["", ""]), strict=True):
        if mapper:
            words = [word for one in ranges for word in one]
            subprocess.run([mapper, str(target), *words], check=True, env={})  # noqa: S603 - ours
        else:
            lines = "".join(f"{' '.join(one)}\n" for one in ranges)
            Path(f"/proc/{target}/{name}").write_text(lines)


def main() -> None:
    ranges = [one.split(":") for one in sys.argv[1].split(",")]
    mappers = sys.argv[2].split(",") if sys.argv[2] else []
    command = sys.argv[3:]
    entered, has_entered = os.pipe()
    is_mapped, has_mapped = os.pipe()
    us = os.getpid()
    mapping = os.fork()
    if mapping == 0:
        os.close(has_entered)
        if os.read(entered, 1) == READY:
            mapped(us, ranges, mappers)
            os.write(has_mapped, READY)
        os._exit(0)
    os.close(has_mapped)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "a user namespace cannot be made")
    os.write(has_entered, READY)
    if os.read(is_mapped, 1) != READY:
        sys.exit("The users of a user namespace cannot be mapped.")
    os.waitpid(mapping, 0)
    for descriptor in (entered, has_entered, is_mapped):
        os.close(descriptor)
    os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    os.execv(command[0], command)  # noqa: S606 - it becomes what it was started for


if __name__ == "__main__":
    main()
