"""Whether a world of records breaks a rule: by what it holds, or by how it came to that."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

from quantumlayer.builtin import domain
from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import Rule
from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.builtin.writing.service.references import keys_of, limit_of, looked_through
from quantumlayer.builtin.writing.service.values import Record, Value, compare, less

if TYPE_CHECKING:
    from quantumlayer.builtin.writing.service.world import World

Change = tuple[Record | None, Record]
_Limit = domain.CountLimit | domain.SumLimit
_DIRECTIONS = {
    "past": Operator.LESS,
    "past_or_today": Operator.LESS_OR_EQUAL,
    "future": Operator.GREATER,
    "future_or_today": Operator.GREATER_OR_EQUAL,
}


def keeps(world: "World", rule: Rule, entity: EntityView, record: Record) -> bool:
    """Whether a rule keeps a record from being deleted."""
    if isinstance(rule, domain.Immutable):
        return not rule.deletable and world.holds_all(entity, rule.where, record)
    if not isinstance(rule, domain.DeleteRestricted):
        return False
    by = world.view.entity(rule.by)
    key = by.field(rule.by_field).key
    users = (r for r in world.tables[by.name].values() if r[key] == record["id"])
    return any(world.holds_all(by, rule.where, user) for user in users)


def _groups(
    world: "World", owner: EntityView, per: tuple[str, ...], where: tuple[Condition, ...]
) -> list[list[Record]]:
    """The records that count, together with those that have the same keys, all of them set."""
    groups: dict[tuple[Value, ...], list[Record]] = defaultdict(list)
    for record in world.tables[owner.name].values():
        key = tuple(world.value(owner, record, name) for name in per)
        if None not in key and world.holds_all(owner, where, record):
            groups[key].append(record)
    return list(groups.values())


def _over_limit(world: "World", rule: _Limit, owner: EntityView) -> bool:
    for group in _groups(world, owner, rule.per, rule.where):
        total = Decimal(len(group))
        if isinstance(rule, domain.SumLimit):
            key = owner.field(rule.field).key
            total = sum((Decimal(str(r[key] or 0)) for r in group), Decimal(0))
        limit = _limit(world, rule, owner, group[0])
        if limit is not None and total > Decimal(str(limit)):
            return True
    return False


def _limit(world: "World", rule: _Limit, owner: EntityView, record: Record) -> Value:
    """The limit, which a record to which one of the group points may hold."""
    if rule.maximum_field is None:
        return rule.maximum
    reference, field = limit_of(world.view, owner, rule)
    target = world.tables[world.view.target(reference).name]
    return target[int(str(record[reference.key]))][field.key]


def _shared(world: "World", rule: domain.UniqueTogether, owner: EntityView) -> bool:
    return any(len(group) > 1 for group in _groups(world, owner, rule.fields, rule.where))


def _overlapping(world: "World", rule: domain.NoOverlap, owner: EntityView) -> bool:
    start, end = owner.field(rule.start).key, owner.field(rule.end).key
    compared = any(
        isinstance(r, domain.Comparison) and {r.left, r.right} == {start, end} for r in owner.rules
    )
    records = world.tables[owner.name].values()
    both = (r for r in records if r[start] is not None and r[end] is not None)
    if not compared and any(less(r[end], r[start]) for r in both):
        return True
    groups = _groups(world, owner, rule.per, rule.where)
    pairs = (pair for group in groups for pair in combinations(group, 2))
    return any(
        _begins_before(one[start], other[start], other[end])
        and _begins_before(other[start], one[start], one[end])
        for one, other in pairs
    )


def _begins_before(start: Value, other_start: Value, other_end: Value) -> bool:
    """Whether an interval begins before another ends, where both have a beginning."""
    if start is None or other_start is None:
        return False
    return other_end is None or less(start, other_end)


def _miscompared(world: "World", rule: domain.Comparison, owner: EntityView) -> bool:
    pairs = (
        (world.value(owner, record, rule.left), world.value(owner, record, rule.right))
        for record in world.tables[owner.name].values()
    )
    return any(None not in pair and not compare(pair[0], rule.operator, pair[1]) for pair in pairs)


def _unmet(world: "World", rule: domain.ConditionalRequirement, owner: EntityView) -> bool:
    records = world.tables[owner.name].values()
    return rule.on == "always" and any(_fails(world, rule, owner, record) for record in records)


def _fails(
    world: "World", rule: domain.ConditionalRequirement, owner: EntityView, record: Record
) -> bool:
    concerned = world.holds_all(owner, rule.where, record)
    return concerned and not world.holds_all(owner, rule.then, record)


def _unmet_at_creation(
    world: "World", rule: domain.ConditionalRequirement, entity: EntityView, change: Change
) -> bool:
    before, after = change
    keys = looked_through(world.view, entity, keys_of(rule))
    looks = before is None or any(before[each.key] != after[each.key] for each in keys)
    return rule.on == "creation" and looks and _fails(world, rule, entity, after)


def _at_wrong_time(
    world: "World", rule: domain.RelativeDate, entity: EntityView, change: Change
) -> bool:
    before, after = change
    key = entity.field(rule.field).key
    value = after[key]
    if value is None or (before is not None and before[key] == value):
        return False
    by_moment = isinstance(value, datetime) and not rule.direction.endswith("today")
    present = world.now if by_moment else world.now.date()
    return not compare(value, _DIRECTIONS[rule.direction], present)


def _moved_badly(_: "World", rule: domain.Transitions, entity: EntityView, change: Change) -> bool:
    before, after = change
    key = entity.field(rule.field).key
    if before is None:
        return rule.initial is not None and after[key] != rule.initial
    moved = before[key] != after[key]
    return moved and (str(before[key]), str(after[key])) not in rule.allowed


def _changed_frozen(
    world: "World", rule: domain.Immutable, entity: EntityView, change: Change
) -> bool:
    before, after = change
    if before is None or rule.changeable:
        return False
    keys = [entity.field(name).key for name in rule.fields] or [f.key for f in entity.fields]
    changed = any(before[key] != after[key] for key in keys)
    return changed and world.holds_all(entity, rule.where, before)


BROKEN_BY_STATE: dict[type, Callable[["World", Any, EntityView], bool]] = {
    domain.CountLimit: _over_limit,
    domain.SumLimit: _over_limit,
    domain.UniqueTogether: _shared,
    domain.NoOverlap: _overlapping,
    domain.Comparison: _miscompared,
    domain.ConditionalRequirement: _unmet,
}
"""Whether the records break a rule about what may be."""
BROKEN_BY_CHANGE: dict[type, Callable[["World", Any, EntityView, Change], bool]] = {
    domain.RelativeDate: _at_wrong_time,
    domain.Transitions: _moved_badly,
    domain.Immutable: _changed_frozen,
    domain.ConditionalRequirement: _unmet_at_creation,
}
"""Whether a new record, or a change of one, breaks a rule about what may become of what."""
