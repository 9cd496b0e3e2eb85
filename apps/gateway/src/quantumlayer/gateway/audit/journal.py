"""Audit rows on the disk before the caller has its answer, and from there in batches elsewhere.

A row is one `write` behind the others in a segment: it survives the process, and once a second the
disk is told to keep it for good. What was written is handed to a sink, of the segment under way
from where the last time ended, of segments that processes left behind from their beginning. A row
may so be handed over twice after a crash, never lost: the sink knows rows by their ids.
"""

import asyncio
import fcntl
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from quantumlayer.gateway.audit.rows import AuditRow, line_of
from quantumlayer.gateway.audit.segments import (
    SUFFIX,
    clear_away,
    count_rows,
    read_rows,
    retire,
)
from quantumlayer.processes import claimed

Sink = Callable[[Sequence[AuditRow]], Awaitable[None]]
SEGMENT_BYTES = 4_000_000
BATCH_ROWS = 500


class Journal:
    """The audit rows of this process in `folder`, which several processes may share."""

    def __init__(
        self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, keep_seconds: float = 0
    ) -> None:
        """`keep_seconds`: for how long a segment stays when a sink has all of it."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._keep_seconds = keep_seconds
        self._number = 0
        self._written = 0
        self._synced = 0
        self._handed: dict[Path, int] = {}
        """Bytes of own segments that a sink has."""
        self._rows: dict[Path, int] = {}
        """Rows of segments that nobody writes any more, counted once."""
        self._turn = asyncio.Lock()
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
        async with self._turn:
            present, written = self._path, self._written
            handed = 0
            for segment in await asyncio.to_thread(self._left_behind, present):
                with claimed(segment) as mine:
                    if mine:
                        handed += await self._hand_over(segment, sink)
                        await asyncio.to_thread(retire, segment, keep=self._keep_seconds > 0)
                        self._handed.pop(segment, None)
            return handed + await self._hand_over(present, sink, written)

    def waiting(self) -> int:
        """Rows that no sink has, those that dead processes left included; for a thread."""
        present = self._path
        left = self._left_behind(present)
        self._rows = {
            path: self._rows.get(path) or count_rows(path, self._handed.get(path, 0))
            for path in left
        }
        return count_rows(present, self._handed.get(present, 0)) + sum(self._rows.values())

    def clear_away(self) -> None:
        """Removes segments that a sink has had for long enough; for a thread."""
        clear_away(self._folder, self._keep_seconds)

    def close(self) -> None:
        """Leaves what no sink has for the next process."""
        os.fsync(self._handle)
        os.close(self._handle)
        if not self._written:
            self._path.unlink(missing_ok=True)
        elif self._handed.get(self._path) == self._written:
            retire(self._path, keep=self._keep_seconds > 0)

    def _begin(self) -> tuple[Path, int]:
        self._number += 1
        name = f"{time.time_ns():020d}-{os.getpid()}-{self._number}{SUFFIX}"
        unseen = self._folder / f"{name}.new"
        handle = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o600)
        # Held for as long as the process lives: a segment that can be claimed is nobody's. Nobody
        # may find it before it is held.
        fcntl.flock(handle, fcntl.LOCK_EX)
        return unseen.rename(self._folder / name), handle

    def _left_behind(self, present: Path) -> list[Path]:
        """Segments that nobody writes any more, oldest first."""
        found = []
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            if path == present:
                continue
            with claimed(path) as free:
                if free:
                    found.append(path)
        return found

    async def _hand_over(self, segment: Path, sink: Sink, end: int | None = None) -> int:
        begin = self._handed.get(segment, 0)
        rows = await asyncio.to_thread(read_rows, segment, begin, end)
        for start in range(0, len(rows), BATCH_ROWS):
            await sink(rows[start : start + BATCH_ROWS])
        if end is not None:
            self._handed[segment] = end
        return len(rows)


def _write(handle: int, line: bytes) -> None:
    """All of the line: a write may take less than it was given when the disk is nearly full."""
    left = memoryview(line)
    while left:
        left = left[os.write(handle, left) :]
