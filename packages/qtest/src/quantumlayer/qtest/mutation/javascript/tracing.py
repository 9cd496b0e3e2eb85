"""From what test programs said of their tests to traces: which test ran which point."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.qtest.runners.readable import readable, relative_path
from quantumlayer.qtest.runners.records import Record, number, text
from quantumlayer.qtest.runners.traces import LOADING, Traces

Point = tuple[int, int]


@dataclass(frozen=True)
class Traced:
    """One test as it is without any change: its name in reports, its program, what it took.

    `program` is the number of what ran it, `called` its name there, `starting` the seconds that the
    program used beside its tests.
    """

    name: str
    program: str
    called: str
    path: str
    seconds: float
    starting: float
    ran: int


@dataclass(frozen=True)
class Tracing:
    """All tests that passed, the points that ran while something was loaded, and what did not."""

    tests: Mapping[str, Traced]
    loaded: int
    problems: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()


def traced(records: Iterable[Record]) -> Tracing:
    """What the records of a session say."""
    tests: dict[str, Traced] = {}
    loaded, problems, failing = 0, [], []
    for record in records:
        program = text(record, "program")
        loaded |= int(text(record, "loaded") or "0", 16)
        if not record.get("ended"):
            said = (readable(text(record, "said")).strip().splitlines() or ["it said nothing"])[-1]
            problems.append(f"{text(record, 'problem') or said}")
            continue
        found: Sequence[Mapping[str, Any]] = record.get("tests", ())
        taken = sum(number(each, "duration") for each in found)
        for each in found:
            path = relative_path(text(each, "path")) or program.partition(":")[2]
            test = Traced(
                name=f"{path}::{text(each, 'name')}",
                program=program,
                called=text(each, "name"),
                path=path,
                seconds=number(each, "duration"),
                starting=max(0.2, number(record, "used") - taken),
                ran=int(text(each, "ran") or "0", 16),
            )
            if text(each, "outcome") == "passed":
                tests[test.name] = test
            elif text(each, "outcome") == "failed":
                failing.append(test.name)
    return Tracing(tests, loaded, tuple(problems), tuple(failing))


def traces_of(tracing: Tracing, first: Mapping[str, int], counts: Mapping[str, int]) -> Traces:
    """The points of each file by their numbers in it; among all, `first` is its first."""
    files: dict[str, dict[int, int]] = {path: {} for path in first}
    contexts = ("", *tracing.tests)
    masks = [tracing.loaded, *(test.ran for test in tracing.tests.values())]
    for bit, mask in enumerate(masks):
        for path, start in first.items():
            own = mask >> start & ((1 << counts[path]) - 1)
            for point in _bits(own):
                files[path][point] = files[path].get(point, 0) | (LOADING << bit)
    return Traces(contexts, files)


def _bits(mask: int) -> Iterable[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
