"""The page of public projects is a run's own, and what it says is what the catalogue says."""

from datetime import date
from pathlib import Path

from benchmarks.real_projects.catalogue import Project, catalogue
from benchmarks.real_projects.page import page
from quantumlayer.qtest import Verdict
from tests.benchmarks.real_projects.test_row import row

ROOT = Path(__file__).parents[3]
COMMAND = "QL_PAGE=docs/public-projects.md make bench NAME=public_projects"


def cells(project: Project, lines: list[str]) -> list[str]:
    [found] = [
        line for line in lines if line.startswith(f"| {project.ecosystem} | {project.title} |")
    ]
    return [cell.strip() for cell in found.split(" | ")]


def test_every_release_of_the_catalogue_has_its_row() -> None:
    lines = (ROOT / "docs/public-projects.md").read_text("utf-8").splitlines()
    for project in catalogue():
        found = cells(project, lines)
        assert found[2] != "not run", f"{project.title}: mend its native command, then {COMMAND}"
        assert found[-2] in ("=", "explained"), f"{project.title}: {found}"
        if found[-2] == "explained":
            assert project.differs is not None
            assert found[3] == project.differs.check.value
            assert project.differs.because in found[-1]


def test_the_heading_counts_the_rows() -> None:
    expected = Verdict.INFRASTRUCTURE_ERROR
    rows = [row("passed", Verdict.PASSED), row("passed", expected, expected),
            row("not run", Verdict.PASSED), row("failed", Verdict.PASSED)]  # fmt: skip
    text = " ".join(page(rows, date(2026, 1, 2)).split())
    assert "on 2026-01-02" in text
    assert "Of 4 releases 3 ran natively; 1 verdicts agree, 1 differ" in text
    assert "and 1 passed although" in text
    assert "natively not run: y" in text
