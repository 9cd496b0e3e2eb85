"""What a runner's records say, before anybody judges it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quantumlayer.qtest.model import (
    CaseOutcome,
    Coverage,
    Diagnostic,
    FileCoverage,
    TestCase,
)
from quantumlayer.qtest.runners.readable import relative_path
from quantumlayer.qtest.runners.records import Record, number, text
from quantumlayer.qtest.runners.traces import Traces


@dataclass(frozen=True)
class Outcome:
    """A run as its runner reported it.

    `opened` and `closed`: our reporter started, and came to its own end. `running`: the test that
    had started and not ended. `missing`: tests that were found and never ended. `exit_status`: what
    the runner said it would exit with (None when it does not say). `problem`: why the runner
    stopped early. `absent`: what this machine lacks, so that nothing could be found out.
    `diagnostics`: why it does not compile. `tampered`: files that decide the verdict
    and were changed while it was being found. `traces`: which test ran which line, where the runner
    can tell. `unrun`: tests of the sources that the runner passes over without a word,
    `left_out`: how many the project's settings leave out.
    """

    cases: tuple[TestCase, ...] = ()
    coverage: Coverage | None = None
    opened: bool = False
    closed: bool = False
    genuine: bool = True
    running: str = ""
    missing: tuple[str, ...] = ()
    exit_status: int | None = None
    problem: str = ""
    absent: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    tampered: tuple[str, ...] = ()
    traces: Traces | None = None
    unrun: tuple[str, ...] = ()
    left_out: int = 0
    counts: Mapping[CaseOutcome, int] = field(init=False)

    def __post_init__(self) -> None:
        """Count the cases once."""
        counts = {kind: sum(case.outcome is kind for case in self.cases) for kind in CaseOutcome}
        object.__setattr__(self, "counts", counts)


def coverage_from(records: Iterable[Record]) -> Coverage | None:
    """Add up the records of single files. None when nothing was measured."""
    measured = [record for record in records if number(record, "statements") > 0]
    if not measured:
        return None
    statements, covered, branches, taken = (
        sum(number(record, name) for record in measured)
        for name in ("statements", "covered", "branches", "covered_branches")
    )
    files = tuple(sorted(map(file_coverage, measured), key=lambda entry: entry.path))
    return Coverage(
        lines_percent=percent(covered, statements),
        branches_percent=percent(taken, branches) if branches else None,
        files=files,
    )


def file_coverage(record: Record) -> FileCoverage:
    missing = record.get("missing") or ()
    return FileCoverage(
        path=relative_path(text(record, "path")),
        lines_percent=percent(number(record, "covered"), number(record, "statements")),
        missing_lines=tuple(line for line in missing if isinstance(line, int)),
        lines=int(number(record, "statements")),
    )


def percent(part: float, whole: float) -> float:
    return round(100.0 * part / whole, 2)
