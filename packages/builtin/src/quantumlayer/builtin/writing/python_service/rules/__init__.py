"""The rules of an entity as Python functions that run inside the transaction of the change."""

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
from quantumlayer.builtin.writing.python_service.rules.changes import (
    write_delete_restricted,
    write_immutable,
    write_transitions,
)
from quantumlayer.builtin.writing.python_service.rules.indexes import (
    index_message,
    index_name,
)
from quantumlayer.builtin.writing.python_service.rules.intervals import write_no_overlap
from quantumlayer.builtin.writing.python_service.rules.limits import (
    write_limit,
    write_together,
)
from quantumlayer.builtin.writing.python_service.rules.module import Draft, RuleModule
from quantumlayer.builtin.writing.python_service.rules.records import (
    write_comparison,
    write_conditional,
    write_relative_date,
)
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView

__all__ = ["RuleModule", "index_message", "index_name", "parents_of", "rule_module"]


def rule_module(view: ServiceView, entity: EntityView) -> RuleModule:
    """The rules about `entity` that code keeps; those that an index keeps are not here."""
    module = RuleModule(view, entity)
    for rule in entity.rules:
        if isinstance(rule, UniqueTogether) and rule in entity.unique_rules:
            continue
        changes = len(module.changed)
        _write(Draft(module, rule, _constant(module, rule)))
        if entity.never_changed and not isinstance(rule, Immutable):
            del module.changed[changes:]  # no change gets so far that it could break this rule
    return module


def parents_of(view: ServiceView, entity: EntityView) -> tuple[EntityView, ...]:
    """The other entities whose rules look at `entity`, and must be checked when it changes."""
    return tuple(
        other for other in view.entities if entity.name in rule_module(view, other).parents
    )


def _constant(module: RuleModule, rule: Rule) -> str:
    name, number = f"_{rule.requirement}", 1
    while name in module.constants:
        number += 1
        name = f"_{rule.requirement}_{number}"
    module.constants[name] = rule
    return name


def _write(draft: Draft) -> None:
    match draft.rule:
        case CountLimit() | SumLimit():
            write_limit(draft, draft.rule)
        case UniqueTogether():
            write_together(draft, draft.rule)
        case NoOverlap():
            write_no_overlap(draft, draft.rule)
        case Comparison():
            write_comparison(draft, draft.rule)
        case RelativeDate():
            write_relative_date(draft, draft.rule)
        case Transitions():
            write_transitions(draft, draft.rule)
        case Immutable():
            write_immutable(draft, draft.rule)
        case ConditionalRequirement():
            write_conditional(draft, draft.rule)
        case DeleteRestricted():
            write_delete_restricted(draft, draft.rule)
