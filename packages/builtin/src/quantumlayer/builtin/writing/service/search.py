"""Looking for what the rules of a service allow: values, new records, and changes of records."""

from collections.abc import Iterable, Iterator
from datetime import time, timedelta
from functools import lru_cache
from itertools import combinations, islice, product

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.kitchen import (
    Changes,
    Given,
    Goal,
    Kitchen,
    Parameter,
    Parent,
    Ref,
)
from quantumlayer.builtin.writing.service.model import EntityView, FieldView
from quantumlayer.builtin.writing.service.ranges import is_valid
from quantumlayer.builtin.writing.service.references import keys_of, resolve, tests_of
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import (
    NOW,
    TODAY,
    Record,
    Value,
    literal_value,
    shifted,
)
from quantumlayer.builtin.writing.service.world import Refused

_DAYS = (0, 1, -1, 7, -7, 14, 30, -30, 400)
_MOST_TRIES, _MOST_EDGES = 6_000, 40


def solve(
    start: Kitchen, entity: EntityView, fixed: Changes, goal: Goal, *, settle: int = 3
) -> Changes | None:
    """The fewest changes with which a new record is accepted and reaches the goal, or None."""
    return next(solutions(start, entity, fixed, goal, settle), None)


def solutions(
    start: Kitchen, entity: EntityView, fixed: Changes, goal: Goal, settle: int
) -> Iterator[Changes]:
    """Changes with which a new record is accepted and reaches the goal, the fewest first."""
    for changes in islice(_variations(start, entity, fixed, settle), _MOST_TRIES):
        trial = start.copy()
        try:
            made = trial.make(entity, {**fixed, **changes})
        except Refused:
            continue
        if goal(trial.world, trial.world.tables[entity.name][made]):
            yield changes


def _variations(start: Kitchen, entity: EntityView, fixed: Changes, most: int) -> Iterator[Changes]:
    yield {}
    ruled = _ruled_keys(entity)
    open_keys = [f.key for f in entity.fields if f.key not in fixed]
    open_keys.sort(key=lambda key: key not in ruled)
    values = {key: candidates(start, entity, key) for key in open_keys}
    for size in range(1, most + 1):
        keys = open_keys if size == 1 else [key for key in open_keys if key in ruled]
        for chosen in combinations(keys, size):
            for picked in product(*(values[key] for key in chosen)):
                yield dict(zip(chosen, picked, strict=True))


def _ruled_keys(entity: EntityView) -> frozenset[str]:
    names = (key.partition(".")[0] for rule in entity.rules for key in keys_of(rule))
    return frozenset(entity.field(name).key for name in names)


@lru_cache(maxsize=512)
def _plain_candidates(entity: EntityView, key: str) -> tuple[Value, ...]:
    member = entity.field(key)
    found = [sample(entity, member, 1), sample(entity, member, 2)]
    for test in (test for rule in entity.rules for test in tests_of(rule)):
        for value in test.values if test.field == member.key else ():
            literal = literal_value(member, value)
            found += [literal, shifted(member, literal, 1), shifted(member, literal, -1)]
    match member.type:
        case FieldType.CHOICE:
            found = list(member.field.choices)
        case FieldType.BOOLEAN:
            found = [True, False]
        case FieldType.DATE:
            found += [TODAY + timedelta(days=days) for days in _DAYS]
        case FieldType.DATETIME:
            found += [NOW + timedelta(days=days) for days in _DAYS]
        case FieldType.TIME:
            found += [time(8), time(10), time(18)]
        case FieldType.INTEGER | FieldType.DECIMAL:
            found += [literal_value(member, number) for number in (0, 1, 2, 5, 100)]
    valid = [value for value in found if is_valid(member, value)]
    if member.nullable:
        valid.insert(0, None)
    return tuple(value for at, value in enumerate(valid) if value not in valid[:at])


def candidates(start: Kitchen, entity: EntityView, key: str) -> tuple[Given, ...]:
    """Values worth trying for a field; for a reference, records in the states that rules ask."""
    member = entity.field(key)
    if member.type is not FieldType.REFERENCE:
        return _plain_candidates(entity, key)
    target = start.view.target(member)
    if target.name == entity.name:
        return (None,) if member.nullable else ()
    found: list[Given] = [Parent(target.name)]
    for name, value in _wanted_of_parent(start, entity, member):
        found.extend(_parent_with(start, target, name, value))
    return (None, *found) if member.nullable else tuple(found)


def plain(values: Iterable[Given]) -> list[Value]:
    """The values that are there, and no records to be made."""
    return [v for v in values if v is not None and not isinstance(v, Parent | Ref | Parameter)]


def _wanted_of_parent(
    start: Kitchen, entity: EntityView, reference: FieldView
) -> list[tuple[str, Value]]:
    """What rules ask of a field of the record that a reference points to."""
    target = start.view.target(reference)
    looked_at = [
        seen.key
        for rule in entity.rules
        for key in keys_of(rule)
        for seen, through, _ in (resolve(start.view, entity, key),)
        if through is not None and through.key == reference.key
    ]
    return [(k, v) for k in dict.fromkeys(looked_at) for v in _plain_candidates(target, k)]


def _parent_with(start: Kitchen, target: EntityView, name: str, value: Value) -> list[Parent]:
    try:
        start.copy().make(target, {name: value})
    except Refused:
        found = reach(start, target, lambda _world, record: record[name] == value)
        return [] if found is None else [parent_of(target, *found)]
    return [parent_of(target, {name: value}, [])]


def parent_of(target: EntityView, changes: Changes, patches: list[Changes]) -> Parent:
    """A record that is made, and then changed step by step."""
    steps = tuple(tuple(patch.items()) for patch in patches)
    return Parent(target.name, tuple(changes.items()), steps)


def reach(
    start: Kitchen, entity: EntityView, goal: Goal, fixed: Changes | None = None, most: int = 3
) -> tuple[Changes, list[Changes]] | None:
    """How a record gets to where the goal holds: by its creation, or by changes after it."""
    fixed = fixed or {}
    direct = solve(start, entity, fixed, goal, settle=2)
    if direct is not None:
        return direct, []
    begun = solve(start, entity, fixed, lambda _world, _record: True)
    if begun is None:
        return None
    trial = start.copy()
    made = trial.make(entity, {**fixed, **begun})
    edges: list[tuple[Kitchen, list[Changes]]] = [(trial, [])]
    seen: list[Record] = []
    for _ in range(most):
        following = []
        for after, path in _steps(edges, entity, made, fixed):
            record = after.world.tables[entity.name][made]
            if goal(after.world, record):
                return begun, path
            if record not in seen:
                seen.append(record)
                following.append((after, path))
        edges = following[:_MOST_EDGES]
    return None


def _steps(
    edges: list[tuple[Kitchen, list[Changes]]], entity: EntityView, made: int, fixed: Changes
) -> Iterator[tuple[Kitchen, list[Changes]]]:
    """Where each accepted change leads to."""
    for place, path in edges:
        for patch in _patches(place, entity, made, fixed):
            after = place.copy()
            try:
                after.world.update(entity, made, after.settled(patch))
            except Refused:
                continue
            yield after, [*path, patch]


def _patches(place: Kitchen, entity: EntityView, made: int, fixed: Changes) -> Iterator[Changes]:
    ruled = _ruled_keys(entity)
    keys = [f.key for f in entity.fields if f.key in ruled and f.key not in fixed]
    record = place.world.tables[entity.name][made]
    values = {
        key: [
            value
            for value in candidates(place, entity, key)
            if value != record[key] and not isinstance(value, Parent)
        ]
        for key in keys
    }
    for size in (1, 2):
        for chosen in combinations(keys, size):
            for picked in product(*(values[key] for key in chosen)):
                yield dict(zip(chosen, picked, strict=True))


def accepted_change(
    place: Kitchen, entity: EntityView, made: int, without: frozenset[str] = frozenset()
) -> Changes:
    """A member of a record that can be changed, to a value that it does not have yet."""
    stored = place.world.tables[entity.name][made]
    for field in entity.fields:
        if field.type is FieldType.REFERENCE or field.key in without:
            continue
        options: list[Given] = [sample(entity, field, 7)]
        options += candidates(place, entity, field.key)
        for value in options:
            trial = place.copy()
            try:
                trial.world.update(entity, made, trial.settled({field.key: value}))
            except Refused:
                continue
            if value is not None and value != stored[field.key]:
                return {field.key: value}
    return {}
