"""One program that runs tests, heard over a line of its own until it is known how they end."""

import contextlib
import json
import os
import secrets
import selectors
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

from quantumlayer.qtest.payload.mutation_watch import Watch
from quantumlayer.qtest.payload.trial_words import Heard, trial_words

LOOK_SECONDS = 0.1
ENDING_SECONDS = 2.0
TAIL_BYTES = 4_000
CHUNK_BYTES = 1 << 16
LONGEST_LINE = 16 << 20


def run_program(
    program: Mapping[str, Any],
    wanted: Sequence[str] | None,
    limits: Mapping[str, Any],
    *,
    points: str = "",
) -> Heard:
    """Start a program and hear it: to its end, or until it is known how the `wanted` tests end."""
    heard, before = Heard(), children_seconds()
    with (
        tempfile.TemporaryDirectory(prefix="witness-") as folder,
        socket.socket(socket.AF_UNIX) as door,
    ):
        address = f"{folder}/socket"
        door.bind(address)
        door.listen(8)
        process = subprocess.Popen(  # noqa: S603 - the project's own tests, in the sandbox
            trial_words(program, wanted),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={
                **os.environ, **program["environment"], "QL_NODE_WITNESS": address,
                **({"QL_POINTS": points} if points else {}),
            },
        )  # fmt: skip
        watch = Watch(process.pid, dict(limits))
        try:
            _Listener(process, door, heard, watch, wanted).listen()
        finally:
            end(process)
    heard.used = round(children_seconds() - before + watch.waited, 3)
    if name := program.get("whole"):
        heard.take(
            {
                "test": {
                    "name": name,
                    "path": name,
                    "ran": heard.ran,
                    "outcome": "passed" if heard.proof else "failed",
                }
            }
        )
    return heard


class _Listener:
    """Everything that a running program can be heard by."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        door: socket.socket,
        heard: Heard,
        watch: Watch,
        wanted: Sequence[str] | None,
    ) -> None:
        self.process = process
        self.door = door
        self.heard = heard
        self.watch = watch
        self.wanted = wanted
        self.secret = secrets.token_hex(16).encode()
        self.line: socket.socket | None = None
        self.received = b""
        self.selector = selectors.DefaultSelector()

    def listen(self) -> None:
        looked, gone = time.monotonic(), 0.0
        self.selector.register(self.door, selectors.EVENT_READ, self.greet)
        if self.process.stdout is not None:
            self.selector.register(self.process.stdout, selectors.EVENT_READ, self.output)
        with self.selector:
            while not self.is_known():
                for key, _ in self.selector.select(LOOK_SECONDS):
                    key.data()
                now = time.monotonic()
                if self.process.poll() is not None:
                    gone = gone or now
                    # What it said last may still be on its way.
                    if self.line is None or now - gone > ENDING_SECONDS:
                        break
                elif now - looked >= LOOK_SECONDS:
                    looked = now
                    if self.watch.is_over():
                        self.heard.late = True
                        break
            if self.line is not None:
                self.line.close()
        status = self.process.poll()
        self.heard.ended = self.heard.finished and status is not None
        self.heard.proof = self.heard.proof and status == 0

    def is_known(self) -> bool:
        """Whether nothing more needs to be heard: one has failed, or all have passed."""
        if self.wanted is None:
            return False
        outcomes = {self.heard.outcome(name) for name in self.wanted}
        return "failed" in outcomes or outcomes == {"passed"}

    def greet(self) -> None:
        """The first one to come is the guard: it comes before any code of the project."""
        found, _ = self.door.accept()
        if self.line is not None:
            found.close()
            return
        self.line = found
        found.sendall(self.secret)
        self.selector.register(found, selectors.EVENT_READ, self.hear)

    def hear(self) -> None:
        if self.line is None:
            return
        chunk = b""
        with contextlib.suppress(ConnectionError):
            chunk = self.line.recv(CHUNK_BYTES)
        if not chunk:
            self.selector.unregister(self.line)
            self.line.close()
            self.line = None
            # The line is closed by the end of the process.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(ENDING_SECONDS)
            return
        self.received += chunk
        *lines, self.received = self.received.split(b"\n")
        for each in lines:
            secret, _, said = each.partition(b" ")
            if secret != self.secret:
                self.heard.problem = (
                    "Something in the project spoke in the name of the test runner."
                )
                continue
            self.heard.take(json.loads(said))
            self.watch.begin()
        if len(self.received) > LONGEST_LINE:
            self.received = b""

    def output(self) -> None:
        if self.process.stdout is None:
            return
        chunk = os.read(self.process.stdout.fileno(), CHUNK_BYTES)
        if not chunk:
            self.selector.unregister(self.process.stdout)
        self.heard.said = (self.heard.said + chunk.decode(errors="replace"))[-TAIL_BYTES:]


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a program and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def children_seconds() -> float:
    """What the processes that have been waited for used of the processor."""
    times = os.times()
    return times.children_user + times.children_system
