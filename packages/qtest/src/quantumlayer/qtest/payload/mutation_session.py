"""Tries mutations of a Python project inside the sandbox and reports each over a signed channel.

usage: mutation_session.py WORKSPACE [SOURCE_FOLDER …]

Four kinds of process, so that the library imports of a project are paid once and each mutation
still has a process of its own:

- this one holds the key, signs what it is told, and loads no code of the project;
- its child, the laboratory, loads the libraries, gives out the work, and loads none either;
- its children, the lanes, run pytest up to where it would load the project, and fork from there
  for what changes how the project loads (see `mutation_lane`);
- a warm child of each lane has loaded the project and its tests; it forks for everything else.

The plan that comes after the key on stdin has `modules` (to load ahead), `arguments` (pytest's),
`lanes`, and `jobs`, the path of a file that appears once it is known what to try: everything gets
ready before. It has `seconds` (no work is given out once they are used), `control_seconds`, and the
jobs themselves. A job has `id`, `path`, `start`, `end`, `replacement`, `place`, `tests` (in order),
`patience` (seconds of the processor for each test), `seconds`, and of these in each test at most
`waiting_seconds` in which it does nothing. No time counts in which the machine lets it wait.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import random
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

Job = dict[str, Any]
Message = dict[str, Any]


def sibling(name: str) -> ModuleType:
    """Load a file next to this one under a name, and from a path, that no project can take."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_quantumlayer_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Lane:
    """The laboratory's side of a lane."""

    def __init__(self, process: int, connection: socket.socket) -> None:
        """A process that has just been started, and the way to it."""
        self.process = process
        self.connection = connection
        self.received = bytearray()
        self.job: Job | None = None

    def give(self, job: Job) -> None:
        """One job at a time; the answer has its id."""
        self.job = job
        self.connection.sendall(json.dumps(job).encode() + b"\n")

    def answers(self) -> list[Message] | None:
        """What has come; None when the lane is no more."""
        chunk = self.connection.recv(1 << 16)
        if not chunk:
            return None
        self.received += chunk
        *lines, rest = self.received.split(b"\n")
        self.received = bytearray(rest)
        return [json.loads(line) for line in lines]


class Laboratory:
    """Gives out the work and gathers the answers."""

    def __init__(self, work: dict[str, Any], lanes: list[Lane], tell: Any) -> None:  # noqa: ANN401 - what the channel takes
        """`tell` sends a message towards the channel."""
        self.plan = work
        self.lanes = lanes
        self.tell = tell
        self.seconds_left = float(work["seconds"]) * len(lanes)

    def work(self) -> None:
        """All jobs; then what their results lean on: that the tests pass without any change."""
        jobs: list[Job] = self.plan["jobs"]
        answers = self.round(jobs)
        unreliable = self.unreliable(answers)
        if unreliable:
            again = [
                {**job, "tests": [name for name in job["tests"] if name not in unreliable]}
                for job in jobs
                if answers.get(job["id"], {}).get("test") in unreliable
            ]
            answers |= self.round(again)
        for job in jobs:
            found = answers.get(job["id"])
            if found is not None:
                self.tell({"event": "mutant", **found})
        self.tell({"event": "finished", "unreliable": sorted(unreliable)[:100]})

    def unreliable(self, answers: dict[int, Message]) -> set[str]:
        """The tests that noticed a change and fail without one, too, in this order or alone."""
        warm, loading = set(), set()
        for job in self.plan["jobs"]:
            answer = answers.get(job["id"], {})
            test = str(answer.get("test", ""))
            if job["place"] != "loading":
                warm.add(test)
            elif answer.get("status") == "killed":
                # What had to load the project again leans on this: without a change it loads.
                loading.add(test if test in job["tests"] else job["tests"][0])
        doubtful = self.failing(self.shares(sorted(warm - {""})), sorted(loading))
        return self.failing([[name] for name in doubtful], []) if doubtful else set()

    def shares(self, names: list[str]) -> list[list[str]]:
        """The names in as many lists as there are lanes."""
        return [some for n in range(len(self.lanes)) if (some := names[n :: len(self.lanes)])]

    def failing(self, groups: list[list[str]], loading: list[str]) -> set[str]:
        """The tests that fail without a change, each group in a process of its own."""
        controls = [self.control(-2 - n, names) for n, names in enumerate(groups)]
        if loading:
            controls.insert(0, {**self.control(-1, loading), "place": "loading"})
        found = self.round(controls, late=True)
        if loading and found[-1].get("status") != "checked":
            self.fail("The project cannot be loaded anew with only some of its tests.")
        failed = {str(name) for one in found.values() for name in one.get("failed", ())}
        for number, names in enumerate(groups):
            if found[-2 - number].get("status") != "checked":
                failed |= set(names)
        return failed

    def control(self, number: int, names: list[str]) -> Job:
        return {
            "id": number, "place": "body", "control": True, "tests": names, "path": "",
            "patience": [], "seconds": self.plan["control_seconds"],
            "waiting_seconds": self.plan["control_seconds"],
        }  # fmt: skip

    def round(self, jobs: list[Job], *, late: bool = False) -> dict[int, Message]:
        """Answers by id; jobs for which there was no time have none, unless it may be late."""
        waiting, answers = list(reversed(jobs)), dict[int, Message]()
        with selectors.DefaultSelector() as selector:
            for lane in self.lanes:
                selector.register(lane.connection, selectors.EVENT_READ, lane)
                self.next(lane, waiting, late=late)
            while any(lane.job for lane in self.lanes):
                for key, _ in selector.select(timeout=1.0):
                    lane = key.data
                    said = lane.answers()
                    if said is None:
                        self.fail(f"a lane ended while it tried {lane.job}")
                    for answer in said:
                        if answer.get("problem"):
                            self.fail(str(answer["problem"]))
                        self.seconds_left -= float(answer.pop("used", 0.0))
                        answers[answer["id"]] = answer
                        self.next(lane, waiting, late=late)
        return answers

    def next(self, lane: Lane, waiting: list[Job], *, late: bool) -> None:
        lane.job = None
        if waiting and (late or self.seconds_left > 0):
            lane.give(waiting.pop())

    def fail(self, problem: str) -> NoReturn:
        self.tell({"event": "problem", "message": problem[-4000:]})
        os._exit(1)


def await_file(path: str) -> str:
    """The content of a file that appears all at once; who waits in vain is ended from outside."""
    while not os.path.exists(path):  # noqa: PTH110 - a plain word
        time.sleep(0.005)
    return Path(path).read_text(encoding="utf-8")


def leave_nothing_to_chance() -> None:
    """Random numbers and property tests begin alike each time: the same project, the same score."""
    random.seed(0)
    hypothesis = sys.modules.get("hypothesis")
    if hypothesis is not None:
        settings = hypothesis.settings
        settings.register_profile("quantumlayer", derandomize=True, database=None)
        settings.load_profile("quantumlayer")


def laboratory(arguments: list[str], plan: dict[str, Any], out: int) -> None:
    """Everything in the child that never sees the key."""
    workspace, *folders = arguments
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    if folders:
        os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    sys.path[:0] = [workspace, *folders]
    import pytest  # noqa: F401, PLC0415 - paid here, once for all lanes

    lane_module = sibling("mutation_lane")
    for name in plan["modules"]:
        with contextlib.suppress(BaseException):
            importlib.import_module(name)
    leave_nothing_to_chance()
    lanes: list[Lane] = []
    for _ in range(plan["lanes"]):
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            ours.close()
            for lane in lanes:
                lane.connection.close()
            os.close(out)
            lane_module.run(workspace, plan["arguments"], theirs, sibling)
            os._exit(0)
        theirs.close()
        lanes.append(Lane(process, ours))

    def tell(message: Message) -> None:
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(out, line) :]

    Laboratory(json.loads(await_file(plan["jobs"])), lanes, tell).work()
    for lane in lanes:
        lane.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(lane.process, signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Sign what the laboratory says, between the first and the last record."""
    plan_end, plan_start = os.pipe()
    said_end, said_start = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(plan_start)
        os.close(said_end)
        os.close(int(os.environ.pop("SANDBOX_REPORT_FD")))
        with os.fdopen(plan_end, "rb") as stream:
            plan = json.loads(stream.read())
        laboratory(arguments, plan, said_start)
        os._exit(0)
    os.close(plan_end)
    os.close(said_start)
    emit, plan = sibling("channel").open_channel()
    emit("opened")
    with os.fdopen(plan_start, "wb") as stream:
        stream.write(json.dumps(plan).encode())
    with os.fdopen(said_end, "rb") as stream:
        for line in stream:
            message = json.loads(line)
            emit(message.pop("event"), **message)
    _, status = os.waitpid(child, 0)
    emit("closed", exit_status=os.waitstatus_to_exitcode(status))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
