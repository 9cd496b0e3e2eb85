"""What passes its own tests and nobody can use as delivered is never passed; its sound twin is."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quantumlayer.qlayer.checking import Checker, checker
from quantumlayer.qtest import Verdict
from tests.packages.qlayer.checking.as_delivered.cases import (
    BROKEN,
    SOUND,
    UNKNOWN,
    Case,
)

# All of them take minutes: a sample of quick ones runs unless QL_DELIVERED=all.
ALL = os.environ.get("QL_DELIVERED") == "all"
SAMPLE = (
    "python-service: the application is not copied",
    "python-service: a copied folder that does not exist",
    "python-service: alive, and never ready",
    "python-stateful-service: data in memory alone",
    "python-stateful-service: files that only root may read",
    "page-with-service: not built",
    "page-with-service: waits for an element that is not there",
)
# What most of the sample is made from.
SOUND_SAMPLE = "python-service: as it is"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def delivered() -> AsyncIterator[Checker]:
    """A checker that also starts what is delivered."""
    cache = Path(os.environ.get("QL_CACHE_DIR", Path.home() / ".cache" / "quantumlayer"))
    async with checker(cache=cache, seconds=60, delivered=lambda *_: None) as opened:
        yield opened


@pytest.mark.parametrize(
    "case", [one for one in SOUND if ALL or one.name == SOUND_SAMPLE], ids=lambda one: one.name
)
async def test_what_is_sound_as_delivered_passes(
    case: Case, delivered: Checker, tmp_path: Path
) -> None:
    # given
    folder = case.write(tmp_path)
    # when
    report = await delivered.check(folder)
    # then
    assert report.verdict is Verdict.PASSED, report.reason


@pytest.mark.parametrize(
    "case",
    [one for one in BROKEN if ALL or one.name in SAMPLE],
    ids=lambda one: one.name,
)
async def test_what_is_broken_as_delivered_fails_with_its_cause_whatever_its_tests_say(
    case: Case, delivered: Checker, tmp_path: Path
) -> None:
    # given
    folder = case.write(tmp_path)
    # when
    report = await delivered.check(folder)
    # then: its own tests hold
    assert (report.tests.failed, report.tests.errors) == (0, 0)
    assert report.tests.passed > 0
    # and: the delivery does not, at the rung and for the reason that is wrong with it
    assert report.delivered is not None
    [broken] = [one for one in report.delivered.rungs if one.outcome in ("broken", "unknown")]
    assert (broken.rung, broken.outcome) == (case.rung, "broken"), broken
    assert case.words in broken.reason
    assert report.verdict is Verdict.FAILED


@pytest.mark.skipif(not ALL, reason="a long family")
@pytest.mark.parametrize("case", UNKNOWN, ids=lambda one: one.name)
async def test_what_may_be_broken_as_delivered_is_neither_passed_nor_accused(
    case: Case, delivered: Checker, tmp_path: Path
) -> None:
    # given
    folder = case.write(tmp_path)
    # when
    report = await delivered.check(folder)
    # then
    assert report.tests.passed > 0
    assert report.delivered is not None
    [unknown] = [one for one in report.delivered.rungs if one.outcome in ("broken", "unknown")]
    assert (unknown.rung, unknown.outcome) == (case.rung, "unknown"), unknown
    assert case.words in unknown.reason
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
