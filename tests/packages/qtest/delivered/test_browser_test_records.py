"""What a run of a project's browser tests means, by what Playwright told of it."""

from typing import Any

import pytest

from quantumlayer.qtest import CaseOutcome
from quantumlayer.qtest.delivered import BrowserTests, CannotTell
from quantumlayer.qtest.delivered.browser_test_records import judged
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.model import Finding
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.sandbox import SandboxResult

IMAGE = "ENV PORT=3000 DATABASE_PATH=/data/notes.db\n"
ASKED = BrowserTests(config="playwright.config.ts", folder="tests/browser", asked=True)
PLACE = {"path": "/tmp/workspace/tests/browser/a.spec.ts", "line": 4}  # noqa: S108 - in a sandbox
DEAD = "Error: expect(locator).toBeVisible() failed\nTimeout: 15000ms\nCall log:\n - waiting"


def case(name: str, outcome: str = "passed", message: str = "", **more: object) -> dict[str, Any]:
    return {"event": "case", "name": name, "outcome": outcome, "message": message, **PLACE, **more}


def settings(**more: object) -> dict[str, Any]:
    own = {"command": "npm start", "variables": ["PORT", "DATABASE_PATH"]}
    return {"event": "settings", "leftOut": [], "foreign": [], "setups": [], "plugins": [],
            "servers": [own], **more}  # fmt: skip


def told(
    *events: dict[str, Any], status: str = "", asked: BrowserTests = ASKED, genuine: bool = True,
    limits: tuple[str, ...] = (), of: dict[str, Any] | None = None, led: int = 1,
) -> Finding:  # fmt: skip
    """What is made of a run; it came to its end where a `status` is named."""
    end = [{"event": "closed", "status": status, "led": led}] if status else []
    collected = {"event": "collected", "names": ["one", "two"]}
    result = SandboxResult(exit_status=1, signal=None, stdout="", stderr="told on stderr",
                           limits_hit=limits, elapsed_seconds=300.0, tier="")  # fmt: skip
    records = Records((of or settings(), collected, *events, *end), genuine)
    return judged(result, records, asked, [IMAGE])


def test_a_failing_test_is_told_without_what_was_tried_meanwhile() -> None:
    found = told(case("one"), case("R2 two", "failed", DEAD), status="failed")
    assert found.reason == (
        "`R2 two` (tests/browser/a.spec.ts:4): expect(locator).toBeVisible() failed Timeout: "
        "15000ms (1 of 2 browser tests fail)"
    )
    assert [one.outcome for one in found.tests] == [CaseOutcome.PASSED, CaseOutcome.FAILED]


def test_it_is_told_where_it_failed_if_that_is_in_the_project() -> None:
    inside = {"path": "/tmp/workspace/tests/browser/steps.ts", "line": 9}  # noqa: S108 - as above
    outside = {"path": "/tmp/node_modules/expect/index.js", "line": 1}  # noqa: S108 - as above
    found = told(case("one", "failed", DEAD, at=inside), case("two", "failed", DEAD, at=outside))
    assert [f"{one.path}:{one.line}" for one in found.tests] == [
        "tests/browser/steps.ts:9", "tests/browser/a.spec.ts:4",
    ]  # fmt: skip


def test_one_failure_that_is_sure_is_enough() -> None:
    elsewhere = case("one", "failed", "net::ERR_NAME_NOT_RESOLVED at https://cdn.example/")
    found = told(elsewhere, case("two", "failed", DEAD), status="failed")
    assert found.reason.startswith("`two` ")


@pytest.mark.parametrize("limit", ["wall_seconds", "cpu_seconds"])
def test_what_failed_before_the_time_was_over_has_failed(limit: str) -> None:
    assert told(case("one", "failed", DEAD), limits=(limit,)).reason


@pytest.mark.parametrize(("events", "more", "words"), [
    ([case("one", "failed", DEAD)], {"limits": ("memory_bytes",)}, "too little of this machine"),
    ([case("one")], {"limits": ("wall_seconds",)}, "1 of 2 ended within 300 s"),
    ([case("one")], {}, "did not come to its end here: told on stderr"),
    ([case("one")], {"status": "interrupted"}, "did not come to its end"),
    ([case("one")], {"status": "passed", "genuine": False}, "proves nothing"),
    ([case("one", "failed", DEAD)], {"of": settings(setups=["./prepare.ts"])}, "a global setup"),
    ([case("one", "failed", DEAD)], {"of": settings(plugins=["a"])}, "a plug-in"),
    ([case("one", "failed", "spawnSync docker ENOENT")], {}, "another program, which is not here"),
    ([{"event": "trouble", "message": "Error: no", "path": ""}], {"status": "failed"},
     "no file of the project is named"),
    ([], {"status": "passed", "of": settings(leftOut=["webkit"])}, "for webkit alone"),
    ([case("one")], {"status": "passed", "led": 0}, "without having asked the application"),
])  # fmt: skip
def test_what_could_not_be_found_out_accuses_nobody(
    events: list[dict[str, Any]], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(CannotTell) as unknown:
        told(*events, **more)
    assert words in str(unknown.value)


@pytest.mark.parametrize(("server", "unsure"), [
    ({"command": "npm start", "variables": ["PORT"]}, ""),
    ({"command": "npm start", "variables": ["POR"]}, "is given `POR`"),
    ({"command": "npm run dev:mocked", "variables": []}, "started by `npm run dev:mocked`"),
    ({"command": "vite preview", "variables": []}, ""),
])  # fmt: skip
def test_a_server_that_is_started_otherwise_than_what_is_delivered_makes_unsure(
    server: dict[str, Any], unsure: str
) -> None:
    run = settings(servers=[server])
    if not unsure:
        assert told(case("one", "failed", DEAD), of=run).reason
        return
    with pytest.raises(CannotTell) as unknown:
        told(case("one", "failed", DEAD), of=run)
    assert unsure in str(unknown.value)


def test_whatever_started_the_tests_own_server_what_passes_has_passed() -> None:
    run = settings(servers=[{"command": "npm run seed", "variables": ["SEED"]}], setups=["a.ts"])
    assert told(case("one"), status="passed", of=run).reason == ""


@pytest.mark.parametrize("outcome", ["skipped", "xfailed"])
def test_what_shows_nothing_is_no_proof(outcome: str) -> None:
    assert "all 1 of them are skipped" in told(case("one", outcome), status="passed").reason
    with pytest.raises(NothingToAsk):
        told(case("one", outcome), status="passed", asked=BrowserTests(config="a"))


def test_what_was_left_out_is_named_where_the_others_hold() -> None:
    found = told(case("one"), case("two", "skipped", "later"), status="passed",
                 of=settings(leftOut=["firefox"]))  # fmt: skip
    assert found.reason == ""
    assert found.evidence == (
        "1 passed, 1 skipped\nnot run, for browsers that are not here: firefox\n"
        "skipped: two (tests/browser/a.spec.ts:4)\n  later"
    )
