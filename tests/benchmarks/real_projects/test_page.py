"""The page of public projects is a run's own, and what it says is what the catalogue says."""

from datetime import date
from pathlib import Path

from benchmarks.real_projects.catalogue import Project, catalogue
from benchmarks.real_projects.page import page
from quantumlayer.qtest import Verdict
from tests.benchmarks.real_projects.test_row import row

ROOT = Path(__file__).parents[3]
COMMAND = "QL_PAGE=docs/public-projects.md make bench NAME=public_projects"


def test_the_page_says_what_the_catalogue_says() -> None:
    lines = (ROOT / "docs/public-projects.md").read_text("utf-8").splitlines()
    rows = [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in lines[20:]]
    known: dict[tuple[str, str], Project] = {(one.ecosystem, one.title): one for one in catalogue()}
    ran = 0
    for ecosystem, title, native, check, *rest in (one for one in rows if len(one) > 8):
        project = known[ecosystem, title]
        ran += native != "not run"
        assert (native, check) not in {("failed", "passed"), ("timed out", "passed")}
        if "explained" in rest:
            assert project.differs is not None, COMMAND
            assert project.differs.check.value == check, COMMAND
            assert project.differs.because in rest[-1], COMMAND
    assert ran >= 40


def test_the_heading_counts_the_rows() -> None:
    expected = Verdict.INFRASTRUCTURE_ERROR
    rows = [row("passed", Verdict.PASSED), row("passed", expected, expected),
            row("not run", Verdict.PASSED), row("failed", Verdict.PASSED)]  # fmt: skip
    text = " ".join(page(rows, date(2026, 1, 2)).split())
    assert "on 2026-01-02" in text
    assert "Of 4 releases 3 ran natively; 1 verdicts agree, 1 differ" in text
    assert "and 1 passed although" in text
    assert "natively not run: y" in text
