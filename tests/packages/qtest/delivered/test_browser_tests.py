"""A project's own browser tests are asked of what is delivered."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.qtest import CaseOutcome
from quantumlayer.qtest.delivered import BrowserTests, CannotTell, Delivery
from quantumlayer.qtest.delivered.browser_tests import LIMITS, failing
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.model import Finding
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import Limits
from tests.packages.qtest.delivered import sites
from tests.packages.qtest.delivered.browser_projects import (
    BROKEN,
    HELD,
    PROJECT,
    SITE,
    SPEC,
    UNKNOWN,
    Case,
)
from tests.packages.qtest.delivered.small_server import Here

pytestmark = pytest.mark.slow
EVERYTHING = os.environ.get("QL_DELIVERED") == "all"


def chosen(cases: Mapping[str, Case], *sample: str) -> pytest.MarkDecorator:
    """All of them, or a sample."""
    names = list(cases) if EVERYTHING else sample
    return pytest.mark.parametrize("case", [cases[name] for name in names], ids=names)


async def ask(case: Case, folder: Path, cache: Path, limits: Limits = LIMITS) -> Finding:
    """What its browser tests say of a page that is served."""
    project = folder / "project"
    for path, text in {**PROJECT, **case.files}.items():
        if text is not None:
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(text)
    (project / "Dockerfile").write_text("FROM node:20-slim\nENV PORT=8080\n")
    socket = folder / "socket"
    delivery = Delivery(folder=project, browser_tests=case.tests)
    async with sites.open_site({**SITE, "/shelf.js": case.script}, socket):
        return await failing(Here(socket), delivery, 8080, cache, limits)


@chosen(HELD, "a test is skipped")
async def test_what_the_tests_show_is_held(case: Case, tmp_path: Path, cache: Path) -> None:
    finding = await ask(case, tmp_path, cache)

    assert (finding.reason, case.told in finding.evidence) == ("", True), finding
    assert finding.tests[0].name.startswith("R1 a title that is added is shown")
    assert (finding.tests[0].path, finding.tests[0].line) == (SPEC, 3)


@chosen(BROKEN, "a dead button")
async def test_what_a_test_finds_is_told_with_its_place(
    case: Case, tmp_path: Path, cache: Path
) -> None:
    finding = await ask(case, tmp_path, cache)

    assert case.told in finding.reason, finding


@chosen(UNKNOWN, "a configuration that wants more")
async def test_what_may_be_nobodys_fault_accuses_nobody(
    case: Case, tmp_path: Path, cache: Path
) -> None:
    with pytest.raises((CannotTell, ToolMissing)) as told:
        await ask(case, tmp_path, cache)

    assert case.told in str(told.value)


@pytest.mark.skipif(not EVERYTHING, reason="a long family")
async def test_what_a_page_showed_is_seen(tmp_path: Path, cache: Path) -> None:
    finding = await ask(BROKEN["a dead button"], tmp_path, cache)

    assert [(one.page, one.width) for one in finding.pictures] == [
        ("clearing > R2 leaves nothing", 1280)
    ]
    assert [one.outcome for one in finding.tests] == [CaseOutcome.PASSED, CaseOutcome.FAILED]


@pytest.mark.skipif(not EVERYTHING, reason="a long family")
async def test_where_no_stack_asks_for_tests_their_absence_is_no_fault(
    tmp_path: Path, cache: Path
) -> None:
    case = Case("", {SPEC: None}, tests=BrowserTests(config="playwright.config.ts"))

    with pytest.raises(NothingToAsk, match="no browser test was found"):
        await ask(case, tmp_path, cache)


@pytest.mark.skipif(not EVERYTHING, reason="a long family")
async def test_who_is_out_of_time_is_not_accused(tmp_path: Path, cache: Path) -> None:
    limits = LIMITS.model_copy(update={"wall_seconds": 6.0})
    waits = PROJECT[SPEC].replace("expect(await", "await page.waitForTimeout(50_000); expect(await")

    with pytest.raises(
        CannotTell, match=r"no time left for all browser tests: \d of 2 ended within \d+ s"
    ):
        await ask(Case("", {SPEC: waits}), tmp_path, cache, limits)


async def test_without_a_browser_nothing_is_told(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quantumlayer.qtest.delivered.browsers.PROGRAMS", ())
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(shutil.which("node") or "").parent)]))
    monkeypatch.setattr("quantumlayer.qtest.delivered.browsers.NAMES", ())

    with pytest.raises(CannotTell, match="No Chromium is installed here"):
        await ask(HELD["as it is"], tmp_path, cache)
