"""Tries changes of JavaScript and TypeScript in the sandbox; each in a process of its own.

No code of the project runs in here. The plan has `programs`, by number: `words` to start each with,
its `environment`, and how it is told which tests to run (`filter`, see `trial_words`). Then either
`trace`, the numbers of those whose tests are run without any change, to learn which `points` each
of them runs (a file that the programs read); or `jobs`, of which each is one change:

`id`, `path`, `start` and `end` (bytes), `replacement`, `point`; `tests`, [program, name] of each,
in order; `seconds` that a program may use and wait, and of these in each test at most
`waiting_seconds` in which it does nothing; `groups`, those whose tests these are: of a group that
has noticed the first two changes, or was shown three, no more are tried, unless they are
`decisive`, which whoever looks at anything notices. Of programs that are known to run more than
their tests do (`looks`), a change that nobody notices counts if it has run. Time in which the
machine lets a program wait counts nowhere. No job is begun once `seconds` of the plan are used.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.channel import Emit, open_channel
from quantumlayer.qtest.payload.trial_program import run_program
from quantumlayer.qtest.payload.trial_words import Heard

Job = dict[str, Any]
Answer = dict[str, Any]
CONTROL_SECONDS = 60.0
DECIDING = 2
MOST_OF_A_GROUP = 3


class Laboratory:
    """Does the work of one plan, one program after another."""

    def __init__(self, plan: Mapping[str, Any], emit: Emit) -> None:
        """`emit` signs what is told."""
        self.plan = plan
        self.emit = emit
        self.programs: Mapping[str, Mapping[str, Any]] = plan["programs"]
        self.seconds_left = float(plan.get("seconds", CONTROL_SECONDS))

    def trace(self) -> None:
        """The tests as they are: how each ends, and what it runs."""
        for number in self.plan["trace"]:
            heard = run_program(
                self.programs[number], None, self.limits(), points=self.plan["points"]
            )
            self.emit(
                "traced",
                program=number,
                loaded=bits(heard.loaded),
                tests=[{**test, "ran": bits(test["ran"])} for test in heard.tests.values()],
                ended=heard.ended,
                problem=heard.problem,
                said=heard.said,
                used=heard.used,
            )

    def try_all(self) -> None:
        """All jobs; then what their results lean on: that the tests pass without any change."""
        jobs: Sequence[Job] = self.plan["jobs"]
        answers = self.round(jobs)
        unreliable = self.unreliable(jobs, answers)
        if unreliable:
            again = [
                {**job, "tests": left}
                for job in jobs
                if noticed_by(answers.get(job["id"])) in unreliable
                and (left := [one for one in job["tests"] if tuple(one) not in unreliable])
            ]
            answers = {
                number: answer
                for number, answer in answers.items()
                if noticed_by(answer) not in unreliable
            } | self.round(again)
        for answer in answers.values():
            if answer["status"] != "unreached":
                self.emit("mutant", **answer)
        self.emit("unreliable", tests=[list(one) for one in sorted(unreliable)][:100])

    def round(self, jobs: Sequence[Job]) -> dict[int, Answer]:
        """Answers by id; jobs for which there was no time have none."""
        found: dict[int, Answer] = {}
        tried: dict[str, list[bool]] = {}
        for job in jobs:
            if self.seconds_left <= 0:
                break
            if job["groups"] and all(is_decided(tried.get(group, [])) for group in job["groups"]):
                continue
            path = Path(job["path"])
            content = path.read_bytes()
            changed = content[: job["start"]] + job["replacement"].encode() + content[job["end"] :]
            path.write_bytes(changed)
            try:
                found[job["id"]] = {"id": job["id"], **self.tried(job)}
            finally:
                path.write_bytes(content)
            status = found[job["id"]]["status"]
            counts = status != "unreached" and not job["decisive"]
            for group in job["groups"] if counts else ():
                noticed = status != "survived"
                tried.setdefault(group, []).append(noticed)
        return found

    def tried(self, job: Job) -> Answer:
        """What became of a change: the programs of its tests, up to the first that notices it."""
        reached = False
        for number in dict.fromkeys(program for program, _ in job["tests"]):
            program = self.programs[number]
            wanted = [name for program, name in job["tests"] if program == number]
            looking = self.plan["points"] if program["looks"] else ""
            heard = run_program(program, wanted, job, points=looking)
            self.seconds_left -= heard.used
            if heard.late:
                return {"status": "timed_out"}
            if failed := first_failed(heard, wanted):
                return {"status": "killed", "test": [number, failed]}
            reached = reached or not program["looks"] or heard.reached(job["point"])
        return {"status": "survived" if reached else "unreached"}

    def unreliable(
        self, jobs: Sequence[Job], answers: Mapping[int, Answer]
    ) -> set[tuple[str, str]]:
        """The tests that noticed a change and fail without one, too, with others or alone."""
        noticing: dict[str, dict[str, None]] = {}
        for job in jobs:
            number, name = noticed_by(answers.get(job["id"]))
            if number:
                noticing.setdefault(number, {})[name] = None
        doubtful = [
            (number, name)
            for number, names in noticing.items()
            for name in self.failing(number, list(names))
        ]
        return {one for one in doubtful if self.failing(one[0], [one[1]])}

    def failing(self, number: str, names: list[str]) -> list[str]:
        """Of these tests, those that do not pass without a change."""
        if not names:
            return []
        program = self.programs[number]
        looking = self.plan["points"] if program["looks"] else ""
        heard = run_program(program, names, self.limits(), points=looking)
        return [name for name in names if heard.outcome(name) != "passed"]

    def limits(self) -> Mapping[str, float]:
        seconds = float(self.plan.get("control_seconds", CONTROL_SECONDS))
        return {"seconds": seconds, "waiting_seconds": seconds}


def is_decided(noticed: Sequence[bool]) -> bool:
    """Whether no other change could tell more of a group: it notices what it was shown."""
    return len(noticed) >= MOST_OF_A_GROUP or (len(noticed) >= DECIDING and all(noticed))


def noticed_by(answer: Answer | None) -> tuple[str, str]:
    """The program and the name of the test that noticed a change, both empty for none."""
    number, name = (answer or {}).get("test") or ("", "")
    return number, name


def first_failed(heard: Heard, wanted: Sequence[str]) -> str:
    """The test that noticed; where the program did not come to it, the first that is missing.

    In the order in which they ran: how much had been heard when one failed is a matter of chance.
    """
    failed = [name for name in heard.tests if name in wanted and heard.outcome(name) == "failed"]
    return next(iter(failed or [name for name in wanted if heard.outcome(name) != "passed"]), "")


def bits(numbers: Sequence[int]) -> str:
    """Numbers as the bits of one, in hexadecimal digits."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return f"{found:x}"


def run() -> None:
    """The session, from its plan to its last record."""
    emit, plan = open_channel()
    emit("opened")
    laboratory = Laboratory(plan, emit)
    if "trace" in plan:
        laboratory.trace()
    else:
        laboratory.try_all()
    emit("finished")
    emit("closed")
