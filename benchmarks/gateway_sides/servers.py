"""Processes of a benchmark: started on a free loopback port, accounted for, ended by their ids."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_READY_SECONDS = 120
_STOP_SECONDS = 15


@dataclass(frozen=True)
class Server:
    """A process with its children; figures are those of all of them."""

    process: psutil.Process
    port: int

    @property
    def cpu_seconds(self) -> float:
        """What they have computed so far, in their own code and in the kernel."""
        return sum(each.cpu_times().user + each.cpu_times().system for each in self._all())

    @property
    def resident_bytes(self) -> int:
        """The memory that they hold."""
        return sum(int(each.memory_info().rss) for each in self._all())

    def _all(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The server of a command once it takes connections; its words go to `log`.

    Raises SystemExit with the end of the log where it does not come up.
    """
    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            stdout=words,
            stderr=words,
            env={**os.environ, **(environment or {})},
            cwd=log.parent if environment else None,
        )
    server = Server(psutil.Process(process.pid), port)
    try:
        _wait(server, log)
        yield server
    finally:
        _stop(server)
        process.wait()


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait(server: Server, log: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and server.process.status() != psutil.STATUS_ZOMBIE:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"{log.stem} did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")


def _stop(server: Server) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        members = [server.process, *server.process.children(recursive=True)]
        for each in members:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.terminate()
        _, alive = psutil.wait_procs(members, timeout=_STOP_SECONDS)
        for each in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
