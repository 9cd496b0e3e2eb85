"""Audit rows on the disk before the caller has its answer, and from there in batches elsewhere.

A row is one `write` behind the others in a segment: it survives the process, and once a second the
disk is told to keep it for good. Full segments, and those of processes that died, are handed to
the sink and deleted when it has them. A row may be handed over twice after a crash, never lost:
the sink knows rows by their ids.
"""

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from quantumlayer.gateway.audit.rows import AuditRow, line_of, row_of

_log = logging.getLogger(__name__)
Sink = Callable[[Sequence[AuditRow]], Awaitable[None]]
SEGMENT_BYTES = 4_000_000
BATCH_ROWS = 500
_SUFFIX = ".audit"


class Journal:
    """The audit rows of this process in `folder`, which several processes may share."""

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._number = 0
        self._written = 0
        self._synced = 0
        self._path, self._handle = self._begin()

    def append(self, row: AuditRow) -> None:
        """Writes the row down; it is there for others when this returns."""
        line = line_of(row)
        if self._written and self._written + len(line) > self._segment_bytes:
            self.turn()
        _write(self._handle, line)
        self._written += len(line)

    def turn(self) -> None:
        """Closes the segment for good and begins the next."""
        os.fsync(self._handle)
        os.close(self._handle)
        self._path, self._handle = self._begin()
        self._written = self._synced = 0

    def sync(self) -> None:
        """Has the disk keep what was written; for a thread, since it waits."""
        written = self._written
        if written != self._synced:
            os.fsync(self._handle)
            self._synced = written

    async def drain(self, sink: Sink) -> int:
        """Hands everything that was written to the sink; how many rows it took.

        What the sink refuses stays for the next time. Raises what it raises.
        """
        if self._written:
            self.turn()
        handed = 0
        for segment in await asyncio.to_thread(self._orphans):
            handed += await self._hand_over(segment, sink)
        return handed

    def close(self) -> None:
        """Leaves what was written for the next process."""
        os.fsync(self._handle)
        os.close(self._handle)
        if not self._written:
            self._path.unlink(missing_ok=True)

    def _begin(self) -> tuple[Path, int]:
        self._number += 1
        name = f"{time.time_ns():020d}-{os.getpid()}-{self._number}{_SUFFIX}"
        unseen = self._folder / f"{name}.new"
        handle = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o600)
        # Held for as long as the process lives: a segment that can be locked is nobody's. Nobody
        # may find it before it is held.
        fcntl.flock(handle, fcntl.LOCK_EX)
        return unseen.rename(self._folder / name), handle

    def _orphans(self) -> list[Path]:
        return sorted(
            path for path in self._folder.glob(f"*{_SUFFIX}") if path != self._path and _free(path)
        )

    async def _hand_over(self, segment: Path, sink: Sink) -> int:
        rows = await asyncio.to_thread(read_segment, segment)
        for start in range(0, len(rows), BATCH_ROWS):
            await sink(rows[start : start + BATCH_ROWS])
        await asyncio.to_thread(segment.unlink, missing_ok=True)
        return len(rows)


def read_segment(path: Path) -> tuple[AuditRow, ...]:
    """The whole rows of a segment; a line that a crash cut is left out, and said."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    rows: list[AuditRow] = []
    for line in lines:
        try:
            rows.append(row_of(line))
        except ValidationError:
            _log.warning("a line of %s is no audit row; it is left out", path.name)
    return tuple(rows)


def _free(path: Path) -> bool:
    """Whether no living process writes the segment."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _write(handle: int, line: bytes) -> None:
    """All of the line: a write may take less than it was given when the disk is nearly full."""
    left = memoryview(line)
    while left:
        left = left[os.write(handle, left) :]
