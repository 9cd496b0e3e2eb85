"""What holds of every full group of records: ways into it that are refused, and places set free."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from quantumlayer.builtin.writing.service.fields import looks_away
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.scenarios import Changes, Ref
from quantumlayer.builtin.writing.service.search import candidates, solve
from quantumlayer.builtin.writing.service.stage import Stage
from quantumlayer.builtin.writing.service.stories.telling import Story, Teller, Tests, number
from quantumlayer.builtin.writing.service.values import is_valid, shifted


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
                counted = solve(stage, teller.entity, self.keys, teller.meets(self.where))
                body = {**self.keys, **(counted or {})}
            stage = stage.make(teller.entity, body)
            bodies.append(body)
        return replace(self, bodies=tuple(bodies), more=body)

    def at_the_limit(self) -> Story:
        """What fills the group is accepted."""
        before, entity = self.filled(len(self.bodies) - 1), self.teller.entity
        return "accepts_the_limit", [before.post(entity, body) for body in self.bodies[-1:]]

    def one_more(self, name: str) -> Story:
        """What is beyond the limit is refused."""
        return name, [self.full.post(self.teller.entity, self.more, self.teller.reason)]

    def race(self, body: Changes, places: int) -> Story:
        """A race for all places, or for the last ones where they are many."""
        stage, teller = self.filled(len(self.bodies) - places), self.teller
        raced = stage.race(teller.entity, body, places, teller.reason)
        return "holds_under_concurrent_requests", [raced]


def group_of(
    teller: Teller, per: tuple[str, ...], where: Tests, extra: Changes | None = None
) -> Group:
    """A group with one record, that counts."""
    empty, keys = teller.grouped(per, where)
    body = {**keys, **(extra or {})}
    body |= solve(empty, teller.entity, body, teller.meets(where)) or {}
    return Group(teller, where, keys, empty, (body,), body)


def stories_of(group: Group) -> Iterator[Story]:
    """What every group can tell: what counts, what does not, and what makes room."""
    teller, full, outside = group.teller, group.full, _uncounted(group)
    entity, reason = teller.entity, teller.reason
    yield "counts_only_what_it_says", [] if outside is None else [full.post(entity, outside)]
    for key, body in _outside(group):
        yield f"accepts_another_{entity.field(key).field.name}", [full.post(entity, body)]
    if group.bodies:
        yield "frees_a_place_by_a_deletion", [full.delete("first").post(entity, group.more)]
    others = ((key, full.make(entity, body, "other")) for key, body in _outside(group))
    changed = (other.patch("other", {k: group.keys[k]}, reason) for k, other in others)
    yield "refuses_a_change_into_it", changed
    if outside is not None:
        other = full.make(entity, outside, "other")
        counted = (other.patch("other", change, reason) for change in _own_changes(group))
        yield "refuses_a_change_that_would_count", counted
    yield from _seen_from_parents(group)


def _outside(group: Group) -> Iterator[tuple[str, Changes]]:
    """Each key of the group, and a record that differs in it."""
    for key in group.keys:
        yield key, {other: value for other, value in group.more.items() if other != key}


def limit_changes(group: Group, limit: Decimal) -> Iterator[Story]:
    """Where another record holds the limit, it may rise, but not fall below what is there."""
    if group.teller.limit is not None:
        reference, field = group.teller.limit
        for title, begun, steps, reason in (
            ("accepts_a_higher_limit", group.full, 1, None),
            ("accepts_a_lower_limit_for_less", group.empty, -1, None),
            ("refuses_a_limit_below_what_is_there", group.full, -1, group.teller.reason),
        ):
            changed = shifted(field, number(field, limit), steps)
            stage = begun.patch(reference.field.name, {field.key: changed}, reason)
            yield title, [stage] if is_valid(field, changed) else []


def _uncounted(group: Group) -> Changes | None:
    """The body of a record of the group that does not count."""
    if not group.where:
        return None
    decided = {test.field for test in group.where}
    kept = {k: v for k, v in group.more.items() if k in group.keys or k not in decided}
    teller = group.teller
    for body in (kept, group.keys):
        found = solve(group.full, teller.entity, body, teller.fails(group.where))
        if found is not None:
            return {**body, **found}
    return None


def _own_changes(group: Group) -> Iterator[Changes]:
    """Changes of a record by which it may begin or cease to count."""
    for key in dict.fromkeys(test.field for test in group.where if not looks_away(test)):
        for value in candidates(group.full, group.teller.entity, key):
            yield {key: value}


def _seen_from_parents(group: Group) -> Iterator[Story]:
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
        stage = (group.empty if own else group.full).arrive(parent, name)
        for _ in range(len(group.bodies) + 1 if own else 1):
            stage = stage.make(teller.entity, {**group.more, reference.key: Ref(name)})
        values = candidates(stage, target, seen.key)
        changed = (stage.patch(name, {seen.key: value}, teller.reason) for value in values)
        yield f"refuses_a_change_of_the_{target.slug}", changed
