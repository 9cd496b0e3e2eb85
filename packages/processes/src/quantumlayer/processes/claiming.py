"""Files and folders that belong to whoever holds a lock on them, for as long as it lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def claimed(path: Path, flags: int = 0) -> Iterator[bool]:
    """Locks what nobody else holds while the block lasts; tells whether that went.

    A lock goes with its holder, however that ends: what can be claimed was left by the dead, or by
    who let go of it. `flags` are added to those of `os.open`. What is not there cannot be claimed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    except OSError:
        yield False
        return
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
