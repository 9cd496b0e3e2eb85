"""What a revision has to keep besides, and that nothing of it makes a verdict better."""

import pytest

from quantumlayer.qlayer.quality import (
    Finding,
    QualityReport,
    Severity,
    assess,
    lacks_change,
    policy_for,
    revised,
    with_known,
)
from quantumlayer.qlayer.requirements import Requirement, RequirementCategory, RequirementsChange
from quantumlayer.qlayer.revision.changes import FileChange
from quantumlayer.qlayer.revision.comparing import baseline_of, lost_since
from quantumlayer.qlayer.revision.report import Baseline, Revision
from quantumlayer.qtest import CaseOutcome, TestCase, TestReport, Verdict
from tests.support import sample_project as sample

WISH = Requirement(id="R9", category=RequirementCategory.WISH, statement="It is blue.")
GONE = Requirement(id="R8", category=RequirementCategory.RULE, statement="It swims.")
SOURCE = FileChange(path="a.py", change="changed", lines_added=1, lines_removed=0)
TEST = FileChange(path="test_a.py", change="changed", lines_added=1, lines_removed=0)


def passed() -> QualityReport:
    report = assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests()
    )
    assert report.verdict is Verdict.PASSED
    return report


@pytest.mark.parametrize(
    "change", [RequirementsChange(added=(WISH,)), RequirementsChange(removed=(GONE,))]
)
def test_what_no_test_can_show_is_missing_while_no_file_is_different(
    change: RequirementsChange,
) -> None:
    tests_alone = Revision(requirements=change, files=(TEST,), tests=("test_a.py",))
    done = Revision(requirements=change, files=(SOURCE, TEST), tests=("test_a.py",))

    unchanged, changed = revised(passed(), tests_alone), revised(passed(), done)

    assert unchanged.verdict is Verdict.INCOMPLETE
    assert "no file was changed for it" in unchanged.reasons[0]
    assert lacks_change(unchanged)
    assert (changed.verdict, changed.missing) == (Verdict.PASSED, ())
    assert not lacks_change(changed)


def test_a_test_of_what_stays_that_is_lost_fails_what_else_would_pass() -> None:
    lost = Revision(requirements=RequirementsChange(), files=(SOURCE,), lost=("test_a.py::test_b",))
    report = revised(passed(), lost)
    assert report.verdict is Verdict.FAILED
    assert report.reasons[0].endswith("no longer does so: test_a.py::test_b.")


def test_what_failed_before_is_told_and_excuses_nothing() -> None:
    before = Baseline(verdict=Verdict.FAILED, reason="no", executed=2, failing=("t.py::test_old",))
    revision = Revision(requirements=RequirementsChange(), files=(SOURCE,), baseline=before)
    failed = passed().model_copy(update={"verdict": Verdict.FAILED, "reasons": ("It fails.",)})

    assert revised(passed(), revision).reasons[-1].endswith("They pass now.")
    report = revised(failed, revision)
    assert report.verdict is Verdict.FAILED
    assert report.reasons == (
        "It fails.",
        "Before anything was changed 1 test failed: t.py::test_old.",
    )


def test_of_somebody_elses_project_only_what_is_new_weighs() -> None:
    planned = sample.blueprint().model_copy(update={"imported": True})

    def high(rule: str, line: int) -> Finding:
        return Finding(
            rule=rule, severity=Severity.HIGH, path="a.py", line=line, message="x", tool="t"
        )

    found = (high("eval", 9), high("exec", 1), high("syntax", 2))
    weighed = with_known(found, [high("eval", 1), high("syntax", 2)], planned)

    assert [one.severity.value for one in weighed] == ["medium", "high", "high"]
    assert weighed[0].message == "x It was there before."
    assert with_known(found, [high("eval", 1)], sample.blueprint()) == found
    assert policy_for(planned).minimum_coverage_percent == 0
    assert policy_for(sample.blueprint()).minimum_coverage_percent == 80


def test_tests_are_lost_that_passed_and_name_nothing_that_was_touched() -> None:
    def report(*names: str, verdict: Verdict = Verdict.PASSED) -> TestReport:
        cases = tuple(
            TestCase(name=name, path="t.py", outcome=CaseOutcome.PASSED, duration_seconds=0)
            for name in names
        )
        return TestReport(
            verdict=verdict, reason="", runner="pytest", language="python", cases=cases
        )

    before = baseline_of(report("test_r1_a", "test_r2_b", "test_c", "doc (line 3)"))

    after = report("test_r1_a", "doc (line 7)")
    assert lost_since(before, after, ["R2"]) == ("t.py::test_c",)
    # What did not come to its end has failed already.
    assert lost_since(before, report(verdict=Verdict.FAILED), ["R2"]) == ()
