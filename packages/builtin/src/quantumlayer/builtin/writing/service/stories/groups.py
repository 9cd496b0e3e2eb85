"""What holds of every full group of records: ways into it that are refused, and places set free."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from quantumlayer.builtin.writing.service.kitchen import Changes, Ref
from quantumlayer.builtin.writing.service.model import FieldView, looks_away
from quantumlayer.builtin.writing.service.ranges import is_valid
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.search import candidates, solve
from quantumlayer.builtin.writing.service.stories.telling import Teller, Tests, number
from quantumlayer.builtin.writing.service.values import shifted


@dataclass(frozen=True)
class Group:
    """A group of records that is full: one more that counts is refused."""

    teller: Teller
    where: Tests
    """What makes a record count."""
    keys: Changes
    """What puts a record into the group."""
    empty: Stage
    """The records to which those of the group point."""
    bodies: tuple[Changes, ...]
    """What fills the group; the first is known as "first"."""
    more: Changes
    """One more."""

    @cached_property
    def full(self) -> Stage:
        """The stage with all records of the group."""
        return self.filled(len(self.bodies))

    def filled(self, size: int) -> Stage:
        """A stage with so many records of the group."""
        stage = self.empty
        for at, body in enumerate(self.bodies[:size]):
            stage = stage.make(self.teller.entity, body, "" if at else "first")
        return stage

    def with_size(self, size: int) -> "Group":
        """The group with so many records that count, whatever other rules want of them."""
        teller, stage, body = self.teller, self.empty, self.more
        bodies: list[Changes] = []
        for _ in range(size):
            if not stage.make(teller.entity, body):
                counted = solve(stage.kitchen, teller.entity, self.keys, teller.meets(self.where))
                body = {**self.keys, **(counted or {})}
            stage = stage.make(teller.entity, body)
            bodies.append(body)
        return replace(self, bodies=tuple(bodies), more=body)


def group_of(
    teller: Teller, per: tuple[str, ...], where: Tests, extra: Changes | None = None
) -> Group:
    """A group with one record, that counts."""
    empty, keys = teller.grouped(per, where)
    body = {**keys, **(extra or {})}
    counted = solve(empty.kitchen, teller.entity, body, teller.meets(where)) if empty else None
    body |= counted or {}
    return Group(teller, where, keys, empty, (body,), body)


def stories_of(group: Group) -> Iterator[Scenario]:
    """What every group can tell."""
    yield from _not_counted(group)
    yield from _freed(group)
    yield from changed_into(group)
    yield from _counted_later(group)
    yield from _seen_from_parents(group)


def one_more(group: Group, name: str) -> Iterator[Scenario]:
    """What is beyond the limit is refused."""
    teller = group.teller
    yield from teller.told(name, [group.full.post(teller.entity, group.more, teller.reason)])


def race(group: Group, body: Changes, places: int) -> Iterator[Scenario]:
    """A race for all places, or for the last ones where they are many."""
    stage = group.filled(len(group.bodies) - places)
    raced = stage.race(group.teller.entity, body, places, group.teller.reason)
    yield from group.teller.told("holds_under_concurrent_requests", [raced])


def elsewhere(group: Group) -> Iterator[Scenario]:
    """What differs in one key of the group is accepted."""
    for key in group.keys if len(group.more) > 1 else ():
        body = {k: v for k, v in group.more.items() if k != key}
        name = f"accepts_another_{group.teller.entity.field(key).field.name}"
        yield from group.teller.told(name, [group.full.post(group.teller.entity, body)])


def changed_into(group: Group) -> Iterator[Scenario]:
    """A record cannot be changed into a group that is full."""
    teller, full = group.teller, group.full
    outside = ((k, {o: v for o, v in group.more.items() if o != k}) for k in group.keys)
    yield from teller.told(
        "refuses_a_change_into_it",
        (
            full.make(teller.entity, body, "other").patch(
                "other", {key: group.keys[key]}, teller.reason
            )
            for key, body in outside
        ),
    )


def limit_changes(group: Group, limit: Decimal) -> Iterator[Scenario]:
    """Where another record holds the limit, it may rise, but not fall below what is there."""
    for name, field in limit_fields(group):
        for title, begun, steps, reason in (
            ("accepts_a_higher_limit", group.full, 1, None),
            ("accepts_a_lower_limit_for_less", group.empty, -1, None),
            ("refuses_a_limit_below_what_is_there", group.full, -1, group.teller.reason),
        ):
            changed = shifted(field, number(field, limit), steps)
            stages = [begun.patch(name, {field.key: changed}, reason)]
            yield from group.teller.told(title, stages if is_valid(field, changed) else [])


def limit_fields(group: Group) -> Iterator[tuple[str, FieldView]]:
    """The records of the group that hold the limit, and in which field."""
    for key, value in group.keys.items():
        if isinstance(value, Ref):
            limit = group.teller.limit_field(group.teller.entity.field(key))
            if limit is not None:
                yield value.name, limit


def _uncounted(group: Group) -> Changes | None:
    """The body of a record of the group that does not count."""
    if not group.where:
        return None
    decided = {test.field for test in group.where}
    kept = {k: v for k, v in group.more.items() if k in group.keys or k not in decided}
    teller = group.teller
    for body in (kept, group.keys):
        found = solve(group.full.kitchen, teller.entity, body, teller.fails(group.where))
        if found is not None:
            return {**body, **found}
    return None


def _not_counted(group: Group) -> Iterator[Scenario]:
    """Records outside the conditions, and those of other groups, do not count."""
    body, entity = _uncounted(group), group.teller.entity
    for name, outside in (
        ("counts_only_what_it_says", body),
        ("counts_each_group_alone", {} if group.keys else None),
    ):
        stages = [] if outside is None else [group.full.post(entity, outside)]
        yield from group.teller.told(name, stages)


def _own_changes(group: Group) -> Iterator[Changes]:
    """Changes of a record by which it may begin or cease to count."""
    for key in dict.fromkeys(test.field for test in group.where if not looks_away(test)):
        for value in candidates(group.full.kitchen, group.teller.entity, key):
            yield {key: value}


def _freed(group: Group) -> Iterator[Scenario]:
    """What no longer counts makes room."""
    teller, full = group.teller, group.full
    outside = teller.fails(group.where)
    left = (full.patch("first", change) for change in _own_changes(group))
    yield from teller.told(
        "frees_a_place_by_a_change",
        (
            stage.post(teller.entity, group.more)
            for stage in left
            if stage and outside(stage.kitchen.world, stage.record("first"))
        ),
    )
    stage = full.delete("first").post(teller.entity, group.more)
    yield from teller.told("frees_a_place_by_a_deletion", [stage] if group.bodies else [])


def _counted_later(group: Group) -> Iterator[Scenario]:
    """A record cannot be changed so that it counts."""
    body, teller = _uncounted(group), group.teller
    if body is not None:
        other = group.full.make(teller.entity, body, "other")
        changed = (other.patch("other", change, teller.reason) for change in _own_changes(group))
        yield from teller.told("refuses_a_change_that_would_count", changed)


def _seen_from_parents(group: Group) -> Iterator[Scenario]:
    """A change of another record, at which the conditions look, can break the rule too.

    Where that record is one of the group, too many records are added while it does not let them
    count; else one more that points to such a record.
    """
    teller = group.teller
    for test in group.where:
        seen, reference, target = resolve(teller.view, teller.entity, test.field)
        if reference is None:
            continue
        name, own = f"other_{reference.field.name}", reference.key in group.keys
        parent = teller.parent(reference, teller.fails(group.where))
        stage = (group.empty if own else group.full).arrive(target, parent, name)
        for _ in range(len(group.bodies) + 1 if own else 1):
            stage = stage.make(teller.entity, {**group.more, reference.key: Ref(name)})
        values = candidates(stage.kitchen, target, seen.key)
        yield from teller.told(
            f"refuses_a_change_of_the_{target.slug}",
            (stage.patch(name, {seen.key: value}, teller.reason) for value in values),
        )
