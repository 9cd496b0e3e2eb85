"""The tests of each kind of rule: both sides, changes as well as creation, and races."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from quantumlayer.builtin.domain import (
    Comparison,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Immutable,
    NoOverlap,
    RelativeDate,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.reports import reports_of
from quantumlayer.builtin.writing.service.scenarios import Reason, Scenario
from quantumlayer.builtin.writing.service.stories import changes, limits, records
from quantumlayer.builtin.writing.service.stories.reports import report_tests
from quantumlayer.builtin.writing.service.stories.telling import Teller

_STORIES: dict[type, Callable[[Teller, Any], Iterator[Scenario]]] = {
    CountLimit: limits.count_stories,
    SumLimit: limits.sum_stories,
    UniqueTogether: limits.together_stories,
    NoOverlap: limits.overlap_stories,
    Comparison: records.comparison_stories,
    RelativeDate: records.relative_date_stories,
    Transitions: changes.transition_stories,
    Immutable: changes.immutable_stories,
    ConditionalRequirement: records.conditional_stories,
    DeleteRestricted: changes.deletion_stories,
}


@lru_cache(maxsize=8)
def scenarios(view: ServiceView) -> tuple[Scenario, ...]:
    """All that can be shown of rules and reports, each once; only what came out so in a world."""
    told = (
        *_rules(view),
        *(test for each in reports_of(view) for test in report_tests(view, each)),
    )
    unique = {(each.requirement, each.topic, each.name): each for each in reversed(told)}
    return tuple(reversed(unique.values()))


def _rules(view: ServiceView) -> Iterator[Scenario]:
    for entity in view.entities:
        for field in entity.fields:
            if field.field.unique:
                reason = Reason(entity.requirement_of(field), unique=field.key)
                statement = f"The {field.words} of {entity.one} is unique."
                topic = f"{entity.slug}_{field.field.name}_is_unique"
                teller = Teller(view, entity, reason, statement, topic=topic)
                yield from limits.unique_stories(teller, field)
        for rule in entity.rules:
            teller = Teller(view, entity, Reason(rule.requirement, rule), rule.statement, rule)
            yield from _STORIES[type(rule)](teller, rule)
