"""The verdict follows from the evidence, and every reason is a sentence."""

import pytest

from quantumlayer.qlayer.quality import (
    Finding,
    QualityPolicy,
    QualityReport,
    RequirementState,
    Severity,
    assess,
    can_be_mended,
)
from quantumlayer.qlayer.requirements import Language, RequirementCategory
from quantumlayer.qtest import CaseOutcome, Coverage, FileCoverage, TestReport, Verdict
from tests.support import sample_project as sample


def finding(rule: str, severity: Severity, path: str = "library/loans.py") -> Finding:
    return Finding(rule=rule, severity=severity, path=path, line=4, message="…", tool="ruff")


def assessed(
    tests: TestReport | None,
    *findings: Finding,
    policy: QualityPolicy | None = None,
) -> QualityReport:
    return assess(sample.requirements(), sample.blueprint(), sample.tree(), findings, tests, policy)


def test_a_project_that_meets_the_bar_passes() -> None:
    report = assessed(sample.passed_tests())
    assert report.verdict is Verdict.PASSED
    (reason,) = report.reasons
    assert reason == (
        "All 2 tests passed, covering 92.3 % of the lines; "
        "0 of 3 requirements are proved, only tested: R1, R2, only claimed: R3. "
        "Whether its tests notice a break was not tried."
    )


def test_what_was_assumed_and_not_understood_stands_in_the_report() -> None:
    asked = sample.partly_understood()
    report = assess(asked, sample.blueprint(), sample.tree(), (), sample.passed_tests())
    assert report.assumptions == asked.assumptions
    assert report.not_understood == asked.not_understood


def test_what_was_not_understood_is_missing_however_well_the_tests_pass() -> None:
    asked = sample.partly_understood()
    report = assess(asked, sample.blueprint(), sample.tree(), (), sample.passed_tests())
    assert report.verdict is Verdict.INCOMPLETE
    (reason,) = report.reasons
    assert reason.startswith("Missing, because it was not understood: “")
    assert asked.not_understood[0].text in reason


def test_what_is_broken_is_failed_and_says_what_is_missing_too() -> None:
    asked = sample.partly_understood()
    severe = finding("S608", Severity.HIGH)
    report = assess(asked, sample.blueprint(), sample.tree(), (severe,), sample.passed_tests())
    assert report.verdict is Verdict.FAILED
    assert report.reasons[0].startswith("1 finding of high severity")
    assert report.reasons[1].startswith("Missing, because")
    assert report.missing == report.reasons[1:]


def test_what_was_not_understood_is_missing_whether_or_not_the_tests_ran() -> None:
    asked = sample.partly_understood()
    for tests in (None, sample.failed_tests()):
        report = assess(asked, sample.blueprint(), sample.tree(), (), tests)
        (sentence,) = report.missing
        assert asked.not_understood[0].text in sentence
        assert report.verdict is not Verdict.INCOMPLETE
    assert assessed(sample.passed_tests()).missing == ()


@pytest.mark.parametrize(
    ("ran", "verdict"),
    [
        ("python", Verdict.PASSED),
        ("python, javascript", Verdict.PASSED),
        ("", Verdict.PASSED),
        ("javascript", Verdict.INCOMPLETE),
        ("go, typescript", Verdict.INCOMPLETE),
    ],
)
def test_another_language_than_the_one_asked_for_is_not_what_was_asked_for(
    ran: str, verdict: Verdict
) -> None:
    report = assessed(sample.passed_tests().model_copy(update={"language": ran}))
    assert report.verdict is verdict
    assert all("python was asked for" in reason for reason in report.reasons) is (
        verdict is Verdict.INCOMPLETE
    )


@pytest.mark.parametrize(
    ("wanted", "ran", "verdict"),
    [
        (Language.JAVASCRIPT, "typescript", Verdict.PASSED),
        (Language.TYPESCRIPT, "typescript", Verdict.PASSED),
        (Language.TYPESCRIPT, "javascript", Verdict.INCOMPLETE),
        (Language.GO, "go", Verdict.PASSED),
        (Language.RUST, "go", Verdict.INCOMPLETE),
    ],
)
def test_what_is_compiled_to_javascript_is_javascript_and_not_the_other_way_round(
    wanted: Language, ran: str, verdict: Verdict
) -> None:
    asked = sample.requirements().model_copy(update={"language": wanted})
    tests = sample.passed_tests().model_copy(update={"language": ran})
    assert assess(asked, sample.blueprint(), sample.tree(), (), tests).verdict is verdict


def test_a_wish_that_the_stack_fulfils_needs_files_and_no_test() -> None:
    written = (
        sample.requirements()
        .items[0]
        .model_copy(
            update={
                "id": "R4",
                "category": RequirementCategory.WISH,
                "statement": "It is in Python.",
            }
        )
    )
    asked = sample.requirements()
    asked = asked.model_copy(update={"items": (*asked.items, written)})
    plan = sample.blueprint()
    files = tuple(one.model_copy(update={"requirements": (*one.requirements, "R4")})
                  for one in plan.files)  # fmt: skip
    claimed = plan.model_copy(update={"files": files})
    assert assess(asked, claimed, sample.tree(), (), sample.passed_tests()).verdict is (
        Verdict.PASSED
    )


def test_only_a_missing_requirement_can_be_mended() -> None:
    asked = sample.partly_understood()
    nobody_knows = assess(asked, sample.blueprint(), sample.tree(), (), sample.passed_tests())
    assert not can_be_mended(nobody_knows)
    unproved = sample.report((sample.case("test_r1_books"),), Verdict.PASSED)
    assert can_be_mended(assessed(unproved))


def test_a_failing_test_fails_the_project() -> None:
    report = assessed(sample.failed_tests())
    assert report.verdict is Verdict.FAILED
    assert report.reasons == ("1 test of 2 did not pass.",)


def test_tests_that_were_not_run_prove_nothing() -> None:
    report = assessed(None)
    assert report.verdict is Verdict.NO_TESTS
    assert report.reasons == ("The tests were not run.",)


def test_zero_executed_tests_are_never_passed() -> None:
    report = assessed(sample.report((), Verdict.PASSED))
    assert report.verdict is Verdict.NO_TESTS
    assert report.reasons == ("No test was executed.",)


@pytest.mark.parametrize(
    "verdict", [Verdict.NO_TESTS, Verdict.TIMED_OUT, Verdict.INFRASTRUCTURE_ERROR]
)
def test_tests_that_could_not_finish_give_their_own_verdict(verdict: Verdict) -> None:
    tests = sample.report((), verdict).model_copy(
        update={"reason": "bubblewrap is missing: apt-get install bubblewrap"}
    )
    report = assessed(tests)
    assert report.verdict is verdict
    assert report.reasons == ("bubblewrap is missing: apt-get install bubblewrap.",)


def test_code_that_is_at_fault_is_failed_even_where_the_tests_could_not_run() -> None:
    report = assessed(
        sample.report((), Verdict.INFRASTRUCTURE_ERROR), finding("syntax", Severity.HIGH)
    )
    assert report.verdict is Verdict.FAILED
    assert report.reasons[0] == "1 file not well formed: library/loans.py."


def test_a_planned_file_that_was_not_written_fails_the_project() -> None:
    contents = {path: data for path, data in sample.CONTENTS.items() if path != "library/loans.py"}
    report = assess(
        sample.requirements(),
        sample.blueprint(),
        sample.tree(contents),
        (),
        sample.passed_tests(),
    )
    assert report.verdict is Verdict.FAILED
    assert report.reasons == ("1 planned file not written: library/loans.py.",)


def test_a_high_finding_fails_and_lesser_ones_do_not() -> None:
    severe = assessed(sample.passed_tests(), finding("S608", Severity.HIGH))
    assert severe.verdict is Verdict.FAILED
    assert severe.reasons == ("1 finding of high severity: S608 in library/loans.py:4.",)
    mild = assessed(
        sample.passed_tests(), finding("B006", Severity.MEDIUM), finding("I001", Severity.LOW)
    )
    assert mild.verdict is Verdict.PASSED


def test_the_policy_moves_the_bar() -> None:
    strict = QualityPolicy(blocking_severity=Severity.LOW, minimum_coverage_percent=95)
    report = assessed(sample.passed_tests(), finding("I001", Severity.LOW), policy=strict)
    assert report.reasons == (
        "1 finding of low or higher severity: I001 in library/loans.py:4.",
        "The tests cover 92.3 % of the lines, not 95 %.",
    )
    lenient = QualityPolicy(blocking_severity=None, allow_syntax_errors=True)
    bad = (finding("S608", Severity.HIGH), finding("syntax", Severity.HIGH, "a.css"))
    assert assessed(sample.passed_tests(), *bad, policy=lenient).verdict is Verdict.PASSED


def test_what_came_with_the_stack_weighs_nothing_in_what_tests_have_to_cover() -> None:
    files = (
        FileCoverage(path="library/loans.py", lines_percent=90, lines=20),
        FileCoverage(path="library/given.py", lines_percent=0, lines=20),
    )
    tests = sample.passed_tests().model_copy(
        update={"coverage": Coverage(lines_percent=45, files=files)}
    )
    given = sample.tree().files[0].model_copy(update={"path": files[1].path, "origin": "stack"})
    tree = sample.tree().replacing([given])

    report = assess(sample.requirements(), sample.blueprint(), tree, (), tests)
    all_written = assess(sample.requirements(), sample.blueprint(), sample.tree(), (), tests)

    assert report.verdict is Verdict.PASSED
    assert report.coverage
    assert (report.coverage.lines_percent, report.coverage.written_percent) == (45, 90)
    assert all_written.reasons[0].startswith("The tests cover 45 % of the lines, not 80 %")


def test_coverage_that_was_not_measured_does_not_meet_a_minimum() -> None:
    tests = sample.passed_tests().model_copy(update={"coverage": None})
    assert assessed(tests).reasons == ("Coverage was not measured.",)
    policy = QualityPolicy(minimum_coverage_percent=0)
    assert assessed(tests, policy=policy).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("language", "passes"), [("rust", True), ("java", True), ("rust, go", False)]
)
def test_what_no_runner_of_a_language_measures_is_said_and_fails_nothing(
    language: str, passes: bool
) -> None:
    tests = sample.passed_tests().model_copy(update={"coverage": None, "language": language})
    asked = sample.requirements().model_copy(update={"language": Language(language[:4])})
    report = assess(asked, sample.blueprint(), sample.tree(), (), tests)
    assert (report.verdict is Verdict.PASSED) is passes
    assert ("is not measured in their language" in report.reasons[0]) is passes


def test_a_rule_without_a_passing_test_is_missing_and_a_quality_needs_files_only() -> None:
    tests = sample.report((sample.case("test_r1_books"), sample.case("test_loans")), Verdict.PASSED)
    report = assessed(tests)
    assert report.verdict is Verdict.INCOMPLETE
    (reason,) = report.reasons
    assert reason.startswith("Missing: 1 requirement without a passing test that proves it: R2 (")
    assert "Members can have at most 5 open loans" in reason
    policy = QualityPolicy(require_verified=False)
    assert assessed(tests, policy=policy).verdict is Verdict.PASSED


def test_a_skipped_test_proves_nothing() -> None:
    cases = (sample.case("test_r1_a"), sample.case("test_r2_b", CaseOutcome.SKIPPED))
    report = assessed(sample.report(cases, Verdict.PASSED))
    states = {row.id: row.state for row in report.requirements}
    assert states["R2"] is RequirementState.CLAIMED
    assert report.verdict is Verdict.INCOMPLETE


def test_long_lists_of_reasons_are_cut() -> None:
    many = tuple(finding("S608", Severity.HIGH, f"f{number}.py") for number in range(9))
    (reason,) = assessed(sample.passed_tests(), *many).reasons
    assert reason.startswith("9 findings of high severity: ")
    assert reason.endswith(" and 4 more.")


def test_findings_come_by_severity_and_place_without_echoes_of_broken_syntax() -> None:
    report = assessed(
        sample.passed_tests(),
        finding("I001", Severity.LOW, "a.py"),
        finding("F821", Severity.HIGH, "broken.py"),
        finding("syntax", Severity.HIGH, "broken.py"),
        finding("S608", Severity.HIGH, "a.py"),
    )
    assert [(one.path, one.rule) for one in report.findings] == [
        ("a.py", "S608"),
        ("broken.py", "syntax"),
        ("a.py", "I001"),
    ]


def test_the_report_holds_nothing_that_differs_between_two_runs() -> None:
    first = sample.failed_tests()
    evidence = first.cases[1].model_copy(
        update={
            "details": "E   assert 201 == 409 <Response at 0x7fffdeadbeef>\n"
            "/tmp/run-2y/app.py:5: in 1.70s",
            "duration_seconds": 9.5,
        }
    )
    second = first.model_copy(
        update={
            "cases": (evidence, first.cases[0]),
            "elapsed_seconds": 12.0,
            "output": "other",
            "reason": "2 tests executed in 12.1 s",
        }
    )
    assert assessed(first).model_dump_json() == assessed(second).model_dump_json()
    assert "201 == 409" in assessed(first).model_dump_json()


def test_the_report_survives_a_round_trip() -> None:
    report = assessed(sample.failed_tests(), finding("S608", Severity.HIGH))
    assert QualityReport.model_validate_json(report.model_dump_json()) == report
