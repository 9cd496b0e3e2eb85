"""Tests that ctest runs: it knows what their properties mean, and its word is held against ours.

Tests whose command is a program of the project are run one after the other by one ctest: what is
heard names its program, and comes in their order. All others are run alone, or with those that they
depend on, so that what is heard is of them. A test whose program is the project's passes when ctest
and the program's own end say so. One whose command is of the system (a script, `cmake -E …`) proves
something only if a program of the project took part, or if it compares files.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from quantumlayer.qtest.payload.ctest_words import (
    SCRATCH,
    Result,
    Test,
    groups,
    is_own,
    program_of,
    results_in,
)
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

REPORT = "/tmp/ctest.xml"  # noqa: S108 - the sandbox's own
QUIET_BYTES = 1024
OUTPUT_BYTES = str(1 << 16)
STARTS = re.compile(rb"\s*Start +(\d+): ")
WHY = re.compile(r"\*\*\*(?P<why>\S.*?)\s+\d+\.\d+ sec")
NOT_ALONE = "Nothing of the project took part in it, so it proves nothing."


def run_tests(project: Session, witness: Witness, tests: Sequence[Test], folder: str) -> None:
    """Run tests that are listed, group by group."""
    project.emit("collected", names=[test.shown for test in tests])
    witness.take()
    apart = list(groups(tests))
    plain = [test for group in apart if all(map(is_plain, group)) for test in group]
    rest = [group for group in apart if not all(map(is_plain, group))]
    for group in [*([plain] if plain else []), *rest]:
        run_group(project, witness, group, folder)


def is_plain(test: Test) -> bool:
    """Whether what is heard of a test, and what ctest writes of it, can be told from all others."""
    return is_own(test) and test.shown == test.name


def run_group(project: Session, witness: Witness, tests: Sequence[Test], folder: str) -> None:
    """Have ctest run some tests, and hold its word against what was heard."""
    names = {test.number: test.shown for test in tests}

    def follow(line: bytes) -> None:
        found = STARTS.match(line)
        if found and int(found[1]) in names:
            project.emit("started", name=names[int(found[1])])

    first, *rest = map(str, names)
    Path(REPORT).unlink(missing_ok=True)
    done = run(
        ["ctest", "-I", ",".join([first, first, "1", *rest]), "--output-junit", REPORT,
         "--output-on-failure", "--no-tests=error", "--test-output-size-passed", OUTPUT_BYTES],
        folder=folder,
        variables=guarded(witness),
        on_line=follow,
        cap=project.plan["output_bytes"] + QUIET_BYTES * len(tests),
    )  # fmt: skip
    heard = witness.take()
    results = results_in(REPORT)
    ends = attributed(tests, results, heard)
    for test in tests:
        result = results.get(test.name, Result("", "", ""))
        printed = done.said if len(tests) == 1 else about(test, done.output)
        judge(project, test, result, ends[test.name], printed)


def attributed(
    tests: Sequence[Test], results: Mapping[str, Result], heard: Sequence[Testimony]
) -> dict[str, list[Testimony]]:
    """What was heard of each test: where several have one program, in the order of their results.

    Where the numbers differ, all that was heard of a program is held against each of its tests.
    """
    known = {test.name: test for test in tests}
    ran = [known[name] for name, result in results.items() if name in known and result.ran]
    found = {test.name: list(heard) for test in tests}
    for program in {program_of(test) for test in tests if is_own(test)}:
        own = [each for each in heard if each.program == program]
        of_it = [test for test in ran if program_of(test) == program]
        for test in tests:
            if program_of(test) == program:
                found[test.name] = own
        if len(own) == len(of_it) == len({each.pid for each in own}):
            found |= {test.name: [end] for test, end in zip(of_it, own, strict=True)}
    return found


def about(test: Test, output: str) -> str:
    """The line that ctest printed for a test."""
    found = re.search(rf"^.*Test +#{test.number}: .*$", output, re.MULTILINE)
    return found[0] if found else ""


def judge(
    project: Session, test: Test, result: Result, heard: Sequence[Testimony], printed: str
) -> None:
    """One test as a case."""
    said = result.output or printed
    if result.status == "disabled":
        project.case(test.shown, "skipped", message="It is disabled.")
    elif result.status == "notrun":
        skipped = result.message.startswith("SKIP_")
        message = "It skipped itself." if skipped else f"It did not run: {result.message}."
        project.case(test.shown, "skipped" if skipped else "error", message=message, details=said)
    elif result.status != "run":
        report_program(project, test.shown, first_complaint(result.output) or reason(printed), said)
    elif takes_no_part(test, heard):
        project.case(test.shown, "skipped", message=NOT_ALONE, details=said)
    else:
        report_program(project, test.shown, doubt(test, heard, result.output), said)


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
    turned = test.properties.get("WILL_FAIL") or test.properties.get("PASS_REGULAR_EXPRESSION")
    if not is_own(test):
        return "" if turned else problem_of_command(heard) or admitted(said)
    if len({each.pid for each in heard}) != len(heard):
        return distrust(heard)
    if turned:
        # Status and output mean what the properties say, but a program must have begun.
        return "" if heard and all(each.genuine for each in heard) else distrust([])
    ends = [distrust([each]) for each in heard] or [distrust([])]
    return next(filter(None, ends), "") or admitted(said)


def problem_of_command(heard: Sequence[Testimony]) -> str:
    """Why what a command of the system ran has not passed, or nothing."""
    for each in heard:
        own = each.program.startswith(SCRATCH) and not is_compared(each, heard)
        problem = problem_of_end(each) if own and not is_skip(each) else ""
        if problem:
            return problem
    found = differences(heard)
    return f"{Path(found[0].program).name} found a difference." if found else ""
