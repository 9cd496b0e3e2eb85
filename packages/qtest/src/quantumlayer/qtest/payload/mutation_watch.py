"""Watches one trial of a lane until it answers, ends, or has had its time."""

import contextlib
import json
import os
import select
import signal
import time
from pathlib import Path
from typing import Any

Job = dict[str, Any]
Answer = dict[str, Any]
LOOK_SECONDS = 0.1
ANSWER_BYTES = 1 << 16
TICKS = os.sysconf("SC_CLK_TCK")
BEGUN = b"."
"""What a trial says when a test begins."""


class Watch:
    """The time that a trial has had: what it used of the processor, and what it waited by itself.

    What it waits for the processor is the machine's affair: a mutation must not seem to hang
    because others work there, too. Each test may wait anew: many that wait a little make one that
    hangs no likelier.
    """

    def __init__(self, session: int, job: Job) -> None:
        """`session` is the trial's, and of all that it starts."""
        self.session = session
        self.job = job
        self.waited = self.waited_in_test = 0.0
        self.looked = time.monotonic()

    def begin(self) -> None:
        """Another test begins."""
        self.waited_in_test = 0.0

    def is_over(self) -> bool:
        """Look once more; a look that comes late itself counts as one in time."""
        now = time.monotonic()
        used, at_rest = look_at(self.session)
        if at_rest:
            waited = min(now - self.looked, 2 * LOOK_SECONDS)
            self.waited += waited
            self.waited_in_test += waited
        self.looked = now
        if self.waited_in_test >= float(self.job["waiting_seconds"]):
            return True
        return used + self.waited >= float(self.job["seconds"])


def look_at(session: int) -> tuple[float, bool]:
    """Seconds of the processor that a session has used, and whether all of it waits for others."""
    ticks, at_rest = 0, True
    for name in os.listdir("/proc"):  # noqa: PTH208 - names are wanted
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            fields = stat_of(f"/proc/{name}/stat")
            if int(fields[3]) != session:
                continue
            # Its own, and that of its children that have ended.
            ticks += sum(map(int, fields[11:15]))
            for thread in os.listdir(f"/proc/{name}/task"):  # noqa: PTH208 - names are wanted
                if stat_of(f"/proc/{name}/task/{thread}/stat")[0] in "RD":
                    at_rest = False
    return ticks / TICKS, at_rest


def stat_of(path: str) -> list[str]:
    """State, parent, group, session, … of a process or a thread."""
    return Path(path).read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()


def await_answer(process: int, answer: int, job: Job) -> Answer:
    """What a trial says within its time, or what its silence means; then it is gone."""
    watch, late, received = Watch(process, job), False, b""
    while not received.endswith(b"\n") and not late:
        if not select.select([answer], [], [], LOOK_SECONDS)[0]:
            late = watch.is_over()
            continue
        chunk = os.read(answer, ANSWER_BYTES)
        if chunk.startswith(BEGUN):
            watch.begin()
        received += chunk.lstrip(BEGUN)
        if not chunk:
            break
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    _, status, used = os.wait4(process, 0)
    found: Answer = {"id": job["id"], "status": "killed", "crashed": True}
    if received.endswith(b"\n"):
        found = json.loads(received)
    elif late or os.waitstatus_to_exitcode(status) == -signal.SIGPROF:
        found = {"id": job["id"], "status": "timed_out"}
    return {**found, "used": used.ru_utime + used.ru_stime + watch.waited}
