"""How programs are told which tests to run, and what is made of what they say."""

import re

import pytest

from quantumlayer.qtest.payload.trial_words import Heard, escaped, trial_words

PROGRAM = {"words": ["node", "--guard", "a.test.js"], "place": 2}


def test_without_names_all_tests_are_run() -> None:
    assert trial_words({**PROGRAM, "filter": "part"}, None) == PROGRAM["words"]
    assert trial_words({**PROGRAM, "filter": "none"}, ["a"]) == PROGRAM["words"]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("part", ["--test-name-pattern=^shop$", "--test-name-pattern=^R1$",
                  "--test-name-pattern=^R2$"]),
        ("grep", ["--grep=^(?:shop\\u0020R1|R2)$"]),
        ("testNamePattern", ["--testNamePattern=^(?:shop\\u0020R1|R2)$"]),
    ],
)  # fmt: skip
def test_each_runner_is_told_in_its_way(way: str, words: list[str]) -> None:
    told = trial_words({**PROGRAM, "filter": way}, ["shop > R1", "R2"])
    assert told == ["node", "--guard", *words, "a.test.js"]


@pytest.mark.parametrize("name", ["a (b) [c]", "$^.*+?{1}|\\d", "é 😀", "a/b-c\n\t"])
def test_a_name_stands_for_itself(name: str) -> None:
    assert re.fullmatch(escaped(name), name)
    assert "/" not in escaped(name)


def test_of_two_under_one_name_the_worst_counts() -> None:
    heard = Heard()
    for outcome in ("passed", "failed", "passed", "skipped"):
        heard.take({"result": {"name": "a", "outcome": outcome, "ran": [1], "duration": 0.5}})
    assert heard.outcome("a") == "failed"
    assert heard.tests["a"]["duration"] == 2.0
    assert heard.outcome("b") == ""


def test_a_point_is_reached_by_a_test_that_passed() -> None:
    heard = Heard()
    heard.take({"result": {"name": "a", "outcome": "passed", "ran": [1]}})
    heard.take({"result": {"name": "b", "outcome": "skipped", "ran": [2]}})
    assert (heard.reached(1), heard.reached(2)) == (True, False)
