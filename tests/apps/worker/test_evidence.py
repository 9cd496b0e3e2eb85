"""What agents are told of tests that do not notice a change, and of what others ask for."""

from quantumlayer.agents.integrator import grouped
from quantumlayer.qlayer import FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.quality import DeliverySummary, Finding, RungSummary, Severity
from quantumlayer.qtest import (
    CaseOutcome,
    Diagnostic,
    Mutant,
    MutantStatus,
    MutationReport,
    TestCase,
    TestReport,
    Verdict,
)
from quantumlayer.router import FileNote
from quantumlayer.worker.evidence import problems_of, problems_of_notes, unnoticed_changes


def mutant(status: MutantStatus) -> Mutant:
    return Mutant(
        path="a.py", line=3, column=1, operator="boundary", before="a > b", after="a >= b",
        status=status,
    )  # fmt: skip


def test_changes_that_no_test_noticed_are_told_with_their_line() -> None:
    report = MutationReport(reason="", mutants=tuple(mutant(status) for status in MutantStatus))
    assert unnoticed_changes(report, SourceTree()) == {
        "a.py": [
            "line 3: `a > b` changed to `a >= b`",
            "line 3: `a > b` changed to `a >= b` (no test runs this line)",
        ]
    }


def test_changes_of_what_came_with_the_stack_are_nobodys_to_notice() -> None:
    given = SourceFile(path="a.py", sha256="0" * 64, size=1, role=FileRole.SOURCE, origin="stack")
    report = MutationReport(reason="", mutants=(mutant(MutantStatus.SURVIVED),))
    assert unnoticed_changes(report, SourceTree(files=(given,))) == {}


def test_what_a_writer_asks_of_another_file_is_told_with_who_asks_and_where() -> None:
    notes = [FileNote(path="shop/tax.py", text="It has to round up.")]
    said = grouped(problems_of_notes(["shop/price.py", "shop/cart.py"], notes))
    assert "shop/price.py, shop/cart.py" in said
    assert "(shop/tax.py): It has to round up." in said


def report(verdict: Verdict, **more: object) -> TestReport:
    values = {"verdict": verdict, "reason": "why", "runner": "pytest", "language": "python", **more}
    return TestReport.model_validate(values)


def finding(severity: Severity) -> Finding:
    return Finding(
        rule="r", severity=severity, path="a.py", line=3, message="bad", tool="rules", excerpt="x="
    )


def test_all_that_stands_in_the_way_is_told_with_its_place() -> None:
    failing = TestCase(
        name="test_r1", path="tests/test_a.py", outcome=CaseOutcome.FAILED, message="one\ntwo",
        details="line 3",
    )  # fmt: skip
    passing = TestCase(name="test_r2", path="tests/test_a.py", outcome=CaseOutcome.PASSED)
    delivery = DeliverySummary(
        tier="sandbox",
        rungs=(
            RungSummary(rung="start", outcome="broken", reason="deaf", evidence="log"),
            RungSummary(rung="stop", outcome="skipped"),
        ),
    )
    found = problems_of(
        [finding(Severity.HIGH), finding(Severity.LOW)],
        report(Verdict.FAILED, cases=(failing, passing)),
        delivery,
        ["1 test of 2 did not pass."],
    )
    assert [(one.kind, one.place, one.cause, one.details) for one in found] == [
        ("r", "a.py:3:1", "bad", "x="),
        ("a test fails", "tests/test_a.py::test_r1", "one", "two\nline 3"),
        ("as delivered, at `start`", "", "deaf", "log"),
        ("the verdict", "", "1 test of 2 did not pass.", ""),
    ]


def test_what_does_not_compile_or_never_ran_is_told_by_its_report() -> None:
    broken = report(
        Verdict.FAILED, diagnostics=(Diagnostic(path="a.go", line=2, message="undefined: x"),)
    )
    assert [one.place for one in problems_of([], broken, None, [])] == ["a.go:2"]
    (nothing,) = problems_of([], report(Verdict.NO_TESTS, output="none"), None, [])
    assert (nothing.cause, nothing.details) == ("no_tests: why", "none")
    assert problems_of([], report(Verdict.PASSED), None, []) == []
