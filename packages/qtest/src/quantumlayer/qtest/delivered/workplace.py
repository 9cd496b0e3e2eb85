"""The folder in which one delivery is built and run; of builders that were killed none is left."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from quantumlayer.processes import claimed

PREFIX = "ql-delivered-"
# Between being made and being locked, a folder is nobody's.
YOUNG_SECONDS = 60.0
# The path of a socket has at most 107 bytes (unix(7)), and ours lie two folders below.
LONGEST_PARENT = 60
SHORT = Path("/tmp")  # noqa: S108 - what is made in it bears a random name and is ours alone


def parent() -> Path:
    """Where these folders are made: with all temporary ones, unless that is too far down."""
    usual = Path(tempfile.gettempdir())
    return usual if len(os.fsencode(usual)) <= LONGEST_PARENT else SHORT


Remover = Callable[[Path], None]


def rid_of(folder: Path) -> None:
    """Remove a folder as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def workplace(remove: Remover = rid_of) -> Iterator[Path]:
    """An empty folder that is gone afterwards. However its holder ends, `clear_away` removes it."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent()))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        remove(folder)
        os.close(descriptor)


def clear_away(remove: Remover = rid_of) -> None:
    """Remove the folders that nobody holds any more."""
    for folder in parent().glob(f"{PREFIX}*"):
        if is_left(folder):
            remove(folder)


def is_left(folder: Path) -> bool:
    """Whether whoever made a folder is gone."""
    try:
        if time.time() - folder.lstat().st_ctime < YOUNG_SECONDS:
            return False
    except OSError:
        return False
    with claimed(folder, os.O_DIRECTORY | os.O_NOFOLLOW) as left:
        return left
