"""The life of one sandboxed process tree: started, watched, drained, and surely ended."""

import asyncio
import contextlib
import json
import os
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from quantumlayer.processes import end_tree
from quantumlayer.processes import started as started_process
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.sandbox.filling import outgrown
from quantumlayer.qtest.sandbox.model import SandboxResult
from quantumlayer.qtest.sandbox.processes import (
    inode_bytes,
    one_of_each_network,
    proportional_bytes,
    sample,
    socket_bytes,
)

SAMPLE_SECONDS: Final = 0.025
REPORT_BYTES: Final = 64 * MIB
CHUNK_BYTES: Final = 1 << 16
FIRST_SIGNAL: Final = 128


@dataclass(frozen=True)
class Launch:
    """What it takes to start a sandbox: arguments, inherited descriptors, our ends of its pipes.

    `child_ends` are closed here once the child has them. Nothing before `ready` on stdout is the
    command's. `fills` is a folder of the host that the command may write into. `nested`: there are
    networks within the sandbox's own.
    """

    arguments: Sequence[str]
    descriptors: Sequence[int]
    status: BinaryIO
    report: BinaryIO
    child_ends: Sequence[BinaryIO]
    ready: bytes
    fills: Path | None = None
    nested: bool = False


@dataclass
class Watch:
    """A running sandbox: how to kill it, and which limits it ran into."""

    process: Process
    first_process: asyncio.Future[int | None]
    limits_hit: set[str] = field(default_factory=set)

    def exceeded(self, limit: str) -> None:
        """Note the limit and end everything."""
        self.limits_hit.add(limit)
        self.kill()

    def kill(self) -> None:
        """Kill the first process of the namespace: the kernel then kills all others with it.

        Before that process is known, the launcher is killed, and whatever it has started.
        """
        if self.process.returncode is not None:
            return
        if self.first_process.done() and (pid := self.first_process.result()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        else:
            end_tree(self.process.pid)


async def execute(launch: Launch, *, limits: Limits, stdin: bytes, tier: str) -> SandboxResult:
    """Run a prepared launch to its end, within limits. Cancelling kills everything at once."""
    started = time.monotonic()
    process = await started_process(
        asyncio.create_subprocess_exec(
            *launch.arguments,
            env={},  # the first process inside keeps what it was started with, for all to read
            pass_fds=launch.descriptors,
            stdin=PIPE if stdin else DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
    )
    for end in launch.child_ends:
        end.close()
    watch = Watch(process, asyncio.get_running_loop().create_future())
    async with (
        alive(watch, limits, launch),
        reading(launch.status) as status,
        reading(launch.report) as sent,
    ):
        output, errors, report, *_ = await asyncio.gather(
            drain(process.stdout, limits.output_bytes + len(launch.ready), watch),
            drain(process.stderr, limits.output_bytes, watch),
            drain(sent, REPORT_BYTES, watch),
            follow(status, watch.first_process),
            feed(process, stdin),
            process.wait(),
        )
    elapsed = time.monotonic() - started
    if not output.startswith(launch.ready) and not watch.limits_hit:
        raise SandboxUnavailable(setup_failure(errors, limits))
    exit_status, number = ending(process.returncode)
    if number == signal.SIGXCPU:
        watch.limits_hit.add("cpu_seconds")
    return SandboxResult(
        exit_status=exit_status,
        signal=number,
        stdout=output[len(launch.ready) :].decode(errors="replace"),
        stderr=errors.decode(errors="replace"),
        report=bytes(report),
        limits_hit=tuple(sorted(watch.limits_hit)),
        elapsed_seconds=elapsed,
        tier=tier,
    )


def ending(code: int | None) -> tuple[int | None, int | None]:
    """(exit status, signal) of a return code, in Python's way of saying it or in a shell's."""
    if code is None:
        return None, None
    if code < 0:
        return None, -code
    return (None, code - FIRST_SIGNAL) if code > FIRST_SIGNAL else (code, None)


@asynccontextmanager
async def alive(watch: Watch, limits: Limits, launch: Launch) -> AsyncIterator[None]:
    """Guard the limits while the body runs; leave nothing alive however the body ends."""
    loop = asyncio.get_running_loop()
    timer = loop.call_later(limits.wall_seconds, watch.exceeded, "wall_seconds")
    guards = [asyncio.create_task(guard_usage(watch, limits, nested=launch.nested))]
    if launch.fills is not None:
        guards.append(asyncio.create_task(guard_folder(watch, launch.fills, limits.disk_bytes)))
    try:
        yield
    finally:
        timer.cancel()
        for guard in guards:
            guard.cancel()
        watch.kill()
        await watch.process.wait()
        if not watch.first_process.done():
            watch.first_process.cancel()


async def guard_usage(watch: Watch, limits: Limits, *, nested: bool) -> None:
    """Sample what the whole tree uses; end it when it uses too much.

    The kernel's own limits stop a single process at once. This is for what they cannot see: many
    processes together, shared memory, and what the kernel keeps on their behalf.
    """
    pid = await asyncio.shield(watch.first_process)
    full = False
    while pid is not None and watch.process.returncode is None:
        usage = sample(pid)
        if usage.threads >= limits.processes:
            watch.limits_hit.add("processes")
        if usage.threads > limits.processes + SANDBOX_THREADS:
            watch.exceeded("processes")
        if usage.cpu_seconds > limits.cpu_seconds:
            watch.exceeded("cpu_seconds")
        too_much = usage.resident_bytes > limits.memory_bytes
        if too_much and proportional_bytes(pid) > limits.memory_bytes:
            watch.exceeded("memory_bytes")
        holders = one_of_each_network(pid) if nested else [pid]
        if sum(map(socket_bytes, holders)) > limits.memory_bytes:
            watch.exceeded("memory_bytes")
        was_full, full = full, inode_bytes(pid) > limits.disk_bytes
        if full and was_full:  # twice: while the sandbox is being built, mounts come and go
            watch.exceeded("disk_bytes")
        await asyncio.sleep(SAMPLE_SECONDS)


async def guard_folder(watch: Watch, folder: Path, limit: int) -> None:
    """End the tree when the folder that it fills has grown too large."""
    await outgrown(folder, limit)
    watch.exceeded("disk_bytes")


SANDBOX_THREADS: Final = 4  # bubblewrap's own processes and the launchers that precede the command


async def drain(reader: asyncio.StreamReader | None, cap: int, watch: Watch) -> bytearray:
    """Read to the end of a stream, keep its first `cap` bytes, and end whoever writes more."""
    kept = bytearray()
    while reader is not None and (chunk := await reader.read(CHUNK_BYTES)):
        if len(kept) + len(chunk) > cap:
            watch.exceeded("output_bytes")
        kept += chunk[: cap - len(kept)]
    return kept


async def follow(reader: asyncio.StreamReader, first_process: asyncio.Future[int | None]) -> None:
    """Learn the first process of the sandbox from bubblewrap's account of itself.

    Only the first line counts: it is written before the command exists, which could write others.
    """
    line = await reader.readline()
    if not first_process.done():
        first_process.set_result(json.loads(line).get("child-pid") if line else None)
    while await reader.read(CHUNK_BYTES):
        pass


async def feed(process: Process, content: bytes) -> None:
    """Hand over stdin, to a reader who may not want it."""
    if process.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


@asynccontextmanager
async def reading(source: BinaryIO) -> AsyncIterator[asyncio.StreamReader]:
    """An asynchronous reader over our end of a pipe."""
    reader = asyncio.StreamReader(limit=MIB)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), source
    )
    try:
        yield reader
    finally:
        transport.close()


def setup_failure(errors: bytearray, limits: Limits) -> str:
    """What to say when the sandbox ended before the command began."""
    text = errors.decode(errors="replace").strip()
    if "No space left on device" in text:
        size = limits.disk_bytes // MIB
        return f"The project does not fit into the sandbox's disk of {size} MiB (disk_bytes)."
    return f"The sandbox could not be set up: {text or 'it ended without a word'}"
