"""Rules that hold among records: limits, uniqueness, intervals that do not overlap."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from quantumlayer.builtin.domain import CountLimit, NoOverlap, SumLimit
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Changes
from quantumlayer.builtin.writing.service.stories import groups
from quantumlayer.builtin.writing.service.stories.groups import Group, group_of
from quantumlayer.builtin.writing.service.stories.telling import Story, Teller, Tests, number
from quantumlayer.builtin.writing.service.values import bounds, is_valid, shifted, step_of

_MOST_RECORDS = 60
_RACED_PLACES = 3
_STEPS = (-20, -10, 0, 10, 20, 30)
_INTERVALS = (
    ("refuses_one_that_begins_inside", 3, 5, True),
    ("refuses_one_that_ends_inside", 1, 3, True),
    ("refuses_one_around_it", 1, 5, True),
    ("accepts_one_right_after", 4, 5, False),
    ("accepts_one_right_before", 1, 2, False),
    ("refuses_an_end_before_the_start", 5, 4, True),
)
"""Intervals beside one from 2 to 4, by the places of their ends in `_STEPS`."""


def unique_stories(teller: Teller, keys: tuple[str, ...], where: Tests = ()) -> Iterator[Story]:
    """The same again is refused, what differs in one field accepted."""
    group = group_of(teller, keys, where)
    yield group.one_more("refuses_the_same_again")
    yield from groups.stories_of(group)
    yield group.race(group.more, 1)


def count_stories(teller: Teller, rule: CountLimit) -> Iterator[Story]:
    """The limit is accepted, one more refused, on every way there; and places become free."""
    group = group_of(teller, rule.per, rule.where)
    limit = int(_limit(group, rule)) if group.empty else 0
    if limit > _MOST_RECORDS:
        return
    group = group.with_size(limit)
    yield group.at_the_limit()
    yield group.one_more("refuses_one_more")
    yield from groups.stories_of(group)
    yield from groups.limit_changes(group, Decimal(limit))
    yield group.race(group.more, min(limit, _RACED_PLACES))


def sum_stories(teller: Teller, rule: SumLimit) -> Iterator[Story]:
    """The limit is accepted, the least more refused, on every way there."""
    summed = teller.entity.field(rule.field)
    (smallest, highest), step = bounds(summed), step_of(summed)
    least = max(Decimal(smallest), step)
    group = group_of(teller, rule.per, rule.where, {summed.key: number(summed, least)})
    limit = _limit(group, rule) if group.empty else Decimal(0)
    largest = min(Decimal(highest), limit)
    if largest < least or limit / largest > _MOST_RECORDS:
        return

    def adding(amount: Decimal) -> Changes:
        return {**group.more, summed.key: number(summed, amount)}

    group = replace(group, bodies=tuple(map(adding, _parts(limit, largest, least))))
    yield group.at_the_limit()
    yield group.one_more("refuses_more")
    if group.full:
        raised = shifted(summed, group.full.record("first")[summed.key], 1)
        changed = group.full.patch("first", {summed.key: raised}, teller.reason)
        valid = is_valid(summed, raised)
        yield "refuses_a_change_that_adds", [changed] if valid else []
    yield from groups.stories_of(group)
    yield from groups.limit_changes(group, limit)
    half = (limit / 2 // step + 1) * step
    if least <= half <= largest:
        yield replace(group, bodies=()).race(adding(half), 1)


def _parts(limit: Decimal, largest: Decimal, least: Decimal) -> list[Decimal]:
    """Numbers between `least` and `largest` whose sum is the limit."""
    whole, rest = divmod(limit, largest)
    parts = [largest] * int(whole)
    if rest and rest < least and parts:
        parts[-1] -= least - rest
        rest = least
    return [*parts, rest] if rest else parts


def overlap_stories(teller: Teller, rule: NoOverlap) -> Iterator[Story]:
    """All ways in which two intervals lie to each other, and all ways there."""
    start, end = teller.entity.field(rule.start), teller.entity.field(rule.end)
    first = sample(teller.entity, start, 4)
    points = [shifted(start, first, steps) for steps in _STEPS]

    def between(one: int, other: int) -> Changes:
        return {start.key: points[one], end.key: points[other]}

    group = group_of(teller, rule.per, rule.where, between(2, 4))
    yield group.one_more("refuses_the_same_interval")
    for name, one, other, refused in _INTERVALS:
        body = {**group.more, **between(one, other)}
        reason = teller.reason if refused else None
        yield name, [group.full.post(teller.entity, body, reason)]
    if end.nullable:
        endless = {**group.more, start.key: points[0], end.key: None}
        stage = group.full.post(teller.entity, endless, teller.reason)
        yield "refuses_one_without_end_before_it", [stage]
    after = group.full.make(teller.entity, {**group.more, **between(4, 5)}, "other")
    into = after.patch("other", {start.key: points[3]}, teller.reason)
    yield "refuses_a_change_into_another", [into]
    yield from groups.stories_of(group)
    yield group.race(group.more, 1)


def _limit(group: Group, rule: CountLimit | SumLimit) -> Decimal:
    if group.teller.limit is None:
        return Decimal(str(rule.maximum))
    reference, field = group.teller.limit
    return Decimal(str(group.empty.record(reference.field.name)[field.key]))
