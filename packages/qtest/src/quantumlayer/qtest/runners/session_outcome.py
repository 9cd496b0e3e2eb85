"""What the records of a compiled language's session mean."""

from collections import Counter

from quantumlayer.qtest.model import CaseOutcome, Diagnostic, TestCase
from quantumlayer.qtest.runners.outcome import Outcome, coverage_from
from quantumlayer.qtest.runners.readable import readable
from quantumlayer.qtest.runners.records import Record, Records, line_number, number, text

ENDED = (CaseOutcome.PASSED, CaseOutcome.FAILED, CaseOutcome.ERROR, CaseOutcome.SKIPPED)


def session_outcome(records: Records) -> Outcome:
    """Cases, and every test that the compiler put into a program and nobody saw end."""
    diagnostics = tuple(map(diagnostic_of, records.named("complaint")))
    refused = records.named("build_failed")
    cases = tuple(map(case_of, records.named("case")))
    if refused:
        cases = (building_case(refused[0], diagnostics), *cases)
    collected = Counter(
        name for record in records.named("collected") for name in record.get("names", ())
    )
    # Several files may each have a test of the same name: every one of them has to end.
    ended = Counter(case.name for case in cases)
    started = [text(record, "name") for record in records.named("started")]
    return Outcome(
        cases=cases,
        coverage=coverage_from(records.named("file_coverage")),
        opened=bool(records.named("opened")),
        closed=bool(records.events) and records.events[-1]["event"] == "closed",
        genuine=records.genuine and not records.named("forged"),
        running=started[-1] if started and not ended[started[-1]] else "",
        missing=tuple((collected - ended).elements()),
        exit_status=0,
        problem=problem_of(records),
        absent=next((readable(text(each, "reason")) for each in records.named("absent")), ""),
        diagnostics=diagnostics,
        tampered=tuple(
            dict.fromkeys(
                path for record in records.named("tampered") for path in record.get("paths", ())
            )
        ),
    )


def case_of(record: Record) -> TestCase:
    return TestCase(
        name=text(record, "name"),
        path=text(record, "path"),
        line=line_number(record),
        outcome=CaseOutcome(text(record, "outcome")),
        message=readable(text(record, "message")),
        details=readable(text(record, "details")),
        duration_seconds=number(record, "duration"),
    )


def diagnostic_of(record: Record) -> Diagnostic:
    return Diagnostic(
        path=text(record, "path"),
        line=line_number(record),
        column=line_number(record, "column"),
        message=readable(text(record, "message")),
    )


def building_case(record: Record, diagnostics: tuple[Diagnostic, ...]) -> TestCase:
    """A project that does not compile, as a case of its own."""
    said = readable(text(record, "said"))
    first = diagnostics[0] if diagnostics else None
    lines = [
        line.strip()
        for line in said.splitlines()
        if line.strip() and not line.startswith(("FAIL", "ok ", "#"))
    ]
    return TestCase(
        name="building the project",
        path=first.path if first else "",
        line=first.line if first else None,
        outcome=CaseOutcome.ERROR,
        message=first.message if first else (lines or ["The build failed."])[-1],
        details=said,
    )


def problem_of(records: Records) -> str:
    for _ in records.named("flooded"):
        return "The tests were stopped because they wrote more output than their limit."
    for record in records.named("problem"):
        return readable(text(record, "message"))
    return ""
