"""A starter with pages is tested twice: under vitest, and in a browser as it is delivered.

`QL_STACKS` names the stacks that are tried, as beside; without it one of them is, as it is.
"""

import os
from pathlib import Path

import pytest

from quantumlayer.qlayer.stacks import Stack, stacks
from quantumlayer.qtest import CaseOutcome, Verdict
from quantumlayer.qtest.delivered import Outcome, Rung, RungResult, climb, emulating_starter
from tests.support.starters import Trial, begun, delivery_of

SAMPLE = "web-page"
ASKED = os.environ.get("QL_STACKS", "")
WITH_TESTS = [one for one in stacks() if one.tests.browser]
TRIED = [one for one in WITH_TESTS if ASKED == "all" or one.name in (ASKED or SAMPLE).split()]
# By a stack: where its page and its rules for pages are.
PAGES = {"web-page": "src", "full-stack": "page"}
ADDED = "a note that is added is shown"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
of_every_stack = pytest.mark.parametrize("one", TRIED, ids=lambda one: one.name)
at_length = pytest.mark.skipif(not ASKED, reason="a long family")


def written(one: Stack, folder: Path) -> Trial:
    cache = Path(os.environ.get("QL_CACHE_DIR", Path.home() / ".cache" / "quantumlayer"))
    return begun(one, folder, cache)


async def in_a_browser(trial: Trial) -> dict[Rung, RungResult]:
    """What every rung says of it; its types are asked about elsewhere."""
    delivery = delivery_of(trial.stack, trial.folder).model_copy(update={"types": None})
    done = await climb(delivery, emulating_starter(trial.cache))
    return {one.rung: one for one in done.rungs}


@of_every_stack
async def test_a_starter_as_it_is_holds_under_vitest_and_in_a_browser(
    one: Stack, tmp_path: Path
) -> None:
    # given
    trial = written(one, tmp_path)
    # when
    report = await trial.checked()
    # then: what its unit tests render was counted
    assert (report.verdict, report.reason) == (Verdict.PASSED, report.reason)
    assert report.coverage is not None
    counted = {file.path: file.lines_percent for file in report.coverage.files}
    assert counted[f"{PAGES[one.name]}/notes/notes-page.tsx"] > 90
    # and: its browser tests were asked of what is delivered
    found = (await in_a_browser(trial))[Rung.BROWSER_TESTS]
    assert (found.outcome, found.reason) == (Outcome.HELD, "")
    assert found.tests
    assert {each.outcome for each in found.tests} == {CaseOutcome.PASSED}


@at_length
@of_every_stack
async def test_what_a_browser_alone_can_see_is_found_by_its_test(
    one: Stack, tmp_path: Path
) -> None:
    # given: what is added cannot be seen, though everything still reacts
    trial = written(one, tmp_path)
    styles = tmp_path / PAGES[one.name] / "styles.css"
    styles.write_text(f"{styles.read_text()}\nul[aria-label='Notes'] {{ display: none; }}\n")
    # when
    report = await trial.checked()
    found = await in_a_browser(trial)
    # then: neither its unit tests nor our own use of the page see that
    assert report.verdict is Verdict.PASSED
    assert found[Rung.PAGES].outcome is Outcome.HELD
    broken = found[Rung.BROWSER_TESTS]
    assert broken.outcome is Outcome.BROKEN
    assert broken.reason.startswith(f"`{ADDED}")
    assert "(tests/browser/notes.spec.ts:" in broken.reason
    assert broken.pictures


@at_length
@of_every_stack
async def test_a_browser_test_that_is_skipped_is_named(one: Stack, tmp_path: Path) -> None:
    # given
    trial = written(one, tmp_path)
    tests = tmp_path / one.tests.browser / "notes.spec.ts"
    tests.write_text(tests.read_text().replace("test('it fits", "test.skip('it fits"))
    # when
    found = (await in_a_browser(trial))[Rung.BROWSER_TESTS]
    # then
    assert found.outcome is Outcome.HELD
    assert found.evidence.startswith(
        "3 passed, 1 skipped\nskipped: it fits a phone (tests/browser/"
    )
