"""Limits on counts and sums, and uniqueness of several fields together."""

from collections.abc import Iterator
from decimal import Decimal

from quantumlayer.builtin.domain import CountLimit, SumLimit, UniqueTogether
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Ref,
    is_valid,
    shifted,
    solve,
)
from quantumlayer.builtin.writing.service.samples import number_range
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.stories.telling import Teller, number

_MOST_RECORDS = 60
_RACED_PLACES = 3


def count_stories(teller: Teller, rule: CountLimit) -> Iterator[Scenario]:
    """The limit is accepted, one more refused, on every way there; and places become free."""
    begun = teller.stage()
    group = teller.group(rule.per, begun, rule.where)
    if group is None:
        return
    limit = int(_limit(teller, begun, rule, group))
    if limit > _MOST_RECORDS:
        return
    almost = teller.filled(begun, group, rule.where, limit - 1)
    full = teller.filled(begun, group, rule.where, limit, name="first")
    if almost is None or full is None:
        return
    accepted, counted = almost
    if limit and accepted.post(teller.entity, {**group, **counted}):
        yield teller.story("accepts_the_limit", accepted)
    stage, counted = full
    one_more: Changes = {**group, **counted}
    refused = stage.copy()
    if refused.post(teller.entity, one_more, teller.reason):
        yield teller.story("refuses_one_more", refused)
    yield from teller.not_counted(stage, group, rule.where)
    yield from teller.freed(stage, one_more, rule.where)
    yield from teller.moved(stage, group, counted, rule.where)
    yield from teller.seen_from_parents(stage, group, rule.where, {})
    yield from _limit_changes(teller, begun, stage, group, Decimal(limit))
    race = _race(teller, begun, one_more, limit)
    if race is not None:
        yield teller.story("holds_under_concurrent_requests", race)


def _race(teller: Teller, begun: Stage, changes: Changes, limit: int) -> Stage | None:
    """A race for all places, or for the last ones where they are many."""
    race = begun.copy()
    places = min(limit, _RACED_PLACES)
    for _ in range(limit - places):
        if not race.make(teller.entity, changes):
            return None
    return race if race.race(teller.entity, changes, places, teller.reason) else None


def _limit(teller: Teller, stage: Stage, rule: CountLimit | SumLimit, group: Changes) -> Decimal:
    if rule.maximum_field is None:
        return Decimal(str(rule.maximum))
    for key, value in group.items():
        if isinstance(value, Ref):
            field = teller.limit_field(teller.entity.field(key))
            if field is not None:
                return Decimal(str(stage.record(value.name)[field.key]))
    return Decimal(0)


def _limit_changes(
    teller: Teller, empty: Stage, full: Stage, group: Changes, limit: Decimal
) -> Iterator[Scenario]:
    """Where another record holds the limit, it may rise, but not fall below what is there."""
    for key, value in group.items():
        field = teller.limit_field(teller.entity.field(key)) if isinstance(value, Ref) else None
        if field is None or not isinstance(value, Ref):
            continue
        exact = number(field, limit)
        for name, begun, steps, reason in (
            ("accepts_a_higher_limit", full, 1, None),
            ("accepts_a_lower_limit_for_less", empty, -1, None),
            ("refuses_a_limit_below_what_is_there", full, -1, teller.reason),
        ):
            changed = shifted(field, exact, steps)
            stage = begun.copy()
            if is_valid(field, changed) and stage.patch(value.name, {field.key: changed}, reason):
                yield teller.story(name, stage)


def together_stories(teller: Teller, rule: UniqueTogether) -> Iterator[Scenario]:
    """The same again is refused, what differs in one field accepted."""
    begun = teller.stage()
    group = teller.group(rule.fields, begun, rule.where)
    full = None
    if group is not None:
        full = teller.filled(begun, group, rule.where, 1, name="first")
    if group is None or full is None:
        return
    stage, counted = full
    same: Changes = {**group, **counted}
    refused = stage.copy()
    if refused.post(teller.entity, same, teller.reason):
        yield teller.story("refuses_the_same_again", refused)
    for key in group if len(group) > 1 else ():
        differs = stage.copy()
        if differs.post(teller.entity, {k: v for k, v in same.items() if k != key}):
            yield teller.story(f"accepts_another_{teller.entity.field(key).field.name}", differs)
    yield from teller.not_counted(stage, group, rule.where)
    yield from teller.freed(stage, same, rule.where)
    yield from teller.moved(stage, group, counted, rule.where)
    yield from teller.seen_from_parents(stage, group, rule.where, {})
    race = begun.copy()
    if race.race(teller.entity, same, 1, teller.reason):
        yield teller.story("holds_under_concurrent_requests", race)


def sum_stories(teller: Teller, rule: SumLimit) -> Iterator[Scenario]:
    """The limit is accepted, the least more refused, on every way there."""
    begun = teller.stage()
    group = teller.group(rule.per, begun, rule.where)
    summed = teller.entity.field(rule.field)
    if group is None:
        return
    limit = _limit(teller, begun, rule, group)
    allowed = number_range(summed)
    largest, least = min(allowed.last, limit), max(allowed.first, allowed.step)
    if largest < least or limit / largest > _MOST_RECORDS:
        return
    fixed: Changes = {**group, summed.key: number(summed, least)}
    counted = solve(begun.kitchen, teller.entity, fixed, teller.meets(rule.where))
    if counted is None:
        return
    adds = _Adding(teller, summed, {**group, **counted})
    parts = _parts(limit, largest, least)
    almost = adds.all(begun, parts[:-1])
    full = adds.all(begun, parts)
    if almost is None or full is None:
        return
    if almost.post(teller.entity, adds.body(parts[-1])):
        yield teller.story("accepts_the_limit", almost)
    refused = full.copy()
    if refused.post(teller.entity, adds.body(least), teller.reason):
        yield teller.story("refuses_more", refused)
    yield from teller.not_counted(full, {**group, summed.key: number(summed, least)}, rule.where)
    raised = shifted(summed, full.record("first")[summed.key], 1)
    stage = full.copy()
    if is_valid(summed, raised) and stage.patch("first", {summed.key: raised}, teller.reason):
        yield teller.story("refuses_a_change_that_adds", stage)
    yield from teller.freed(full, adds.body(least), rule.where)
    yield from teller.moved(full, group, {**counted, summed.key: number(summed, least)}, rule.where)
    yield from _limit_changes(teller, begun, full, group, limit)
    half = (limit / 2 // allowed.step + 1) * allowed.step
    race = begun.copy()
    if least <= half <= largest and race.race(teller.entity, adds.body(half), 1, teller.reason):
        yield teller.story("holds_under_concurrent_requests", race)


class _Adding:
    """Makes records of a group with given amounts."""

    def __init__(self, teller: Teller, summed: FieldView, shared: Changes) -> None:
        self._teller = teller
        self._summed = summed
        self._shared = shared

    def body(self, amount: Decimal) -> Changes:
        return {**self._shared, self._summed.key: number(self._summed, amount)}

    def all(self, begun: Stage, amounts: list[Decimal]) -> Stage | None:
        stage = begun.copy()
        for at, amount in enumerate(amounts):
            if not stage.make(self._teller.entity, self.body(amount), "" if at else "first"):
                return None
        return stage


def _parts(limit: Decimal, largest: Decimal, least: Decimal) -> list[Decimal]:
    """Numbers between `least` and `largest` whose sum is the limit."""
    whole, rest = divmod(limit, largest)
    parts = [largest] * int(whole)
    if rest:
        if rest < least and parts:
            parts[-1] -= least - rest
            rest = least
        parts.append(rest)
    return parts
