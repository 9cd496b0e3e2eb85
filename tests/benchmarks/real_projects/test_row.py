"""How the word of the native command and that of the check stand to each other."""

import pytest

from benchmarks.real_projects.catalogue import Difference, Project, catalogue
from benchmarks.real_projects.native import Outcome
from benchmarks.real_projects.row import Row, Standing
from benchmarks.real_projects.tally import Tally
from quantumlayer.qtest import Verdict


def row(native: Outcome, check: Verdict, expected: Verdict | None = None) -> Row:
    differs = Difference(check=expected, because="so it is") if expected else None
    return Row(
        project=Project(ecosystem="go", name="a", version="v1", differs=differs),
        native=native, native_tally=Tally(passed=2), native_seconds=1, native_output="x\ny\n",
        check=check, check_tally=Tally(passed=2), check_seconds=1, reason="r",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("native", "check", "standing"),
    [
        ("passed", Verdict.PASSED, "agrees"),
        ("failed", Verdict.FAILED, "agrees"),
        ("passed", Verdict.FAILED, "differs"),
        ("failed", Verdict.INFRASTRUCTURE_ERROR, "differs"),
        ("failed", Verdict.PASSED, "false pass"),
        ("timed out", Verdict.PASSED, "false pass"),
        ("not run", Verdict.PASSED, "not compared"),
        ("not run", Verdict.FAILED, "not compared"),
    ],
)
def test_only_the_same_word_agrees(native: Outcome, check: Verdict, standing: Standing) -> None:
    assert row(native, check).standing == standing


def test_an_explanation_holds_for_the_verdict_that_it_names() -> None:
    expected = Verdict.INFRASTRUCTURE_ERROR
    assert row("passed", expected, expected).standing == "explained"
    assert row("passed", Verdict.FAILED, expected).standing == "differs"
    assert row("failed", Verdict.PASSED, Verdict.PASSED).standing == "false pass"


def test_the_catalogue_is_read_whole_and_names_each_release_once() -> None:
    titles = [(one.ecosystem, one.title) for one in catalogue()]
    assert len(titles) == len(set(titles)) >= 40
