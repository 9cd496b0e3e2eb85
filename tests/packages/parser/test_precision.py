"""Only a rule whose precision was measured, and holds, may have a finding of high severity."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from quantumlayer.parser import Finding, Severity
from quantumlayer.parser.precision import (
    LEAST_RIGHT,
    Measured,
    may_block,
    measured,
    record,
    weighed,
)
from quantumlayer.parser.rules import rules
from quantumlayer.parser.rules_page import rules_page
from tests.support.rule_corpus import findings, snippets

ROOT = Path(__file__).parents[3]
RULES = Path(__file__).parent / "rules"


@pytest.mark.parametrize(
    ("row", "may"),
    [
        (Measured("a", files=5_000, alarms=0), True),
        (Measured("a", files=499, alarms=0), False),
        (Measured("a", files=5_000, alarms=2, read=2, wrong=2), True),
        (Measured("a", files=5_000, alarms=3, read=3, wrong=3), False),
        (Measured("a", files=5_000, alarms=9, read=9, wrong=1), True),
        (Measured("a", files=5_000, alarms=9, read=6, wrong=0), False),
        (Measured("a", files=5_000, alarms=3, read=0, wrong=0), False),
        (Measured("a"), False),
        (Measured("a", authority="registry"), True),
    ],
)
def test_the_bar(row: Measured, *, may: bool) -> None:
    assert row.may_block is may


def finding(rule: str, severity: Severity) -> Finding:
    return Finding(
        rule=rule, severity=severity, path="a.py", line=1, column=1, message="", tool="a"
    )


def test_a_rule_that_nobody_measured_cannot_be_grave() -> None:
    high = next(name for name, row in measured().items() if row.may_block)
    given = [
        finding("nobody-measured-this", Severity.HIGH),
        finding(high, Severity.HIGH),
        finding("nobody-measured-this", Severity.LOW),
    ]
    assert [one.severity for one in weighed(given)] == [
        Severity.MEDIUM,
        Severity.HIGH,
        Severity.LOW,
    ]
    assert not may_block("nobody-measured-this")


def test_the_record_speaks_of_every_rule_that_can_be_grave() -> None:
    grave = {rule.id for rule in rules() if rule.severity is Severity.HIGH}
    assert grave <= measured().keys()
    assert {"syntax", "secret-in-source", "import-resolves-to-nothing"} <= measured().keys()


class Known(NamedTuple):
    """A source of which the tests know what is weak: `weak` lines, or all of it for `rule`."""

    language: str
    content: str
    rule: str = ""
    weak: frozenset[int] = frozenset()


def known() -> Iterator[Known]:
    for one in snippets():
        yield Known(one.language, one.content, one.rule if one.vulnerable else "")
    for rule in rules():
        for example in rule.example:
            yield Known(example.language, example.bad, rule.id)
            yield Known(example.language, example.good)
    for source in tomllib.loads((RULES / "marked.toml").read_text("utf-8"))["source"]:
        lines = enumerate(source["content"].split("\n"), 1)
        weak = frozenset(number for number, line in lines if " weak: " in line)
        yield Known(source["language"], source["content"], weak=weak)


def test_of_what_a_blocking_rule_says_of_known_sources_nine_of_ten_is_right() -> None:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for source in known():
        for one in findings(source.language, source.content):
            if one.severity is not Severity.HIGH or not may_block(one.rule):
                continue
            if one.rule == source.rule or one.line in source.weak:
                right[one.rule] += 1
            elif not source.rule:
                # What is weak may be so in more than the way that it shows.
                wrong[one.rule] += 1
    assert len(right) >= 20
    rates = {rule: right[rule] / (right[rule] + wrong[rule]) for rule in {*right, *wrong}}
    assert not {rule: rate for rule, rate in rates.items() if rate < LEAST_RIGHT}


def test_no_more_alarms_were_read_than_there_are_and_none_is_wrong_unread() -> None:
    for row in measured().values():
        assert row.wrong <= row.read <= max(row.alarms, 0), row


def test_the_code_that_was_read_is_named_with_its_version() -> None:
    packages = [name for names in record()["corpus"].values() for name in names]
    assert len(packages) >= 30
    assert all(any(char.isdigit() for char in name) for name in packages)


def test_the_page_is_current() -> None:
    written = (ROOT / "docs/rules.md").read_text("utf-8")
    command = "python -m quantumlayer.parser.rules_page > docs/rules.md"
    assert written == rules_page(), f"write it again: {command}"
