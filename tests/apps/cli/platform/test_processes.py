"""Processes by identity, and the gate that lets none run unrecorded."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from quantumlayer.cli.platform.child import Child
from quantumlayer.cli.platform.parts import Launch
from quantumlayer.cli.platform.processes import ProcessId, identify, is_alive, stop_tree


def launch(*argv: str) -> Launch:
    return Launch(argv=argv, environment={"PATH": os.defpath}, grace=1.0)


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - a file and a process tell nobody
            await asyncio.sleep(0.01)


def test_an_identity_holds_as_long_as_the_process_and_no_longer() -> None:
    with subprocess.Popen(["sleep", "300"]) as child:
        identity = identify(child.pid)
        assert identity is not None
        assert is_alive(identity)
        assert identify(child.pid) == identity
        child.kill()
        deadline = time.monotonic() + 10
        # Ended but not yet waited for: a zombie is no living process.
        while is_alive(identity) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not is_alive(identity)
        assert identify(child.pid) is None


def test_the_same_id_started_at_another_time_is_another_process() -> None:
    assert not is_alive(ProcessId(os.getpid(), "another boot:1"))


async def test_a_process_runs_only_after_it_was_written_down(tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    recorded: list[bool] = []

    def record(_identity: ProcessId) -> None:
        recorded.append(witness.exists())

    child = await Child.spawn(
        launch("/usr/bin/env", "touch", str(witness)),
        log=tmp_path / "log",
        folder=tmp_path,
        record=record,
    )
    assert (await child.wait()).said == "exit status 0"
    assert recorded == [False]
    assert witness.exists()


async def test_a_process_that_was_not_written_down_never_runs(tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    seen: list[ProcessId] = []

    def record(identity: ProcessId) -> None:
        seen.append(identity)
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        await Child.spawn(
            launch("/usr/bin/env", "touch", str(witness)),
            log=tmp_path / "log",
            folder=tmp_path,
            record=record,
        )
    await eventually(lambda: not is_alive(seen[0]))
    assert not witness.exists()


async def test_a_stop_ends_what_a_part_has_started(tmp_path: Path) -> None:
    program = (
        "import subprocess, time; print(subprocess.Popen(['sleep', '300']).pid, flush=True);"
        "time.sleep(300)"
    )
    child = await Child.spawn(
        launch(sys.executable, "-c", program),
        log=tmp_path / "log",
        folder=tmp_path,
        record=lambda _identity: None,
    )
    log = tmp_path / "log"
    await eventually(lambda: log.read_text().endswith("\n"))
    grandchild = identify(int(log.read_text()))
    assert grandchild is not None
    await child.stop()
    assert not is_alive(child.identity)
    assert not is_alive(grandchild)


async def test_a_part_that_ignores_its_signal_is_killed(tmp_path: Path) -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(300)"
    )
    child = await Child.spawn(
        launch(sys.executable, "-c", program),
        log=tmp_path / "log",
        folder=tmp_path,
        record=lambda _identity: None,
    )
    await eventually(lambda: "deaf" in (tmp_path / "log").read_text())
    await child.stop()
    assert (await child.wait()).said == "signal 9 (SIGKILL)"


def test_stopping_a_stranger_with_our_id_does_nothing() -> None:
    with subprocess.Popen(["sleep", "300"]) as stranger:
        stop_tree(ProcessId(stranger.pid, "another boot:1"), stop_signal=signal.SIGTERM, grace=0.1)
        assert stranger.poll() is None
        stranger.kill()
