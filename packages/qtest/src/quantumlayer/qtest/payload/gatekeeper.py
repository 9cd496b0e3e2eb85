"""Runs inside the sandbox around a delivered application: starts it, and lets us reach it.

usage: gatekeeper.py LISTENER INHERITED COMMAND… LISTENER is an inherited Unix socket that listens
for us; INHERITED are descriptors for the command, separated by commas. Each connection asks one
thing in a line: `state`, `log`, `said N`, `signal N`, or `connect HOST PORT`, after which bytes are
passed both ways. The application is in namespaces of its own and sees nothing of this.

COMMAND is bubblewrap, which tells of its first process, or where GATEKEEPER_PID_FILE is set, runc,
which writes it there.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import Process
from pathlib import Path

CHUNK_BYTES = 64 * 1024
HEAD_BYTES = 64 * 1024
TAIL_BYTES = 192 * 1024
LISTENING = "0A"
POLL_SECONDS = 0.01
LONGEST_QUESTION = 1024 * 1024


class Log:
    """The beginning and the end of what the application says."""

    def __init__(self) -> None:
        self.head = bytearray()
        self.tail = bytearray()
        self.left_out = 0

    def add(self, chunk: bytes) -> None:
        room = HEAD_BYTES - len(self.head)
        self.head += chunk[:room]
        self.tail += chunk[room:] if room < len(chunk) else b""
        if len(self.tail) > TAIL_BYTES:
            self.left_out += len(self.tail) - TAIL_BYTES
            del self.tail[:-TAIL_BYTES]

    def text(self) -> str:
        between = f"\n[{self.left_out} bytes left out]\n".encode() if self.left_out else b""
        return bytes(self.head + between + self.tail).decode(errors="replace")

    def since(self, number: int) -> tuple[int, str]:
        """How many bytes were said, and those after the first `number` that are still known."""
        known = len(self.head) + self.left_out
        parts = self.head[number:], self.tail[max(0, number - known) :]
        return known + len(self.tail), bytes(parts[0] + parts[1]).decode(errors="replace")


class Application:
    """The process of the application, and the number of its first process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.first: int | None = None
        self.log = Log()

    async def listen(self) -> None:
        while self.process.stdout and (chunk := await self.process.stdout.read(CHUNK_BYTES)):
            self.log.add(chunk)

    def state(self) -> dict[str, object]:
        status = self.process.returncode
        return {"running": status is None, "exit_status": status, "listening": listening()}

    def signal(self, number: int) -> None:
        if self.first is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(receiver(self.first), number)


def receiver(first: int) -> int:
    """Who gets the platform's signals: the first process, or what a small one passes them on to."""
    if not INIT:
        return first
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{first}/task/{first}/children").read_text().split()[0])
    return first


INIT = os.environ.get("GATEKEEPER_INIT") == "1"
PID_FILE = os.environ.get("GATEKEEPER_PID_FILE", "")


def listening() -> list[tuple[str, int]]:
    """Addresses and ports of the whole network, which is the application's and ours."""
    found = set()
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING:
                    address, port = fields[1].split(":")
                    words = [bytes.fromhex(address[n : n + 8])[::-1]
                             for n in range(0, len(address), 8)]  # fmt: skip
                    found.add((socket.inet_ntop(family, b"".join(words)), int(port, 16)))
    return sorted(found)


async def pump(source: StreamReader, target: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(CHUNK_BYTES):
            target.write(chunk)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()


async def connect(words: list[str], reader: StreamReader, writer: StreamWriter) -> None:
    try:
        there, to_there = await asyncio.open_connection(words[1], int(words[2]))
    except OSError as error:
        writer.write(f"no {error.strerror or error}\n".encode())
        return
    writer.write(b"ok\n")
    onward = asyncio.ensure_future(pump(reader, to_there))
    try:
        await pump(there, writer)
    finally:
        onward.cancel()
        to_there.close()


async def execute(seconds: float, words: list[str]) -> dict[str, object]:
    """Run a command to its end, or end it; what it said is bounded."""
    process = await asyncio.create_subprocess_exec(
        *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, limit=CHUNK_BYTES,
    )  # fmt: skip
    said = Log()

    async def listen() -> None:
        while process.stdout and (chunk := await process.stdout.read(CHUNK_BYTES)):
            said.add(chunk)

    try:
        await asyncio.wait_for(listen(), seconds)
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        return {"status": None, "output": said.text()}
    return {"status": process.returncode, "output": said.text()}


async def answer(application: Application, reader: StreamReader, writer: StreamWriter) -> None:
    try:
        line = (await reader.readline()).decode()
        words = line.split()
        match words[:1]:
            case ["state"]:
                writer.write(json.dumps(application.state()).encode() + b"\n")
            case ["log"]:
                writer.write(json.dumps(application.log.text()).encode() + b"\n")
            case ["said"]:
                writer.write(json.dumps(application.log.since(int(words[1]))).encode() + b"\n")
            case ["signal"]:
                application.signal(int(words[1]))
                writer.write(b"true\n")
            case ["execute"]:
                _, seconds, listed = line.split(maxsplit=2)
                done = await execute(float(seconds), json.loads(listed))
                writer.write(json.dumps(done).encode() + b"\n")
            case ["connect"]:
                await connect(words, reader, writer)
        await writer.drain()
    except (OSError, ValueError, IndexError, asyncio.CancelledError):
        return
    finally:
        writer.close()


async def first_process(process: Process, descriptor: int) -> int | None:
    """The first process inside, from bubblewrap's account of itself or from runc's file."""
    if PID_FILE:
        os.close(descriptor)
        return await written_process(process)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", 0)
    )
    line = await reader.readline()
    pid = json.loads(line).get("child-pid") if line else None
    return int(pid) if pid else None


async def written_process(process: Process) -> int | None:
    """What stands in the file; None where the container came to no process."""
    while process.returncode is None:
        if number := written_number():
            return number
        await asyncio.sleep(POLL_SECONDS)
    return None


def written_number() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int(Path(PID_FILE).read_text())
    return None


async def main() -> int:
    listener, inherited, program, *words = sys.argv[1:]
    kept = [int(word) for word in inherited.split(",") if word]
    mine, theirs = os.pipe()
    telling = [] if PID_FILE else ["--json-status-fd", str(theirs)]
    process = await asyncio.create_subprocess_exec(
        program, *telling, *words, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        pass_fds=(theirs, *kept), limit=CHUNK_BYTES,
    )  # fmt: skip
    os.close(theirs)
    for descriptor in kept:
        os.close(descriptor)
    application = Application(process)
    said = asyncio.ensure_future(application.listen())
    application.first = await first_process(process, mine)
    server = await asyncio.start_unix_server(
        lambda reader, writer: answer(application, reader, writer),
        sock=socket.socket(fileno=int(listener)),
        limit=LONGEST_QUESTION,
    )
    await process.wait()
    await said
    # What it said, and how it ended, is asked for after its end.
    async with server:
        await server.serve_forever()
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(asyncio.run(main()))
