"""Running one program of a session: bounded output, no leftovers, lines as they come."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

CAP_BYTES = 8 * 1024 * 1024
CHUNK_BYTES = 1 << 16
LEFTOVER_SECONDS = 0.5
TEXT_CHARACTERS = 12_000


class Finished(NamedTuple):
    """How a step ended. `status` is negative for a signal, as `subprocess` has it. `flooded`: it
    was killed because it wrote more than the cap."""

    status: int
    output: str
    errors: str
    flooded: bool = False

    @property
    def said(self) -> str:
        """The end of everything it wrote."""
        return f"{self.output}\n{self.errors}".strip()[-TEXT_CHARACTERS:]


def run(
    command: Sequence[str],
    *,
    folder: str,
    variables: Mapping[str, str] | None = None,
    on_start: Callable[[int], None] | None = None,
    on_line: Callable[[bytes], None] | None = None,
    cap: int = CAP_BYTES,
) -> Finished:
    """Run a program to its end, and end what it left behind in its process group.

    `on_line` gets each line of stdout as it comes.
    """
    process = subprocess.Popen(  # noqa: S603 - that is what it is for, inside the sandbox
        command,
        cwd=folder,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    if on_start is not None:
        on_start(process.pid)
    flooded = False
    try:
        output, errors, flooded = collect(process, on_line, cap)
    finally:
        kill_group(process.pid)
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    return Finished(
        process.returncode,
        output.decode(errors="replace"),
        errors.decode(errors="replace"),
        flooded,
    )


def collect(  # noqa: C901 - one loop over both streams
    process: "subprocess.Popen[bytes]", on_line: Callable[[bytes], None] | None, cap: int
) -> tuple[bytes, bytes, bool]:
    """Both streams to their end. A descendant that keeps them open does not keep us."""
    kept = {process.stdout: bytearray(), process.stderr: bytearray()}
    pending = bytearray()
    ended: float | None = None
    with selectors.DefaultSelector() as selector:
        for stream in kept:
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(timeout=0.05):
                chunk = os.read(key.fd, CHUNK_BYTES)
                if not chunk:
                    selector.unregister(key.fileobj)
                    continue
                stream = process.stdout if key.fileobj is process.stdout else process.stderr
                kept[stream] += chunk
                if on_line is not None and stream is process.stdout:
                    pending += chunk
                    *lines, rest = pending.split(b"\n")
                    pending = bytearray(rest)
                    for line in lines:
                        on_line(bytes(line))
            if sum(map(len, kept.values())) > cap:
                kill_group(process.pid)
                process.kill()
                return bytes(kept[process.stdout]), bytes(kept[process.stderr]), True
            if ended is None and process.poll() is not None:
                ended = time.monotonic()
            if ended is not None and time.monotonic() - ended > LEFTOVER_SECONDS:
                break
    process.wait()
    return bytes(kept[process.stdout]), bytes(kept[process.stderr]), False


def kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def ended_with(status: int) -> str:
    """An exit status or a signal, in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {-status} ({signal.Signals(-status).name})"
    except ValueError:
        return f"signal {-status}"
