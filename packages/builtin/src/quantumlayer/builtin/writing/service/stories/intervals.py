"""Intervals that do not overlap."""

from collections.abc import Iterator

from quantumlayer.builtin.domain import NoOverlap
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Ref,
    candidates,
    shifted,
    solve,
)
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.samples import Value, sample
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.stories.telling import Teller

_STEPS = (-20, -10, 0, 10, 20, 30)
_INSIDE = (
    ("refuses_the_same_interval", 2, 4),
    ("refuses_one_that_begins_inside", 3, 5),
    ("refuses_one_that_ends_inside", 1, 3),
    ("refuses_one_around_it", 1, 5),
)
_BESIDE = (("accepts_one_right_after", 4, 5), ("accepts_one_right_before", 1, 2))


class _Times:
    """Points in time, and intervals between them by their places in `_STEPS`."""

    def __init__(self, teller: Teller, rule: NoOverlap) -> None:
        self.start = teller.entity.field(rule.start)
        self.end = teller.entity.field(rule.end)
        first = sample(teller.entity, self.start, 4)
        self.points: list[Value] = [shifted(self.start, first, steps) for steps in _STEPS]

    def between(self, one: int, other: int) -> Changes:
        return {self.start.key: self.points[one], self.end.key: self.points[other]}


def overlap_stories(teller: Teller, rule: NoOverlap) -> Iterator[Scenario]:
    """All ways in which two intervals lie to each other, and all ways there."""
    times = _Times(teller, rule)
    empty = teller.stage()
    group = teller.group(rule.per, empty, rule.where)
    if group is None:
        return
    same: Changes = {**group, **times.between(2, 4)}
    counted = solve(empty.kitchen, teller.entity, same, teller.meets(rule.where))
    begun = empty.copy()
    if counted is None or not begun.make(teller.entity, {**same, **counted}, "first"):
        return
    shared: Changes = {**group, **counted}
    for name, one, other in _INSIDE:
        stage = begun.copy()
        if stage.post(teller.entity, {**shared, **times.between(one, other)}, teller.reason):
            yield teller.story(name, stage)
    for name, one, other in _BESIDE:
        stage = begun.copy()
        if stage.post(teller.entity, {**shared, **times.between(one, other)}):
            yield teller.story(name, stage)
    yield from _endless(teller, begun, shared, times)
    yield from _elsewhere(teller, begun, group, {**same, **counted}, rule)
    yield from _changes(teller, begun, shared, times)
    yield from teller.freed(begun, {**same, **counted}, rule.where)
    yield from _seen_from_parent(teller, rule, times)
    race = empty.copy()
    if race.race(teller.entity, {**same, **counted}, 1, teller.reason):
        yield teller.story("holds_under_concurrent_requests", race)


def _endless(teller: Teller, begun: Stage, shared: Changes, times: _Times) -> Iterator[Scenario]:
    if not times.end.nullable:
        return
    stage = begun.copy()
    endless: Changes = {**shared, times.start.key: times.points[0], times.end.key: None}
    if stage.post(teller.entity, endless, teller.reason):
        yield teller.story("refuses_one_without_end_before_it", stage)


def _elsewhere(
    teller: Teller, begun: Stage, group: Changes, same: Changes, rule: NoOverlap
) -> Iterator[Scenario]:
    for key in group:
        stage = begun.copy()
        if stage.post(teller.entity, {k: v for k, v in same.items() if k != key}):
            name = teller.entity.field(key).field.name
            yield teller.story(f"accepts_it_for_another_{name}", stage)
    if rule.where:
        fixed = {k: v for k, v in same.items() if k in (*group, rule.start, rule.end)}
        apart = solve(begun.kitchen, teller.entity, fixed, teller.fails(rule.where))
        stage = begun.copy()
        if apart is not None and stage.post(teller.entity, {**fixed, **apart}):
            yield teller.story("counts_only_what_it_says", stage)


def _changes(teller: Teller, begun: Stage, shared: Changes, times: _Times) -> Iterator[Scenario]:
    stage = begun.copy()
    if stage.make(teller.entity, {**shared, **times.between(4, 5)}, "other") and stage.patch(
        "other", {times.start.key: times.points[3]}, teller.reason
    ):
        yield teller.story("refuses_a_change_into_another", stage)
    inverted = begun.copy()
    if inverted.post(teller.entity, {**shared, **times.between(5, 4)}, teller.reason):
        yield teller.story("refuses_an_end_before_the_start", inverted)


def _seen_from_parent(teller: Teller, rule: NoOverlap, times: _Times) -> Iterator[Scenario]:
    """Records that overlap while a record at which the rule looks does not let them count."""
    for test in rule.where:
        seen, reference, target = resolve(teller.view, teller.entity, test.field)
        if reference is None:
            continue
        stage = teller.stage()
        name = reference.field.name
        apart = teller.base_parent(reference, teller.fails(rule.where))
        others = tuple(key for key in rule.per if key != reference.key)
        rest = teller.group(others, stage)
        if rest is None or not teller.make_parent(stage, reference, name, apart):
            continue
        body: Changes = {**rest, reference.key: Ref(name), **times.between(2, 4)}
        fitting = solve(stage.kitchen, teller.entity, body, teller.fails(rule.where))
        if fitting is None or not all(
            stage.make(teller.entity, {**body, **fitting}) for _ in range(2)
        ):
            continue
        for value in candidates(stage.kitchen, target, seen.key):
            trial = stage.copy()
            if trial.patch(name, {seen.key: value}, teller.reason):
                yield teller.story(f"refuses_a_change_of_the_{target.slug}", trial)
                break
