"""Tests that ctest runs: it knows what their properties mean, and its word is held against ours.

Each test is run alone, so that what is heard is of it; tests that depend on others are run together
with those. A test whose program is the project's passes when ctest and the program's own end say
so. One whose command is of the system (a script, `cmake -E …`) proves something only if a program
of the project took part, or if it compares files.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from quantumlayer.qtest.payload.guarded import distrust, guarded
from quantumlayer.qtest.payload.native_ends import (
    COMPARERS,
    differences,
    is_compared,
    is_skip,
    problem_of_end,
)
from quantumlayer.qtest.payload.native_output import admitted, first_complaint, report_program
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import run
from quantumlayer.qtest.payload.witness import Testimony, Witness

SCRATCH = "/tmp/"  # noqa: S108 - the sandbox's own
REPORT = "/tmp/ctest.xml"  # noqa: S108 - as above
WHY = re.compile(r"\*\*\*(?P<why>\S.*?)\s+\d+\.\d+ sec")
NOT_ALONE = "Nothing of the project took part in it, so it proves nothing."


@dataclass(frozen=True)
class Test:
    """A test as ctest lists it, with its number there."""

    __test__ = False  # pytest would collect a class of this name

    number: int
    name: str
    command: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What ctest wrote of a test: its status, why it did not run, what it printed."""

    status: str
    message: str
    output: str


def listed(folder: str) -> list[Test]:
    """The tests of a build folder, before any of them runs."""
    listing = run(["ctest", "--show-only=json-v1"], folder=folder)
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return [
            Test(
                number,
                str(entry["name"]),
                tuple(map(str, entry.get("command", ()))),
                {each["name"]: each["value"] for each in entry.get("properties", ())},
            )
            for number, entry in enumerate(json.loads(listing.output)["tests"], start=1)
        ]
    return []


def run_tests(project: Session, witness: Witness, tests: Sequence[Test], folder: str) -> None:
    """Run tests that are listed, group by group."""
    project.emit("collected", names=[test.name for test in tests])
    witness.take()
    for group in groups(tests):
        run_group(project, witness, group, folder)


def groups(tests: Sequence[Test]) -> Iterator[list[Test]]:
    """Tests with those that they depend on, each once, in ctest's order."""
    together: dict[int, set[int]] = {test.number: {test.number} for test in tests}
    numbers = {test.name: test.number for test in tests}
    for test in tests:
        for name in test.properties.get("DEPENDS") or ():
            if name in numbers:
                joined = together[test.number] | together[numbers[name]]
                together |= dict.fromkeys(joined, joined)
    known = {test.number: test for test in tests}
    for number, members in together.items():
        if number == min(members):
            yield [known[each] for each in sorted(members)]


def run_group(project: Session, witness: Witness, tests: Sequence[Test], folder: str) -> None:
    """Have ctest run some tests, and hold its word against what was heard."""
    for test in tests:
        project.emit("started", name=test.name)
    first, *rest = (str(test.number) for test in tests)
    Path(REPORT).unlink(missing_ok=True)
    done = run(
        ["ctest", "-I", ",".join([first, first, "1", *rest]), "--output-junit", REPORT,
         "--output-on-failure", "--no-tests=error"],
        folder=folder,
        variables=guarded(witness),
        cap=project.plan["output_bytes"],
    )  # fmt: skip
    heard = witness.take()
    results = results_in(REPORT)
    for test in tests:
        judge(project, test, results.get(test.name, Result("", "", "")), heard, done.said)


def judge(
    project: Session, test: Test, result: Result, heard: Sequence[Testimony], printed: str
) -> None:
    """One test as a case."""
    said = result.output or printed
    if result.status == "disabled":
        project.case(test.name, "skipped", message="It is disabled.")
    elif result.status == "notrun":
        skipped = result.message.startswith("SKIP_")
        message = "It skipped itself." if skipped else f"It did not run: {result.message}."
        project.case(test.name, "skipped" if skipped else "error", message=message, details=said)
    elif result.status != "run":
        report_program(project, test.name, first_complaint(said) or reason(printed), said)
    elif takes_no_part(test, heard):
        project.case(test.name, "skipped", message=NOT_ALONE, details=said)
    else:
        report_program(project, test.name, doubt(test, heard, said), said)


def reason(printed: str) -> str:
    """Why a test failed, in ctest's words."""
    found = WHY.search(printed)
    return f"ctest says: {found['why'].removeprefix('Failed').strip() or 'failed'}." if found else (
        "ctest says nothing of it."
    )  # fmt: skip


def takes_no_part(test: Test, heard: Iterable[Testimony]) -> bool:
    """Whether a command of the system ran alone, and compared nothing."""
    if is_own(test):
        return False
    compares = "compare_files" in test.command or any(
        os.path.realpath(word) in COMPARERS for word in test.command[:1]
    )
    return not compares and not any(each.program.startswith(SCRATCH) for each in heard)


def doubt(test: Test, heard: Sequence[Testimony], said: str) -> str:
    """Why a test that ctest calls passed is not believed, or nothing."""
    program = os.path.realpath(test.command[0]) if test.command else ""
    turned = test.properties.get("WILL_FAIL") or test.properties.get("PASS_REGULAR_EXPRESSION")
    if not is_own(test):
        return "" if turned else problem_of_command(heard) or admitted(said)
    own = [each for each in heard if each.program == program]
    if len({each.pid for each in own}) != len(own):
        return distrust(own)
    if turned:
        # Status and output mean what the properties say, but a program must have begun.
        return "" if own and all(each.genuine for each in own) else distrust([])
    return next(filter(None, (distrust([each]) for each in own)), "" if own else distrust([])) or (
        admitted(said)
    )


def problem_of_command(heard: Sequence[Testimony]) -> str:
    """Why what a command of the system ran has not passed, or nothing."""
    for each in heard:
        own = each.program.startswith(SCRATCH) and not is_compared(each, heard)
        problem = problem_of_end(each) if own and not is_skip(each) else ""
        if problem:
            return problem
    found = differences(heard)
    return f"{Path(found[0].program).name} found a difference." if found else ""


def is_own(test: Test) -> bool:
    """Whether the command is a program that the project built."""
    program = test.command[0] if test.command else ""
    return program.startswith(SCRATCH) and is_binary(program)


def is_binary(program: str) -> bool:
    try:
        with Path(program).open("rb") as stream:
            return stream.read(4) == b"\x7fELF"
    except OSError:
        return False


def results_in(path: str) -> dict[str, Result]:
    """What ctest wrote of each test."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - of ctest, and bounded by the disk
    except (OSError, ET.ParseError):
        return {}
    found = {}
    for case in root.iter("testcase"):
        skipped = case.find("skipped")
        found[case.get("name", "")] = Result(
            case.get("status", ""),
            (skipped.get("message") or "") if skipped is not None else "",
            case.findtext("system-out") or "",
        )
    return found
