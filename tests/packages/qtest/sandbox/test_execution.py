"""Limits, and how everything ends."""

import asyncio
import os
from pathlib import Path

import pytest

from quantumlayer.qtest import BubblewrapSandbox, Limits, SandboxUnavailable
from tests.packages.qtest.sandbox.conftest import Guest

MIB = 1024 * 1024


def processes_named(marker: str) -> list[int]:
    """Host processes whose arguments contain a marker."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            arguments = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in arguments:
            found.append(int(entry.name))
    return found


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_sleeper_is_ended_by_the_wall_clock(guest: Guest) -> None:
    result = await guest("import time; time.sleep(60)", Limits(wall_seconds=1))
    assert result.limits_hit == ("wall_seconds",)
    assert result.elapsed_seconds < 30


async def test_a_busy_process_is_ended_by_its_processor_time(guest: Guest) -> None:
    result = await guest("while True: pass", Limits(wall_seconds=30, cpu_seconds=1))
    assert "cpu_seconds" in result.limits_hit


async def test_processor_time_of_many_processes_is_added_up(guest: Guest) -> None:
    result = await guest(
        """
        import os
        for _ in range(4):
            os.fork()
        while True: pass
        """,
        Limits(wall_seconds=60, cpu_seconds=2),
    )
    assert result.limits_hit == ("cpu_seconds",)


async def test_a_process_cannot_take_more_memory_than_allowed(guest: Guest) -> None:
    result = await guest(
        """
        try:
            block = bytearray(600 * 2**20)
            print("GOT IT")
        except MemoryError:
            print("refused")
        """,
        Limits(memory_bytes=300 * MIB),
    )
    assert result.stdout == "refused\n"


async def test_many_processes_cannot_take_more_together(guest: Guest) -> None:
    result = await guest(
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                block = bytearray(b"x") * (100 * 2**20)
                time.sleep(20)
        time.sleep(20)
        """,
        Limits(memory_bytes=300 * MIB, wall_seconds=30),
    )
    assert result.limits_hit == ("memory_bytes",)


async def test_shared_memory_is_memory_too(guest: Guest) -> None:
    result = await guest(
        """
        import mmap, time
        shared = mmap.mmap(-1, 800 * 2**20)
        for start in range(0, len(shared), 4096):
            shared[start] = 1
        time.sleep(20)
        """,
        Limits(memory_bytes=200 * MIB, wall_seconds=30),
    )
    assert result.limits_hit == ("memory_bytes",)


async def test_a_fork_bomb_is_contained(guest: Guest) -> None:
    # given: one that doubles far beyond the limit, and ends by itself where nobody ends it
    result = await guest(
        """
        import os, time
        for _ in range(10):
            try:
                os.fork()
            except OSError:
                pass
        time.sleep(60)
        """,
        Limits(processes=40, wall_seconds=10),
    )
    assert "processes" in result.limits_hit


async def test_a_thread_bomb_is_contained(guest: Guest) -> None:
    result = await guest(
        """
        import threading
        stop = threading.Event()
        started = 0
        try:
            for _ in range(400):
                threading.Thread(target=stop.wait, daemon=True).start()
                started += 1
        except RuntimeError:
            print("refused")
        """,
        Limits(processes=40, wall_seconds=20),
    )
    assert "processes" in result.limits_hit or result.stdout == "refused\n"


@pytest.mark.parametrize("folder", ["..", ".", "../home", "/dev/shm"])  # noqa: S108 - a place that must be refused
async def test_the_disk_has_an_end(guest: Guest, folder: str) -> None:
    result = await guest(
        f"""
        block = b"x" * 2**20
        written = 0
        try:
            for number in range(200):
                with open({folder!r} + f"/file-{{number}}", "wb") as file:
                    file.write(block)
                written += 1
        except OSError as error:
            print("refused", error.errno)
        """,
        Limits(disk_bytes=32 * MIB, memory_bytes=512 * MIB),
    )
    assert result.stdout == "refused 28\n"


async def test_a_single_file_has_a_largest_size(guest: Guest) -> None:
    result = await guest(
        """
        try:
            open("big", "wb").write(b"x" * 2**23)
        except OSError as error:
            print("refused", error.errno)
        """,
        Limits(file_size_bytes=4 * MIB),
    )
    assert result.stdout == "refused 27\n"


async def test_open_files_are_counted(guest: Guest) -> None:
    result = await guest(
        """
        files = []
        try:
            while True:
                files.append(open("/dev/null"))
        except OSError as error:
            print(len(files) < 100, error.errno)
        """,
        Limits(open_files=64),
    )
    assert result.stdout == "True 24\n"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_flood_of_output_is_cut_off(guest: Guest, stream: str) -> None:
    result = await guest(
        f"import sys\nwhile True: sys.{stream}.write('flood' * 1000)", Limits(output_bytes=100_000)
    )
    assert result.limits_hit == ("output_bytes",)
    assert len(result.stdout) + len(result.stderr) <= 200_000


async def test_a_daemon_does_not_outlive_the_command(guest: Guest) -> None:
    marker = f"daemon-{os.urandom(8).hex()}"
    result = await guest(
        f"""
        import os, sys
        command = [sys.executable, "-c", "import time; time.sleep(60)", {marker!r}]
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv(sys.executable, command)
            os._exit(0)
        os.wait()
        """
    )
    assert result.exit_status == 0
    assert processes_named(marker) == []


async def test_cancelling_kills_everything_at_once(
    walls: BubblewrapSandbox, tmp_path: Path
) -> None:
    marker = f"cancelled-{os.urandom(8).hex()}"
    script = f"(sh -c 'sleep 60 # {marker}' &) ; (setsid sh -c 'sleep 60 # {marker}' &) ; sleep 60"
    run = asyncio.create_task(walls.run(["sh", "-c", script], workspace=tmp_path))
    async with asyncio.timeout(20):
        while len(processes_named(marker)) < 3:  # noqa: ASYNC110 - they are not ours to await
            await asyncio.sleep(0.02)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert processes_named(marker) == []


async def test_runs_side_by_side_do_not_disturb_each_other(
    walls: BubblewrapSandbox, tmp_path: Path
) -> None:
    script = "echo $0 > mine; sleep 0.1; cat mine"
    results = await asyncio.gather(
        *(walls.run(["sh", "-c", script, str(n)], workspace=tmp_path) for n in range(8))
    )
    assert [result.stdout.strip() for result in results] == [str(n) for n in range(8)]


async def test_stdin_is_handed_over_even_to_nobody(walls: BubblewrapSandbox) -> None:
    assert (await walls.run(["cat"], stdin=b"hello")).stdout == "hello"
    assert (await walls.run(["true"], stdin=b"x" * 1_000_000)).exit_status == 0
    assert (await walls.run(["cat"])).stdout == ""


async def test_a_project_larger_than_the_disk_is_refused_with_a_reason(
    walls: BubblewrapSandbox, tmp_path: Path
) -> None:
    (tmp_path / "large.bin").write_bytes(b"x" * 4 * MIB)
    with pytest.raises(SandboxUnavailable, match="does not fit into the sandbox's disk of 2 MiB"):
        await walls.run(["true"], workspace=tmp_path, limits=Limits(disk_bytes=2 * MIB))


async def test_descriptors_are_returned(walls: BubblewrapSandbox, tmp_path: Path) -> None:
    await walls.run(["true"], workspace=tmp_path)
    before = open_descriptors()
    for _ in range(5):
        await walls.run(["true"], workspace=tmp_path)
    assert open_descriptors() <= before
