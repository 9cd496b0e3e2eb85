"""Folders of builders that were killed are cleared away, and never those of the living."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Delivery, Rung, climb, emulating_starter
from quantumlayer.qtest.delivered import workplace as module
from quantumlayer.qtest.delivered.workplace import PREFIX, clear_away, workplace
from tests.packages.qtest.delivered import services

HOLDER = """
import time
from quantumlayer.qtest.delivered.workplace import workplace
with workplace() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """An empty folder with a short path, for temporary files."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


def test_what_a_killed_builder_leaves_is_cleared_away_by_the_next(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: two builders in a folder for temporary files of their own
    monkeypatch.setenv("TMPDIR", str(short_folder))
    monkeypatch.setattr("tempfile.tempdir", str(short_folder))
    monkeypatch.setattr(module, "YOUNG_SECONDS", 0.0)
    (short_folder / f"{PREFIX}link").symlink_to("/etc")
    command = [sys.executable, "-c", HOLDER]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as living,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dead,
    ):
        assert living.stdout is not None
        assert dead.stdout is not None
        kept, left = Path(living.stdout.readline().strip()), Path(dead.stdout.readline().strip())
        (left / "roots").mkdir()
        # when
        dead.kill()
        dead.wait()
        clear_away()
        with workplace() as own:
            # then
            assert not left.exists()
            assert kept.is_dir()
            assert own.is_dir()
        assert not own.exists()
        living.kill()


def test_a_folder_leaves_room_for_the_names_of_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    far = tmp_path / ("far" * 30)
    far.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(far))
    # when
    with workplace() as folder, socket.socket(socket.AF_UNIX) as listener:
        # then
        (folder / "run-1000").mkdir()
        listener.bind(str(folder / "run-1000/control"))
    assert not folder.exists()


async def test_a_climb_that_is_cancelled_leaves_neither_folder_nor_process(
    tmp_path: Path, short_folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: one that has come to its first start
    monkeypatch.setattr("tempfile.tempdir", str(short_folder))
    folder = tmp_path / "service"
    folder.mkdir()
    services.write_service(folder, "node")
    (folder / "service.js").write_text("setInterval(() => {}, 1000);\n")
    started, before = asyncio.Event(), asyncio.all_tasks()

    def watch(rung: Rung) -> None:
        if rung is Rung.START:
            started.set()

    delivery = Delivery(folder=folder, start_seconds=60)
    climbing = asyncio.create_task(climb(delivery, emulating_starter(cache), watch))
    await asyncio.wait_for(started.wait(), 30)
    await asyncio.sleep(0.5)
    # when
    climbing.cancel()
    await asyncio.gather(climbing, return_exceptions=True)
    # then
    assert climbing.cancelled(), climbing.result()
    assert os.listdir(short_folder) == []  # noqa: PTH208 - nothing is awaited any more
    assert asyncio.all_tasks() <= before
