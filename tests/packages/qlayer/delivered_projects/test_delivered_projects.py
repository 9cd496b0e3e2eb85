"""Projects whose own tests pass: those that are broken as delivered are not passed, others are."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.checking import Checker, checker
from quantumlayer.qtest import Verdict
from tests.packages.qlayer.delivered_projects.projects import Project, projects

ALL = projects()
# All of them take minutes: a sample runs unless QL_DELIVERED=all.
TRIED = ALL if os.environ.get("QL_DELIVERED") == "all" else [one for one in ALL if one.always]
FEWEST_BROKEN = 60
REFUSES = ("broken", "unknown")


@pytest.fixture
async def checks() -> AsyncIterator[Checker]:
    """What `quantumlayer check PATH --delivered` checks with."""
    async with checker(cache=cache_folder(), seconds=60, delivered=lambda *_: None) as opened:
        yield opened


def test_there_are_many_kinds_with_a_sound_project_each() -> None:
    sound = Counter(one.stack for one in ALL if not one.rung)
    broken = Counter(one.stack for one in ALL if one.rung)
    assert broken.keys() == sound.keys()
    assert broken.total() >= FEWEST_BROKEN
    assert {Verdict.PASSED} == {one.verdict for one in ALL if not one.rung}
    assert Verdict.PASSED not in {one.verdict for one in ALL if one.rung}
    assert all(one.words for one in ALL if one.rung)


@pytest.mark.slow
@pytest.mark.parametrize("project", TRIED, ids=str)
async def test_a_project_is_judged_as_it_is_delivered(
    project: Project, tmp_path: Path, checks: Checker
) -> None:
    # when
    report = await checks.check(project.write(tmp_path / "project"))
    # then: it is no test of its own that tells
    assert report.tests.passed == report.tests.executed > 0, report.reason
    assert report.delivered is not None
    told = {one.rung: one.reason for one in report.delivered.rungs if one.outcome in REFUSES}
    assert report.verdict is project.verdict, report.reason
    assert list(told) == ([project.rung] if project.rung else []), told
    assert project.words in report.reason
