"""A lane: pytest stopped at two places, where processes that try one mutation each fork from it.

The first place is before the project is loaded. A process from there loads the project with the
change in it. The second is after pytest has found all tests. A process from there exchanges the
code of a function that has been loaded, which takes no time. Each runs the tests of its job in
order, to the first that fails, and says which.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.assertion import util

Job = dict[str, Any]
Answer = dict[str, Any]
# Of the clock, so it must do on a machine that others keep busy.
START_SECONDS = 600.0
LOADING_SECONDS = 10.0
LOADING = "loading the tests"
ANSWER_BYTES = 1 << 16


def be_patient(seconds: float) -> None:
    """From now on the process may use so much of the processor; who forked it sees it wait."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def is_skip(raised: BaseException) -> bool:
    return type(raised).__name__ in {"Skipped", "SkipTest", "XFailed"}


def explain_nothing() -> None:
    """Spare the comparison of what an assertion got with what it wanted: nobody reads it."""
    if hasattr(util, "assertrepr_compare"):
        setattr(util, "assertrepr_compare", lambda *_, **__: None)  # noqa: B010 - the name is not of its type
    # Few processes live long enough to make garbage worth looking for.
    gc.set_threshold(100_000, 50, 1_000)


class Trial:
    """The process of one job, which speaks to the process that forked it."""

    def __init__(self, job: Job, answer: int, begun: bytes) -> None:
        """`answer` is the descriptor that takes `begun` for each test, and in the end one line."""
        self.job = job
        self.begun = begun
        self.answer = answer
        self.is_control = bool(job.get("control"))
        self.failed: list[str] = []

    def say(self, status: str, **more: object) -> None:
        """Answer, and end. Nothing that the project left behind is waited for."""
        line = json.dumps({"id": self.job["id"], "status": status, **more}).encode()
        with contextlib.suppress(OSError):
            os.write(self.answer, line[:ANSWER_BYTES] + b"\n")
        os._exit(0)

    def noticed(self, test: str) -> None:
        """A test has failed: that is the end, unless all are to be checked."""
        if not self.is_control:
            self.say("killed", test=test[:1000])
        elif test not in self.failed:
            self.failed.append(test)

    def run(self, items: list[pytest.Item]) -> None:
        """The job's tests, in its order."""
        known = {item.nodeid: item for item in items}
        for name in self.job["tests"]:
            if name not in known:
                self.noticed(name)
        chosen = [known[name] for name in self.job["tests"] if name in known]
        patience = dict(zip(self.job["tests"], self.job["patience"], strict=False))
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            be_patient(patience.get(item.nodeid, LOADING_SECONDS))
            os.write(self.answer, self.begun)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if self.is_control:
            self.say("checked", failed=self.failed)
        self.say("survived", tests=len(chosen))


class Stops:
    """The pytest plugin that makes the two places, and speaks for a trial."""

    def __init__(
        self, workspace: str, connection: socket.socket, sibling: Callable[[str], ModuleType]
    ) -> None:
        """`connection` leads to the laboratory, `sibling` loads another file of ours."""
        self.workspace = workspace
        self.connection = connection
        self.orders: socket.socket | None = None
        self.trial: Trial | None = None
        self.wanted: set[str] = set()
        self.watch = sibling("mutation_watch")
        self.install = sibling("mutation_install")

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self) -> None:
        """The first place. Whoever returns from here goes on to load the project."""
        warm = self.start_warm()
        if warm is None:
            return
        for job in lines_from(self.connection):
            if job["place"] != "loading":
                answer = self.ask(warm, job)
                if answer.get("status") != "unreachable":
                    self.tell(answer)
                    continue
            found = self.fork(job)
            if found is None:
                return
            self.tell(found)
        os._exit(0)

    def start_warm(self) -> "socket.socket | None":
        """The way to a process that goes on to the second place; None in that process."""
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            ours.close()
            self.connection.close()
            self.orders = theirs
            return None
        theirs.close()
        ours.settimeout(START_SECONDS)
        return ours

    def ask(self, warm: socket.socket, job: Job) -> Answer:
        """What the warm process found out."""
        warm.sendall(json.dumps(job).encode() + b"\n")
        warm.settimeout(START_SECONDS)
        received = b""
        while not received.endswith(b"\n"):
            chunk = warm.recv(ANSWER_BYTES)
            if not chunk:
                return {"id": job["id"], "problem": "The process with the loaded project ended."}
            received += chunk
        answer: Answer = json.loads(received)
        return answer

    def tell(self, answer: Answer) -> None:
        self.connection.sendall(json.dumps(answer).encode() + b"\n")

    def fork(self, job: Job) -> Answer | None:
        """Fork for a job and wait for its answer; None in the process that is to do it."""
        ours, theirs = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(ours)
            os.setsid()
            for connection in (self.connection, self.orders):
                if connection is not None:
                    connection.close()
            be_patient(LOADING_SECONDS)
            self.trial = Trial(job, theirs, self.watch.BEGUN)
            if not self.trial.is_control:
                self.install.put_in_place_of_loading(job)
            explain_nothing()
            self.wanted = {name.partition("::")[0] for name in job["tests"]}
            return None
        os.close(theirs)
        try:
            found: Answer = self.watch.await_answer(process, ours, job)
            return found
        finally:
            os.close(ours)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """A trial needs the files of its tests only."""
        if self.trial is None or not collection_path.is_file():
            return None
        name = os.path.relpath(collection_path, self.workspace)
        return True if name not in self.wanted and collection_path.name != "__init__.py" else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The second place; or, in a trial that had to load the project, the trial."""
        if self.trial is not None:
            if session.testsfailed:
                self.trial.noticed(LOADING)
                self.trial.say("unloaded")
            self.trial.run(session.items)
        elif self.orders is not None:
            if session.testsfailed:
                os._exit(1)
            self.serve(session.items)
        os._exit(0)

    def serve(self, items: list[pytest.Item]) -> None:
        """Fork for each order; the project is loaded."""
        functions = self.install.functions_of(self.workspace)
        gc.collect()
        gc.freeze()
        orders = self.orders
        if orders is None:
            return
        for job in lines_from(orders):
            answer = self.fork(job)
            if answer is None and self.trial is not None:
                if not self.trial.is_control and not self.install.exchange(job, functions):
                    self.trial.say("unreachable")
                self.trial.run(items)
            orders.sendall(json.dumps(answer).encode() + b"\n")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Notice a failure before pytest describes it, which takes longer than most tests."""
        raised = call.excinfo.value if call.excinfo is not None else None
        if self.trial is not None and raised is not None and not is_skip(raised):
            self.trial.noticed(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One failing phase of one test is enough."""
        if self.trial is not None and report.failed:
            self.trial.noticed(report.nodeid)


def lines_from(connection: socket.socket) -> Iterator[Job]:
    with connection.makefile("rb") as stream:
        for line in stream:
            yield json.loads(line)


def run(
    workspace: str,
    arguments: list[str],
    connection: socket.socket,
    sibling: Callable[[str], ModuleType],
) -> None:
    """Run pytest with its stops; it ends in one of them, or the project could not be loaded."""
    sys.argv = ["pytest", *arguments]
    stops = Stops(workspace, connection, sibling)
    try:
        pytest.main(arguments, plugins=[stops])
    finally:
        if stops.trial is not None:
            stops.trial.noticed(LOADING)
            stops.trial.say("unloaded")
        os._exit(1)
