"""What the records of `node --test` mean."""

import re
from collections.abc import Mapping

from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.runners.outcome import Outcome, coverage_from
from quantumlayer.qtest.runners.readable import in_project, readable, relative_path
from quantumlayer.qtest.runners.records import Record, Records, line_number, number, text

TEST_FILE = re.compile(
    r"(^|/)(tests?|__tests__)/|(^|/)test[-_.][^/]*$|[-_.](test|spec)\.[cm]?[jt]sx?$"
)
FAILED_CHILDREN = "subtestsFailed"
USELESS = "test failed"


def node_outcome(records: Records) -> Outcome:
    """Cases with their full names; a file is a case only when it failed as a whole."""
    cases: list[TestCase] = []
    path: list[str] = []
    for record in records.named("started", "passed", "failed"):
        depth = int(number(record, "nesting"))
        path[depth:] = [text(record, "name")]
        if record["event"] != "started" and is_case(record):
            cases.append(case_of(record, path))
    return Outcome(
        cases=tuple(cases),
        coverage=coverage_from(filter(is_source, records.named("file_coverage"))),
        opened=bool(records.named("opened")),
        closed=bool(records.events) and records.events[-1]["event"] == "finished",
        genuine=records.genuine,
        running=running_test(records),
        exit_status=0,
        problem=interference_in(records),
        tampered=tuple(
            path for record in records.named("tampered") for path in record.get("paths", ())
        ),
    )


def interference_in(records: Records) -> str:
    """Why the results are not those that the processes of the test files sent, or nothing.

    Each of them says in the end how many it sent; one that says nothing was ended or silenced.
    Where this version of Node sends them in a way that we cannot count, nothing can be compared.
    """
    spoken = [record.get("spoken") for record in records.named("testimony")]
    if not all(record.get("genuine") for record in records.named("testimony")):
        return "Something in the project spoke in the name of the test runner."
    if not all(isinstance(each, Mapping) and each.get("finished") for each in spoken):
        return "A test file's process ended without having said that its tests had finished."
    counts = [each.get("sent") for each in spoken if isinstance(each, Mapping)]
    known = [count for count in counts if isinstance(count, Mapping)]
    if len(known) != len(counts):
        return ""
    for event in ("passed", "failed"):
        told = sum(not is_whole_file(record) for record in records.named(event))
        if told != sum(int(number(count, event)) for count in known):
            return "Something in the project changed the results of tests on their way."
    return ""


def is_case(record: Record) -> bool:
    """Whether a result stands for a test of its own.

    A file and a suite are not tests; they count only for what goes wrong in themselves, such as a
    file that cannot be loaded or a hook that throws.
    """
    group = record.get("suite") is True or is_whole_file(record)
    if not group:
        return True
    return record["event"] == "failed" and record.get("kind") != FAILED_CHILDREN


def is_whole_file(record: Record) -> bool:
    name, file = text(record, "name"), text(record, "file")
    return (
        number(record, "nesting") == 0
        and bool(file)
        and (name == file or file.endswith(f"/{name}"))
    )


def case_of(record: Record, names: list[str]) -> TestCase:
    file = relative_path(text(record, "file"))
    whole = is_whole_file(record)
    details = readable(text(record, "printed") if whole else text(record, "details"))
    return TestCase(
        name=f"{file} as a whole" if whole else " > ".join(names),
        path=file,
        line=None if whole else line_number(record),
        outcome=outcome_of(record),
        message=file_message(details) if whole else readable(text(record, "message")),
        details=details,
        duration_seconds=round(number(record, "duration"), 6),
    )


def outcome_of(record: Record) -> CaseOutcome:
    if record.get("todo") is True:
        return CaseOutcome.XFAILED
    if record.get("skipped") is True:
        return CaseOutcome.SKIPPED
    if record["event"] == "passed":
        return CaseOutcome.PASSED
    return CaseOutcome.ERROR if is_whole_file(record) or record.get("suite") else CaseOutcome.FAILED


def file_message(printed: str) -> str:
    """The line of a crashed process's output that names the error."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    named = [
        line for line in lines if re.match(r"(Uncaught )?\w*Error\b.*:|The test process", line)
    ]
    return (
        named or lines or ["The test file failed outside of its tests, for example in a hook."]
    )[0]


def running_test(records: Records) -> str:
    """The test that had begun and not ended, else the file."""
    open_tests: dict[tuple[str, str], None] = {}
    for record in records.named("dequeued", "completed"):
        place = (relative_path(text(record, "file")), relative_path(text(record, "name")))
        if record["event"] == "dequeued":
            open_tests[place] = None
        else:
            open_tests.pop(place, None)
    if not open_tests:
        return ""
    file, name = list(open_tests)[-1]
    return name if name == file else f"{file}: {name}"


def is_source(record: Record) -> bool:
    path = relative_path(text(record, "path"))
    return in_project(path) and not TEST_FILE.search(path)
