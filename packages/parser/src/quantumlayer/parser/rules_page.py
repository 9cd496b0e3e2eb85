"""The page that says which rules there are, and how often each is wrong: `docs/rules.md`."""

import sys
from collections import defaultdict
from collections.abc import Sequence

from quantumlayer.parser.model import Severity
from quantumlayer.parser.precision import (
    FEWEST_FILES,
    LEAST_RIGHT,
    MOST_WRONG,
    Measured,
    measured,
    record,
)
from quantumlayer.parser.rules import Rule, rules

_HEADING = f"""\
# Rules

Made by `python -m quantumlayer.parser.rules_page` from the rules (`rules/data`) and the record of
what they were measured on (`precision.toml`): change those, then write this page again.

`quantumlayer parse`, `POST /v1/analyze`, `check` and the validator of runs tell the same
weaknesses, each once a place: rules over the syntax tree first, then the search for secrets. Ruff
lints Python, but of weaknesses that a rule here knows it is not asked. Tests, and files that a
tool packed, are left alone.

## Who may block

A finding of high severity fails a generated application, so only a rule may have one of which
somebody measured how often it is wrong. It is measured on good code: whole packages that many
people rely on.

- At most {MOST_WRONG:g} wrong grave findings in 1,000 files of its languages, of which at least
  {FEWEST_FILES} were looked at. Then one rule wrongs one of 40 applications of 50 files. What
  nobody read counts as wrong. Good code has hardly any weakness, so what share of the alarms is
  right says nothing there:
- of what the rule says gravely of sources that the tests know to be weak or good
  (`tests/packages/parser/rules`), at least {LEAST_RIGHT:.0%} is right.
- Who is not in the table, or does not hold the bar, has findings of medium severity at most: they
  are told and fail nothing.
- A registry's own word on a package is no judgement, and needs no measuring.

A rule may ask for *proof* as well, such as a value that comes from a request, or that stands where
SQL has values and not names: without it the finding is of medium severity. An alarm counts as right
when what it names is there and matters where it stands: not in a protocol that demands it, not
behind a switch that a library offers, not where it was checked before.

    make bench NAME=false_alarms                        counts again
    python -m benchmarks.false_alarms --read RULE …     shows alarms of the last count
    python -m benchmarks.false_alarms --write           keeps the counts

"""


def rules_page() -> str:
    """The text of `docs/rules.md`."""
    return _HEADING + _precision() + _corpus() + _all_rules()


def _precision() -> str:
    rows: list[tuple[str, ...]] = [
        ("rule", "files", "grave alarms", "read", "wrong", "wrong in 1,000 files", "may block")
    ]
    rows.append(("---",) * len(rows[0]))
    rows += [_measured(one) for one in sorted(measured().values(), key=lambda one: one.id)]
    return "## What was measured\n\n" + _table(rows) + "\n"


def _measured(one: Measured) -> tuple[str, ...]:
    may = "✓" if one.may_block else ""
    if one.authority:
        return (f"`{one.id}`", f"the {one.authority}'s word", "", "", "", "", may)
    numbers = (f"{one.files:,}", f"{one.alarms}", f"{one.read}", f"{one.wrong}")
    return (f"`{one.id}`", *numbers, f"{one.wrong_per_thousand:.2f}", may)


def _corpus() -> str:
    text = "## On which code\n\n"
    for ecosystem, packages in record()["corpus"].items():
        text += f"**{ecosystem}**: {', '.join(packages)}.\n\n"
    return text


def _all_rules() -> str:
    families: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules():
        families[rule.family].append(rule)
    text = "## All rules over the syntax tree\n"
    for family, members in sorted(families.items()):
        rows: list[tuple[str, ...]] = [
            ("rule", "says", "CWE", "severity", "languages"),
            ("---",) * 5,
        ]
        rows += [
            (f"`{one.id}`", one.title, str(one.cwe), _severity(one), ", ".join(one.languages))
            for one in members
        ]
        text += f"\n### {family.replace('_', ' ').capitalize()}\n\n" + _table(rows)
    return text


def _severity(rule: Rule) -> str:
    if rule.severity is not Severity.HIGH:
        return rule.severity.value
    known = measured().get(rule.id)
    if known is None or not known.may_block:
        return Severity.MEDIUM.value
    proved = rule.proof or any(match.proof for match in rule.match)
    return "high where proved" if proved else "high"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(rules_page())
