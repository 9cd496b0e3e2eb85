"""Rows that are kept from one run to the next."""

from pathlib import Path

from benchmarks.real_projects.catalogue import Difference, Project
from benchmarks.real_projects.keeping import keep, kept
from quantumlayer.qtest import Verdict
from tests.benchmarks.real_projects.test_row import row


def test_a_row_comes_back_with_what_the_catalogue_says_now(tmp_path: Path) -> None:
    before = row("passed", Verdict.INFRASTRUCTURE_ERROR)
    keep(row("passed", Verdict.PASSED), tmp_path)
    keep(before, tmp_path)
    because = Difference(check=Verdict.INFRASTRUCTURE_ERROR, because="so it is")
    now = before.project.model_copy(update={"differs": because})
    other = Project(ecosystem="go", name="a", version="v2")
    found = kept([now, other], tmp_path)
    assert found == [before.model_copy(update={"project": now})]
    assert (before.standing, found[0].standing) == ("differs", "explained")
