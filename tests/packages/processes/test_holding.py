"""A program that reads what strangers wrote is ended by the kernel when it takes too much."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE

import pytest

from quantumlayer.processes import hold

MIB = 1024 * 1024


async def ending(program: str, **limits: int) -> tuple[int | None, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"input()\n{program}",
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    hold(process.pid, **limits)
    _, said = await process.communicate(b"go\n")
    return process.returncode, said


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("x = bytearray(900 * 2**20)", b"MemoryError"),
        ("import tempfile; tempfile.TemporaryFile().write(bytes(40 * 2**20))", b"File too large"),
    ],
)
async def test_memory_and_files_are_bounded(program: str, says: bytes) -> None:
    status, said = await ending(program, memory_bytes=512 * MIB, cpu_seconds=20)
    assert (status, says in said) == (1, True), said


async def test_so_is_processor_time() -> None:
    status, _ = await ending("while True: pass", memory_bytes=512 * MIB, cpu_seconds=1)
    assert status in (-signal.SIGXCPU, -signal.SIGKILL)


async def test_within_its_limits_nothing_happens_to_it() -> None:
    status, said = await ending("print('done')", memory_bytes=512 * MIB, cpu_seconds=20)
    assert (status, said) == (0, b"")


async def test_one_that_has_ended_is_left_alone() -> None:
    process = await asyncio.create_subprocess_exec("/bin/true")
    await process.wait()
    hold(process.pid, memory_bytes=MIB, cpu_seconds=1)
