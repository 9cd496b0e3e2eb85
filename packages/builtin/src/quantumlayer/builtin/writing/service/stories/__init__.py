"""The tests of each kind of rule: both sides, changes as well as creation, and races."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from quantumlayer.builtin import domain
from quantumlayer.builtin.writing.naming import statement_slug
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.scenarios import Scenario
from quantumlayer.builtin.writing.service.stories import changes, limits, records
from quantumlayer.builtin.writing.service.stories.reports import report_tests
from quantumlayer.builtin.writing.service.stories.telling import Story, Teller
from quantumlayer.builtin.writing.service.world import Reason

_STORIES: dict[type, Callable[[Teller, Any], Iterator[Story]]] = {
    domain.CountLimit: limits.count_stories,
    domain.SumLimit: limits.sum_stories,
    domain.UniqueTogether: lambda teller, rule: limits.unique_stories(
        teller, rule.fields, rule.where
    ),
    domain.NoOverlap: limits.overlap_stories,
    domain.Comparison: records.comparison_stories,
    domain.RelativeDate: records.relative_date_stories,
    domain.Transitions: changes.transition_stories,
    domain.Immutable: changes.immutable_stories,
    domain.ConditionalRequirement: records.conditional_stories,
    domain.DeleteRestricted: changes.deletion_stories,
}


@lru_cache(maxsize=8)
def scenarios(view: ServiceView) -> tuple[Scenario, ...]:
    """All that can be shown of rules and reports, each once; only what came out so in a world."""
    told = [scenario for teller, stories in _rules(view) for scenario in _told(teller, stories)]
    told += [test for each in view.reports for test in report_tests(view, each)]
    unique = {(each.requirement, each.topic, each.name): each for each in reversed(told)}
    return tuple(reversed(unique.values()))


def _rules(view: ServiceView) -> Iterator[tuple[Teller, Iterator[Story]]]:
    for entity in view.entities:
        for unique in (each for each in entity.uniques if each.field):
            reason = Reason(unique.requirement, unique=unique.field)
            topic = f"{entity.slug}_{entity.field(unique.field).field.name}_is_unique"
            teller = Teller(view, entity, reason, unique.statement, topic)
            yield teller, limits.unique_stories(teller, unique.keys)
        for rule in entity.rules:
            told = (rule.statement, statement_slug(rule.statement), rule)
            teller = Teller(view, entity, Reason(rule.requirement, rule), *told)
            yield teller, _STORIES[type(rule)](teller, rule)


def _told(teller: Teller, stories: Iterator[Story]) -> Iterator[Scenario]:
    for name, stages in stories:
        stage = next((stage for stage in stages if stage.well), None)
        if stage is not None:
            told = (teller.reason.requirement, teller.statement, teller.topic, name, stage.steps)
            yield Scenario(*told).tidied()
