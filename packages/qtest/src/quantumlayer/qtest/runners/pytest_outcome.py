"""What the records of a pytest session mean."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.runners.outcome import Outcome, coverage_from
from quantumlayer.qtest.runners.pytest_trust import (
    CHANGED,
    Sources,
    interference_in,
    left_out_cases,
    objection,
    sources_of,
)
from quantumlayer.qtest.runners.readable import in_project, readable, relative_path
from quantumlayer.qtest.runners.records import Record, Records, line_number, number, text
from quantumlayer.qtest.runners.traces import traces_from

USAGE_ERROR = 4
LAST_PHASE = "teardown"


def pytest_outcome(records: Records) -> Outcome:
    """Group the phases of each test and account for every test that was collected."""
    phases: dict[str, list[Record]] = defaultdict(list)
    for record in records.named("phase"):
        phases[text(record, "name")].append(record)
    for name, found in phases.items():
        phases[name] = [{**phase, "ran": found[-1].get("ran")} for phase in found]
    starts = {text(record, "name"): record for record in records.named("started")}
    collected = Counter(
        name for record in records.named("collected") for name in record.get("names", ())
    )
    ended = Counter(
        text(record, "name") for record in records.named("phase") if record["when"] == LAST_PHASE
    )
    unfinished = [name for name in starts if not ended[name]]
    closings = records.named("closed", "ended")
    sources = sources_of(records)
    cases = [
        case_of(name, found, starts.get(name, {}), sources)
        for name, found in phases.items()
        if ended[name]
    ]
    beside = left_out_cases(sources, set(ended)) if records.named("collected") else ()
    return Outcome(
        cases=(
            *map(collection_case, collections(records)),
            *cases,
            *beside,
        ),
        coverage=coverage_from(records.named("file_coverage")),
        opened=bool(records.named("opened")),
        closed=bool(closings) and records.events[-1]["event"] in ("closed", "ended"),
        genuine=records.genuine and not records.named("forged"),
        running=unfinished[-1] if unfinished else "",
        missing=tuple((collected - ended).elements()),
        exit_status=int(number(closings[-1], "exit_status")) if closings else None,
        problem=interference_in(records, sources) or problem_of(records),
        unrun=sources.unmade,
        left_out=len(beside),
        tampered=tuple(
            path for record in records.named("tampered") for path in record.get("paths", ())
        ),
        traces=traces_from(records.named("touching"), records.named("touched")),
    )


def case_of(name: str, phases: list[Record], start: Record, sources: Sources) -> TestCase:
    """One test from its phases: setup, call, teardown."""
    path, _, rest = name.partition("::")
    # A part that is skipped takes nothing from the test that goes on after it.
    counted = [one for one in phases if not (one.get("part") and one.get("truth") == "skipped")]
    decisive = max(counted or phases, key=lambda phase: SEVERITY[outcome_of(phase, sources)])
    failing_place = text(decisive, "path")
    line = line_number(decisive) if in_project(failing_place) else None
    first_line = line_number(start)
    outcome = outcome_of(decisive, sources)
    return TestCase(
        name=rest or name,
        path=path,
        line=line or (None if first_line is None else first_line + 1),
        outcome=outcome,
        message=message_of(decisive, outcome, sources),
        details=readable(text(decisive, "details")),
        duration_seconds=round(sum(number(phase, "duration") for phase in phases), 6),
    )


SEVERITY = {
    CaseOutcome.PASSED: 0,
    CaseOutcome.XFAILED: 1,
    CaseOutcome.SKIPPED: 2,
    CaseOutcome.ERROR: 3,
    CaseOutcome.FAILED: 4,
}


def outcome_of(phase: Record, sources: Sources) -> CaseOutcome:
    """The worst of what pytest reported, what the call itself did, and what was seen inside."""
    distrusted = phase.get("truth") == "unknown" or objection(phase, sources)
    if distrusted or "failed" in (phase.get("outcome"), phase.get("truth")):
        return CaseOutcome.FAILED if phase["when"] == "call" else CaseOutcome.ERROR
    if phase.get("expected_failure") is not None:
        return CaseOutcome.XFAILED
    if phase.get("outcome") == "passed" == phase.get("truth"):
        return CaseOutcome.PASSED
    return CaseOutcome.SKIPPED


def message_of(phase: Record, outcome: CaseOutcome, sources: Sources) -> str:
    expected = text(phase, "expected_failure")
    if outcome is CaseOutcome.XFAILED:
        return readable(expected)
    if outcome in (CaseOutcome.FAILED, CaseOutcome.ERROR) and phase.get("outcome") != "failed":
        return objection(phase, sources) or CHANGED
    return readable(text(phase, "message"))


def collections(records: Records) -> Iterable[Record]:
    return records.named("collection_failed", "collection_skipped")


def collection_case(record: Record) -> TestCase:
    """A file that could not be loaded, or that skips itself as a whole."""
    failed = record["event"] == "collection_failed"
    path = relative_path(text(record, "name").partition("::")[0])
    place = text(record, "path")
    message = readable(text(record, "message"))
    return TestCase(
        name=f"loading {path or 'the project'}",
        path=path,
        line=line_number(record) if in_project(place) and relative_path(place) == path else None,
        outcome=CaseOutcome.ERROR if failed else CaseOutcome.SKIPPED,
        message=loading_message(message) if failed else message,
        details=readable(text(record, "details")),
    )


def loading_message(message: str) -> str:
    """The `E` lines of a traceback: for an import error, pytest hands over the whole of it."""
    marked = [line[1:].strip() for line in message.splitlines() if line.startswith("E ")]
    return "\n".join(marked) if marked else message.strip()


def problem_of(records: Records) -> str:
    """Why the session ended early, in a sentence, or nothing."""
    for record in records.named("internal_error", "interrupted"):
        last = (readable(text(record, "message")).strip().splitlines() or ["no message"])[-1]
        return f"The test session was broken off: {last}"
    for record in records.named("finished"):
        if text(record, "stopped"):
            return f"The test session was stopped: {text(record, 'stopped')}"
    for record in records.named("closed"):
        if number(record, "exit_status") == USAGE_ERROR:
            return "pytest refused to start, because of the project's configuration or conftest.py."
    return ""
