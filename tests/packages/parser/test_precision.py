"""Only a rule whose precision was measured, and holds, may have a finding of high severity."""

from pathlib import Path

import pytest

from quantumlayer.parser import Finding, Severity
from quantumlayer.parser.precision import Measured, may_block, measured, record, weighed
from quantumlayer.parser.rules import rules
from quantumlayer.parser.rules_page import rules_page

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("row", "may"),
    [
        (Measured("a", files=5_000, alarms=0), True),
        (Measured("a", files=499, alarms=0), False),
        (Measured("a", files=5_000, alarms=5, read=5, wrong=0), True),
        (Measured("a", files=5_000, alarms=6, read=6, wrong=0), False),
        (Measured("a", files=20_000, alarms=20, read=10, wrong=1), True),
        (Measured("a", files=20_000, alarms=20, read=10, wrong=2), False),
        (Measured("a", files=20_000, alarms=20, read=9, wrong=0), False),
        (Measured("a", files=5_000, alarms=1, read=0, wrong=0), False),
        (Measured("a", files=5_000, alarms=1, read=1, wrong=1), False),
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
