"""What runs in the pod: receives files or a command, and answers in frames.

Its text is handed to the pod's Python with `-c`, so it knows the standard library only. The guest
is a child of the same user; it cannot reach this process's streams, because the kernel is told that
they are not to be opened by others, and a pod's first process cannot be killed from inside.

A frame is one byte for its kind, four for the length of its content, and the content.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

STDOUT, STDERR, REPORT, END, FAILURE = 1, 2, 3, 4, 5
CHUNK_BYTES = 1 << 15
SAMPLE_SECONDS = 0.025
CONNECT_SECONDS = 1.0
FAREWELL_SECONDS = 20
PR_SET_DUMPABLE = 4
NOT_FOUND, NOT_EXECUTABLE = 127, 126

turn = threading.Lock()


def send(kind: int, content: bytes) -> None:
    """Write one frame; they never mix."""
    with turn, contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(struct.pack(">BI", kind, len(content)) + content)
        sys.stdout.buffer.flush()


def receive(length: int) -> bytes:
    """Exactly so many bytes of stdin."""
    content = sys.stdin.buffer.read(length)
    if len(content) < length:
        raise EOFError("the connection broke while the sandbox was being filled")
    return content


def blob() -> bytes:
    """A piece of stdin that is preceded by its length."""
    return receive(struct.unpack(">Q", receive(8))[0])


class Bounded:
    """The next bytes of stdin as a file of their own."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, size: int) -> bytes:
        content = receive(min(size, self.left))
        self.left -= len(content)
        return content


def fill() -> None:
    """Lay out the files of a tar stream, which was made from real folders by our own side."""
    length = struct.unpack(">Q", receive(8))[0]
    source: Any = Bounded(length)
    with tarfile.open(fileobj=source, mode="r|", ignore_zeros=True) as archive:
        archive.extraction_filter = lambda member, _: member
        archive.extractall("/")  # noqa: S202 - see above
    while source.left:
        source.read(CHUNK_BYTES)


def network_is_open() -> bool:
    """Whether the cluster's own API server can be reached, which every pod knows the address of."""
    address = (os.environ["KUBERNETES_SERVICE_HOST"], int(os.environ["KUBERNETES_SERVICE_PORT"]))
    try:
        socket.create_connection(address, CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def missing(paths: list[str]) -> list[str]:
    """Which of the paths the image does not have."""
    return [path for path in paths if not os.path.lexists(path)]


def prepare() -> None:
    """The first container: prove that nothing can be reached, and fill the volumes."""
    absent = missing(json.loads(blob())["expected"])
    if absent:
        raise FileNotFoundError(f"the image has no {', '.join(absent)}")
    if network_is_open():
        raise ConnectionError("the network is open: no NetworkPolicy is enforced for this pod")
    fill()
    send(END, b"{}")


class Run:
    """The command, and how it has to end."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.limits: dict[str, Any] = job["limits"]
        self.hit: set[str] = set()
        self.ended = threading.Event()

    def exceeded(self, limit: str) -> None:
        if not self.ended.is_set():
            self.hit.add(limit)
            kill_others()

    def forward(self, source: BinaryIO, kind: int, cap: int) -> None:
        """Pass on what is written, up to a cap; end whoever writes more."""
        left = cap
        while chunk := source.read(CHUNK_BYTES):
            if kept := chunk[:left]:
                send(kind, kept)
            if len(chunk) > left:
                self.exceeded("output_bytes")
            left -= len(kept)

    def guard(self, deadline: float) -> None:
        """Sample what all processes use together; end them when it is too much."""
        while not self.ended.wait(SAMPLE_SECONDS):
            threads, ticks = usage()
            spent = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = ticks / os.sysconf("SC_CLK_TCK") + spent.ru_utime + spent.ru_stime
            if time.monotonic() > deadline:
                self.exceeded("wall_seconds")
            if threads > self.limits["processes"]:
                self.exceeded("processes")
            if cpu > self.limits["cpu_seconds"]:
                self.exceeded("cpu_seconds")

    def follow_client(self) -> None:
        """Nobody waits for the result of a run whose connection is gone."""
        sys.stdin.buffer.read(1)
        kill_others()
        os._exit(0)


def usage() -> tuple[int, int]:
    """Threads, and clock ticks of CPU time, of every process but this one."""
    threads = ticks = 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - hot path
        if not name.isdigit() or int(name) == os.getpid():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            content = Path(f"/proc/{name}/stat").read_bytes()
            fields = content[content.rindex(b")") + 2 :].split()
            ticks += sum(int(field) for field in fields[11:15])
            threads += int(fields[17])
    return threads, ticks


def kill_others() -> None:
    """Kill every process of the pod's container but this one, which is its first."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def restrict(limits: dict[str, Any]) -> Callable[[], None]:
    """What the kernel keeps of the limits, set in the child before the command begins."""
    cpu = int(limits["cpu_seconds"])
    wanted = [
        (resource.RLIMIT_DATA, limits["memory_bytes"], limits["memory_bytes"]),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
        (resource.RLIMIT_FSIZE, limits["file_size_bytes"], limits["file_size_bytes"]),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
    ]

    def apply() -> None:
        for name, soft, hard in wanted:
            resource.setrlimit(name, (soft, hard))

    return apply


def reaped(child: int) -> int:
    """Wait for the command, and for every orphan that ends before it; its status."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            return os.waitstatus_to_exitcode(status)


def end_others() -> None:
    """Kill until nobody is left to wait for: every orphan is this process's child."""
    with contextlib.suppress(ChildProcessError):
        while True:
            kill_others()
            os.waitpid(-1, 0)


@contextlib.contextmanager
def pipe() -> Iterator[tuple[BinaryIO, int]]:
    """A reader, and the number of the writing end that a child gets."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", 0) as reader:
        yield reader, write_end


def feed(target: BinaryIO, content: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), target:
        target.write(content)


def launched(job: dict[str, Any], stdin: bytes, report_end: int) -> subprocess.Popen[bytes] | int:
    """The command's process, or the status that a shell gives to what cannot be started."""
    try:
        return subprocess.Popen(  # noqa: S603 - what this program is for
            job["command"],
            cwd=job["folder"],
            env={**job["environment"], "SANDBOX_REPORT_FD": str(report_end)},
            pass_fds=(report_end,),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=restrict(job["limits"]),  # noqa: PLW1509 - no thread has begun yet
            bufsize=0,
        )
    except FileNotFoundError as error:
        send(STDERR, f"{error}\n".encode())
        return NOT_FOUND
    except OSError as error:
        send(STDERR, f"{error}\n".encode())
        return NOT_EXECUTABLE


def command() -> None:
    """The second container: run one command to its end, and say how it ended."""
    job, stdin = json.loads(blob()), blob()
    run, started = Run(job), time.monotonic()
    with pipe() as (report, report_end):
        child = launched(job, stdin, report_end)
        os.close(report_end)
        status = child if isinstance(child, int) else watched(run, child, report, stdin, started)
    elapsed = time.monotonic() - started
    ending = {"status": status, "limits": sorted(run.hit), "elapsed": elapsed}
    send(END, json.dumps(ending).encode())


def watched(
    run: Run, child: subprocess.Popen[bytes], report: BinaryIO, stdin: bytes, started: float
) -> int:
    """The status of the command, when all it has started is dead and all it wrote is sent."""
    output = run.limits["output_bytes"]
    streams = [
        threading.Thread(target=run.forward, args=each)
        for each in (
            (child.stdout, STDOUT, output),
            (child.stderr, STDERR, output),
            (report, REPORT, run.limits["report_bytes"]),
        )
    ]
    guards = [
        threading.Thread(target=run.guard, args=(started + run.limits["wall_seconds"],)),
        threading.Thread(target=run.follow_client, daemon=True),
    ]
    if child.stdin:
        streams.append(threading.Thread(target=feed, args=(child.stdin, stdin)))
    for thread in (*streams, *guards):
        thread.start()
    child.returncode = status = reaped(child.pid)
    run.ended.set()
    end_others()
    for thread in (*streams, guards[0]):
        thread.join()
    return status


def main(part: str) -> None:
    """Do one container's part, then stay until the other side has heard of it."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getpid() != 1:
        raise SystemExit("This program ends every other process: it only runs as a pod's first.")
    status = 0
    try:
        prepare() if part == "prepare" else command()
    except Exception as error:  # noqa: BLE001 - whatever it is, the other side must hear of it
        status = 1  # after a failed preparation, the command must not begin
        send(FAILURE, json.dumps({"message": str(error) or repr(error)}).encode())
    # A container that ends at once can take its last output with it: the other side says when.
    threading.Timer(FAREWELL_SECONDS, os._exit, (1,)).start()
    sys.stdin.buffer.read(1)
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1])
