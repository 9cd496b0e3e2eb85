"""What a preview keeps between two starts: its volumes, in a folder of the user's.

The application never sees that folder. What is in it is copied into the volumes before the start,
and what the application has left there is copied back after its end: regular files and folders,
nothing else, and no link is followed.
"""

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MARK = ".quantumlayer-preview"
MARK_TEXT = "What previews keep. Every other file here belongs to an application.\n"
MOST_BYTES = 1024 * 1024 * 1024
MOST_FILES = 100_000


class DataRefused(Exception):  # noqa: N818 - it says what is wrong with the folder
    """The folder cannot be used for the data of a preview; says why."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Use a folder for data, alone. Raises DataRefused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise DataRefused(
                f"{folder} holds files that no preview has put there: name a new or empty folder."
            )
        (folder / MARK).write_text(MARK_TEXT)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise DataRefused(f"{folder} cannot be used: {error.strerror or error}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise DataRefused(f"Another preview uses {folder}.") from error
    finally:
        os.close(descriptor)


def place_of(folder: Path, volume: str) -> Path:
    """Where the data of a volume lies: `/srv/data` has a folder of one name."""
    return folder / (volume.strip("/").replace("/", "-") or "root")


def restored(folder: Path, volumes: Mapping[str, Path]) -> list[Path]:
    """Put what was kept into the volumes, given by path; those that got something."""
    filled = []
    for path, volume in volumes.items():
        kept = place_of(folder, path)
        if kept.is_dir():
            for entry in list(volume.iterdir()):
                gone(entry)
            copied(kept, volume)
            filled.append(volume)
    return filled


def kept(folder: Path, volumes: Mapping[str, Path]) -> None:
    """Put what is in the volumes into the folder: all of a volume, or what was there before."""
    for path, volume in volumes.items():
        place = place_of(folder, path)
        draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        before = place.with_name(f"{draft.name}.before")
        try:
            draft.mkdir()
            copied(volume, draft)
            if place.exists():
                place.rename(before)
            draft.rename(place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            shutil.rmtree(before, ignore_errors=True)


def gone(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def copied(source: Path, target: Path) -> None:
    """Copy regular files and folders. Raises DataRefused where there are too many."""
    bytes_left, files_left = MOST_BYTES, MOST_FILES
    pending = [(source, target)]
    while pending:
        here, there = pending.pop()
        with os.scandir(here) as found:
            entries = sorted(found, key=lambda each: each.name)
        for entry in entries:
            place = there / entry.name
            if entry.is_dir(follow_symlinks=False):
                place.mkdir()
                pending.append((Path(entry.path), place))
            elif entry.is_file(follow_symlinks=False):
                files_left -= 1
                bytes_left -= copied_file(entry.path, place)
            if bytes_left < 0 or files_left < 0:
                raise DataRefused(
                    f"The data of this application is more than {MOST_BYTES >> 20} MiB or "
                    f"{MOST_FILES:,} files."
                )


def copied_file(source: str, target: Path) -> int:
    """Copy what is a regular file when it is opened; its bytes."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as reader:
        status = os.fstat(reader.fileno())
        if not stat.S_ISREG(status.st_mode):
            return 0
        with target.open("wb") as writer:
            shutil.copyfileobj(reader, writer)
        target.chmod(stat.S_IMODE(status.st_mode) & 0o700 | 0o600)
        return status.st_size
