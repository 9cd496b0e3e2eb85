"""What cannot hold together: rules that no record could keep, values that a field forbids."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import Comparison, RelativeDate, Transitions
from quantumlayer.builtin.language.assembly import said_of_fields
from quantumlayer.builtin.language.columns import default_of
from quantumlayer.builtin.language.draft import Draft, EntityDraft
from quantumlayer.builtin.language.words import article

Contradiction = tuple[int, str]
"""The statement that says the contrary of an earlier one, and what would have to hold."""

_RISES = {
    Operator.GREATER: ("right", "left", True),
    Operator.GREATER_OR_EQUAL: ("right", "left", False),
    Operator.LESS: ("left", "right", True),
    Operator.LESS_OR_EQUAL: ("left", "right", False),
}


def contradictions(draft: Draft, rules: list[tuple[int, Any]]) -> list[Contradiction]:
    """All of them, each at the last statement that takes part."""
    entities = list(draft.entities.values())
    found = [each for entity in entities for each in _of_fields(entity)]
    everything = [*said_of_fields(entities), *rules]
    found += _of_moments([pair for pair in everything if isinstance(pair[1], RelativeDate)])
    for entity in entities:
        own = [pair for pair in everything if getattr(pair[1], "entity", "") == entity.name]
        found += _of_order([pair for pair in own if isinstance(pair[1], Comparison)])
        found += _of_steps(entity, [pair for pair in own if isinstance(pair[1], Transitions)])
    return found


def _of_fields(entity: EntityDraft) -> Iterator[Contradiction]:
    for each in entity.fields.values():
        at = each.statements[-1] if each.statements else 0
        name = f"the {each.label} of {article(entity.label)}"
        shortest, longest = each.said.get("length", (None, None))
        if shortest is not None and longest is not None and shortest > longest:
            yield at, f"{name} would have at least {shortest} and at most {longest} characters"
        pattern = str(each.said.get("pattern", ""))
        if pattern and "length" in each.said and not pattern.endswith("+$"):
            yield at, f"the form of {name} tells its length, which is told again"


def _of_moments(rules: list[tuple[int, RelativeDate]]) -> Iterator[Contradiction]:
    for (_, one), (at, other) in combinations(rules, 2):
        same = (one.entity, one.field) == (other.entity, other.field)
        if same and one.direction.partition("_")[0] != other.direction.partition("_")[0]:
            yield at, f"the {one.field} would lie in the past and in the future"


def _of_order(rules: list[tuple[int, Comparison]]) -> Iterator[Contradiction]:
    rising: list[tuple[str, str, bool]] = []
    for at, rule in rules:
        if rule.operator in _RISES:
            lower, upper, strictly = _RISES[rule.operator]
            rising.append((getattr(rule, lower), getattr(rule, upper), strictly))
        elif rule.operator is Operator.EQUAL:
            rising += [(rule.left, rule.right, False), (rule.right, rule.left, False)]
        if any(strictly and one in _above(other, rising) for one, other, strictly in rising):
            yield at, "no record could keep this together with the other comparisons"
            return
    for (_, one), (at, other) in combinations(rules, 2):
        equal = {one.operator, other.operator} == {Operator.EQUAL, Operator.NOT_EQUAL}
        if equal and {one.left, one.right} == {other.left, other.right}:
            yield at, f"the {one.left} and the {one.right} would be equal and different"


def _above(lowest: str, rising: list[tuple[str, str, bool]]) -> set[str]:
    """All that is as high as one field, or higher."""
    found, before = {lowest}, set[str]()
    while found != before:
        before = set(found)
        found |= {upper for lower, upper, _ in rising if lower in found}
    return found


def _of_steps(entity: EntityDraft, rules: list[tuple[int, Transitions]]) -> Iterator[Contradiction]:
    for at, rule in rules:
        field = entity.by_key(rule.field)
        first = default_of(field)[0] if field is not None else None
        if rule.initial is None or first is None:
            continue
        if first != rule.initial:
            yield at, f"{article(entity.label)} begins as {first}, not as {rule.initial}"
            continue
        reached = _above(str(first), [(one, other, False) for one, other in rule.allowed])
        never = [one for one, _ in rule.allowed if one not in reached]
        if never:
            yield at, f"no step leads to {never[0]}"
