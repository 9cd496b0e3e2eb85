"""What administrators changed: merge patches over the file that people write, and their audit.

The log of changes is the state: nothing is changed without standing in it, who did it and when.
Each entry carries the hash of the one before, so that none can be taken out unnoticed.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import orjson
from pydantic import JsonValue, TypeAdapter, ValidationError

from quantumlayer.router.configuration.problems import ConfigurationError, Place, Problem

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `previous` is the hash of the change before it."""

    at: datetime
    by: str
    patch: dict[str, JsonValue]
    previous: str = FIRST

    @property
    def hash(self) -> str:
        """The sha256 of the change with what it follows."""
        return hashlib.sha256(_line(self)).hexdigest()


class Changes(Protocol):
    """A log of changes that several processes may read and one at a time may write."""

    def read(self) -> tuple[Change, ...]:
        """Every change in its order; raises `ConfigurationError` where the log is not whole."""
        ...

    def append(self, change: Change) -> None:
        """Adds a change for good; raises `Overtaken` when another one came first."""
        ...

    def stamp(self) -> object:
        """Something that is another after each change, cheap to ask for."""
        ...


class Overtaken(Exception):  # noqa: N818 - says what happened
    """Somebody else changed the configuration meanwhile: read it again, then decide."""


class ChangesInFile:
    """The log as a file of JSON lines beside the configuration."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[Change, ...]:
        """Every change; a last line that a crash cut is none."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        whole, _, _ = raw.rpartition(b"\n")
        return self._checked(whole.splitlines())

    def append(self, change: Change) -> None:
        """Writes the change behind the others and onto the disk before it returns."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            _lock(file.fileno())
            whole, _, _ = file.read().rpartition(b"\n")
            known = self._checked(whole.splitlines())
            if change.previous != (known[-1].hash if known else FIRST):
                raise Overtaken
            file.seek(len(whole) + 1 if whole else 0)
            file.truncate()
            file.write(_line(change) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def stamp(self) -> object:
        """The file's size and time."""
        return file_stamp(self._path)

    def _checked(self, lines: list[bytes]) -> tuple[Change, ...]:
        found: list[Change] = []
        for number, line in enumerate(lines, start=1):
            try:
                change = _CHANGE.validate_json(line)
            except ValidationError:
                raise self._tampered(number, "this is no change") from None
            if change.previous != (found[-1].hash if found else FIRST):
                raise self._tampered(number, "it does not follow the line before it")
            found.append(change)
        return tuple(found)

    def _tampered(self, line: int, reason: str) -> ConfigurationError:
        said = (
            "the log of changes made through the admin API cannot be trusted: "
            f"{reason}; put back a copy, or move the file away to begin anew"
        )
        return ConfigurationError((Problem(Place(line, 1), (), said),), name=self._path.name)


def file_stamp(path: Path) -> object:
    """Something that is another after each writing of the file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


_CHANGE: TypeAdapter[Change] = TypeAdapter(Change)


def _line(change: Change) -> bytes:
    return orjson.dumps(change, option=orjson.OPT_SORT_KEYS)


def _lock(handle: int) -> None:
    import fcntl  # noqa: PLC0415 - not there on every system that can read configurations

    fcntl.flock(handle, fcntl.LOCK_EX)
