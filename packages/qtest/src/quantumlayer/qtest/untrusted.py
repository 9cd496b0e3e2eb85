"""Reading files of a project on the host: they may be links, pipes, devices, or without end."""

import os
import stat
from pathlib import Path

LARGEST_FILE = 4 * 1024 * 1024


def text_of(path: Path, *, largest: int = LARGEST_FILE, encoding: str = "utf-8-sig") -> str | None:
    """The text of a regular file, None for whatever else there may be, or nothing.

    Links are not followed, nothing is waited for, and no more than `largest` bytes are read: larger
    files give None, too.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
        content = stream.read(largest + 1)
    return None if len(content) > largest else content.decode(encoding, errors="replace")
