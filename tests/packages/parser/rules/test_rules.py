"""Every rule finds its bad example and nothing is said of its good one; fixes do what they say."""

import re
from collections.abc import Iterator

import pytest

from quantumlayer.parser import Finding, Severity
from quantumlayer.parser.rules import Example, Rule, rules
from quantumlayer.parser.rules.catalogue import plan
from quantumlayer.parser.rules.model import Condition
from tests.support.rule_corpus import findings

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{example.language}-{number}")
    for rule in rules()
    for number, example in enumerate(rule.example)
]


def test_there_are_at_least_sixty_rules_for_every_language_that_is_generated() -> None:
    assert len({rule.id for rule in rules()}) == len(rules()) >= 60
    counts = {name: len([rule for rule in rules() if name in rule.languages]) for name in LEAST}
    assert {name: counts[name] >= least for name, least in LEAST.items()} == dict.fromkeys(
        LEAST, True
    )


LEAST = {"python": 35, "javascript": 35, "typescript": 35, "tsx": 35, "go": 15, "java": 20} | {
    "bash": 5,
    "dockerfile": 6,
    "yaml": 10,
    "html": 4,
}


def test_every_rule_has_an_example_of_its_own_severity() -> None:
    for rule in rules():
        shown = {
            one.severity
            for example in rule.example
            for one in findings(example.language, example.bad, example.path)
            if one.rule == rule.id
        }
        assert rule.severity in shown, rule.id


@pytest.mark.parametrize("language", LEAST)
def test_every_query_fits_the_grammar(language: str) -> None:
    assert plan(language).words or plan(language).whole


def test_every_pattern_is_one() -> None:
    for rule in rules():
        for match in rule.match:
            for condition in _all(match.where):
                for pattern in (condition.matches, condition.text, condition.context):
                    re.compile(pattern or "")
                re.compile(condition.function_has or "")
                re.compile(condition.path or "")


def _all(conditions: tuple[Condition, ...]) -> Iterator[Condition]:
    for condition in conditions:
        yield condition
        yield from _all((*condition.any, *condition.none))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_bad_example_is_found_and_the_good_one_is_not(rule: Rule, example: Example) -> None:
    found = [one for one in findings(example.language, example.bad) if one.rule == rule.id]
    assert found
    assert {(one.cwe, one.help) for one in found} == {(rule.cwe, rule.help)}
    asks_for_proof = rule.proof or any(match.proof for match in rule.match)
    severities = {one.severity for one in found}
    assert severities <= {rule.severity, *([Severity.MEDIUM] if asks_for_proof else [])}
    assert findings(example.language, example.good) == ()


FIXED = [param for param in EXAMPLES if param.values[1].fixed is not None]  # type: ignore[union-attr]  # a rule and an example in each row


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_a_fix_makes_the_finding_go_away(rule: Rule, example: Example) -> None:
    (finding,) = (one for one in findings(example.language, example.bad) if one.rule == rule.id)
    assert applied(example.bad, finding) == example.fixed
    assert rule.id not in {
        one.rule for one in findings(example.language, applied(example.bad, finding))
    }


def applied(content: str, finding: Finding) -> str:
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert edit.line == edit.end_line
    lines = content.split("\n")
    line = lines[edit.line - 1]
    lines[edit.line - 1] = line[: edit.column - 1] + edit.text + line[edit.end_column - 1 :]
    return "\n".join(lines)
