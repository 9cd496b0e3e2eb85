"""From sentences to a row of the leaderboard, by the project's own command and a scripted model."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evaluation.leaderboard import Row, markdown, row_of, write
from evaluation.own_platform import platform
from evaluation.running import Result, evaluated
from evaluation.sentence import Sentence, sentences_of
from quantumlayer.core.caches import cache_folder
from tests.integration import test_language_model as scripted
from tests.support.model_server import ModelServer
from tests.support.platform import clean_environment, new_home

PROGRAM = str(Path(sys.executable).with_name("quantumlayer"))


def sentence(name: str, of: str) -> Sentence:
    (found,) = (one for one in sentences_of(of) if one.name == name)
    return found


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ModelServer]:
    """A platform of our own, which is up, and whose other model is the scripted server."""
    async with ModelServer([]) as started:
        with new_home() as home:
            settings = {
                **clean_environment(home),
                "QL_MODELS": scripted.MODEL,
                "QL_MODEL_BASE_URL": started.base_url,
                "QL_MODEL_API_KEY": "scripted",
            }
            for name, value in settings.items():
                monkeypatch.setenv(name, value)
            subprocess.run([PROGRAM, "up"], check=True, capture_output=True)  # noqa: ASYNC221 - once
            yield started


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_sentences_become_a_row_and_what_is_falsely_passed_is_seen(
    server: ModelServer, tmp_path: Path
) -> None:
    wrong_tests = scripted.TESTS.replace("== 32", "== 30").replace("== 212", "== 210")
    server.script(
        [
            *scripted.opening(),
            scripted.wrote(scripted.WRONG_SOURCE),
            scripted.proving(wrong_tests),
        ]
    )

    false = await evaluated(sentence("temperature", "tiny"), scripted.MODEL, cache_folder())
    right = await evaluated(sentence("team-tasks", "builtin"), "builtin", cache_folder())

    assert (false.passed, false.right, false.false_passed) == (True, False, True)
    assert "test_known_places" in false.wrong["Celsius becomes Fahrenheit"]
    assert (right.passed, right.wrong, right.untold) == (True, {}, {})
    row = row_of(scripted.MODEL, "tiny", [false, right])
    assert (row.sentences, row.passed, row.right, row.false_passed) == (2, 2, 1, 1)
    assert row.calls >= 4
    kept, table = write(row, tmp_path)
    assert Row.model_validate_json(kept.read_text("utf-8")) == row
    assert "| openai/scripted | tiny |" in table.read_text("utf-8")


def test_the_table_names_first_who_passes_least_that_is_wrong() -> None:
    tiny = sentence("temperature", "tiny")
    summary = json.loads(
        '{"verdict": "passed", "costUsd": 0.5, "modelUsage": {"total": {"calls": 4, "completed": 3,'
        ' "inputTokens": 100, "cachedTokens": 60, "outputTokens": 9},'
        ' "byAgent": [{"agent": "repairer", "calls": 2}, {"agent": "analyst", "calls": 2}]}}'
    )
    good, bad = Result(tiny, summary), Result(tiny, summary, {"Celsius becomes Fahrenheit": "no"})

    first, last = row_of("a/honest", "tiny", [good]), row_of("a/boasting", "tiny", [bad])

    assert (first.well_formed, first.repair_steps, first.cached_tokens) == (0.75, 2, 60)
    assert (first.cost_usd, last.false_passed, last.right) == (0.5, 1, 0)
    _, _, *lines = markdown([last, first]).splitlines()
    assert [line.split()[1] for line in lines] == ["a/honest", "a/boasting"]


def test_runs_with_and_without_memory_stand_side_by_side(tmp_path: Path) -> None:
    result = Result(sentence("temperature", "tiny"), {"verdict": "passed"})
    for memory in ("off", "on"):
        _, table = write(row_of("a/model", "tiny", [result], memory), tmp_path)

    _, _, *lines = table.read_text("utf-8").splitlines()
    assert [line.split(" | ")[3] for line in lines] == ["off", "on"]


async def test_a_platform_of_its_own_has_the_memory_that_is_asked_for_and_is_gone_afterwards() -> (
    None
):
    async with platform("on") as environment:
        home = Path(environment["QL_HOME"])
        assert environment["QL_MEMORY"] == "on"
    assert not home.parent.exists()


def test_what_nobody_can_know_is_neither_right_nor_falsely_passed() -> None:
    unknown = Result(
        sentence("temperature", "tiny"), {"verdict": "passed"}, untold={"it": "no browser"}
    )
    assert (unknown.right, unknown.false_passed) == (False, False)
