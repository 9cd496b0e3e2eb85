"""No audit row is lost: not with the process, not with the sink, not between two of them."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from quantumlayer.gateway.audit import AuditRow, Journal, read_segment

WRITER = """
import sys, time
from pathlib import Path
from tests.apps.gateway.audit.test_journal import row
from quantumlayer.gateway.audit import Journal
journal = Journal(Path(sys.argv[1]), segment_bytes=5_000)
while True:
    written = row()
    journal.append(written)
    sys.stdout.write(f"{written.id}\\n")
    sys.stdout.flush()
"""


def row(**more: object) -> AuditRow:
    values: dict[str, object] = {
        "id": uuid4(),
        "at": datetime.now(UTC),
        "organisation": "acme",
        "project": None,
        "key": "ci",
        "endpoint": "chat",
        "model": "fast",
        "deployment": "openai/one",
        "status": 200,
        "error": None,
        "input_tokens": 10,
        "output_tokens": 5,
        "cached_tokens": 0,
        "reasoning_tokens": 0,
        "cost": 1_250_000,
        "first_token": 12,
        "duration": 80,
        "attempts": 1,
        "cache": "miss",
    }
    return AuditRow(**{**values, **more})  # type: ignore[arg-type] # each is of its field's type


class Kept:
    """A sink that keeps rows by their ids, and refuses the first `refusals` batches."""

    def __init__(self, refusals: int = 0) -> None:
        self.rows: dict[UUID, AuditRow] = {}
        self.refusals = refusals

    async def __call__(self, rows: Sequence[AuditRow]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise ConnectionError("the database is away")
        self.rows.update({each.id: each for each in rows})


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_rows_reach_the_sink_as_they_were_and_leave_no_file(tmp_path: Path) -> None:
    journal, sink = Journal(tmp_path, segment_bytes=2_000), Kept()
    rows = [row(modules=("secrets",), file="src/ä.py", cost=None) for _ in range(20)]
    for each in rows:
        journal.append(each)
    assert len(files(tmp_path)) > 1
    assert await journal.drain(sink) == 20
    assert list(sink.rows.values()) == rows
    assert await journal.drain(sink) == 0
    journal.close()
    assert files(tmp_path) == []


async def test_what_a_sink_refuses_stays_for_the_next_time(tmp_path: Path) -> None:
    journal, sink = Journal(tmp_path, segment_bytes=2_000), Kept(refusals=2)
    rows = [row() for _ in range(20)]
    for each in rows:
        journal.append(each)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await journal.drain(sink)
    await journal.drain(sink)
    assert list(sink.rows.values()) == rows
    journal.close()


async def test_what_was_handed_over_is_not_handed_over_again(tmp_path: Path) -> None:
    journal, sink = Journal(tmp_path, segment_bytes=2_000), Kept()
    rows = [row() for _ in range(30)]
    taken = []
    for number, each in enumerate(rows):
        journal.append(each)
        if number % 3 == 0:
            taken.append(await journal.drain(sink))
    taken.append(await journal.drain(sink))
    assert list(sink.rows.values()) == rows
    assert sum(taken) == 30
    journal.close()
    assert files(tmp_path) == []


async def test_segments_that_were_handed_over_are_kept_for_a_while(tmp_path: Path) -> None:
    journal, sink = Journal(tmp_path, segment_bytes=2_000, keep_seconds=3_600), Kept()
    rows = [row() for _ in range(10)]
    for each in rows:
        journal.append(each)
    await journal.drain(sink)
    journal.close()
    assert files(tmp_path) == ["drained"]
    kept = sorted((tmp_path / "drained").iterdir())
    assert [each for path in kept for each in read_segment(path)] == rows
    long_ago = time.time() - 3_601
    os.utime(kept[0], (long_ago, long_ago))
    again = Journal(tmp_path, keep_seconds=3_600)
    again.clear_away()
    assert sorted((tmp_path / "drained").iterdir()) == kept[1:]
    assert await again.drain(sink) == 0
    again.close()


async def test_rows_that_wait_are_counted_those_of_the_dead_included(tmp_path: Path) -> None:
    dead = Journal(tmp_path, segment_bytes=2_000)
    for _ in range(10):
        dead.append(row())
    dead.close()
    journal, away = Journal(tmp_path, segment_bytes=2_000), Kept(refusals=10**6)
    for _ in range(7):
        journal.append(row())
    with pytest.raises(ConnectionError):
        await journal.drain(away)
    assert journal.waiting() == 17
    await journal.drain(Kept())
    journal.append(row())
    assert journal.waiting() == 1
    journal.close()


async def test_a_process_that_is_killed_loses_no_row_that_it_wrote(tmp_path: Path) -> None:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    said = [await writer.stdout.readline() for _ in range(100)]
    other, sink = Journal(tmp_path), Kept()
    await other.drain(sink)
    living = [name for name in files(tmp_path) if f"-{writer.pid}-" in name]
    assert living, "what a living process writes is its own"
    writer.send_signal(signal.SIGKILL)
    rest = await writer.stdout.read()
    await writer.wait()
    await other.drain(sink)
    written = {UUID(line.decode().strip()) for line in (*said, *rest.splitlines()) if line}
    assert written <= set(sink.rows)
    assert len(sink.rows) - len(written) <= 1, "the last row may have been written and not said"
    other.close()


async def test_a_line_that_was_cut_hides_no_other(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    first = row()
    journal.append(first)
    [name] = files(tmp_path)
    with (tmp_path / name).open("ab") as segment:
        segment.write(b'{"id":"0')
    assert read_segment(tmp_path / name) == (first,)
    journal.close()


async def test_an_empty_journal_leaves_nothing_and_a_full_one_is_found_again(
    tmp_path: Path,
) -> None:
    Journal(tmp_path).close()
    assert files(tmp_path) == []
    journal = Journal(tmp_path)
    journal.append(row())
    journal.sync()
    journal.close()
    again, sink = Journal(tmp_path), Kept()
    assert await again.drain(sink) == 1
    again.close()
