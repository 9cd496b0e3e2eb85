"""The tests of each kind of rule: both sides, changes as well as creation, and races."""

from quantumlayer.builtin.domain import (
    Comparison,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Immutable,
    NoOverlap,
    RelativeDate,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.scenarios import Scenario
from quantumlayer.builtin.writing.service.stories.changes import (
    deletion_stories,
    immutable_stories,
    transition_stories,
)
from quantumlayer.builtin.writing.service.stories.intervals import overlap_stories
from quantumlayer.builtin.writing.service.stories.limits import (
    count_stories,
    sum_stories,
    together_stories,
)
from quantumlayer.builtin.writing.service.stories.records import (
    comparison_stories,
    conditional_stories,
    relative_date_stories,
)
from quantumlayer.builtin.writing.service.stories.reports import report_tests
from quantumlayer.builtin.writing.service.stories.telling import Teller
from quantumlayer.builtin.writing.service.stories.unique import unique_stories

__all__ = ["report_tests", "rule_stories", "unique_stories"]


def rule_stories(  # noqa: C901 - a case for each kind
    view: ServiceView, entity: EntityView, rule: Rule
) -> list[Scenario]:
    """What can be shown of a rule; only what came out so in the world."""
    teller = Teller(view, entity, rule)
    match rule:
        case CountLimit():
            found = count_stories(teller, rule)
        case SumLimit():
            found = sum_stories(teller, rule)
        case UniqueTogether():
            found = together_stories(teller, rule)
        case NoOverlap():
            found = overlap_stories(teller, rule)
        case Comparison():
            found = comparison_stories(teller, rule)
        case RelativeDate():
            found = relative_date_stories(teller, rule)
        case Transitions():
            found = transition_stories(teller, rule)
        case Immutable():
            found = immutable_stories(teller, rule)
        case ConditionalRequirement():
            found = conditional_stories(teller, rule)
        case DeleteRestricted():
            found = deletion_stories(teller, rule)
    return list(found)
