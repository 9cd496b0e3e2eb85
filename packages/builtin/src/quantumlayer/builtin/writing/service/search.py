"""Looking for what the rules of a service allow: values, new records, and changes of records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice, product

from quantumlayer.builtin.conditions import Condition
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service import values
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.builtin.writing.service.references import keys_of, resolve, tests_of
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Changes, Given, Parent
from quantumlayer.builtin.writing.service.stage import Goal, Stage
from quantumlayer.builtin.writing.service.values import Record, Value, is_valid

_DAYS = [timedelta(days=days) for days in (0, 1, -1, 7, -7, 14, 30, -30, 400)]
_TRIED: dict[FieldType, list[Value]] = {
    FieldType.DATE: [values.TODAY + days for days in _DAYS],
    FieldType.DATETIME: [values.NOW + days for days in _DAYS],
    FieldType.TIME: [time(8), time(10), time(18)],
    FieldType.INTEGER: [0, 1, 2, 5, 100],
    FieldType.DECIMAL: [Decimal(number) for number in (0, 1, 2, 5, 100)],
}
_MOST_TRIES, _MOST_STEPS, _MOST_EDGES = 6_000, 4, 40


def holding(entity: EntityView, tests: Iterable[Condition], *, wanted: bool = True) -> Goal:
    """The goal that all conditions hold of a record, or that not all do."""
    return lambda world, record: world.holds_all(entity, tests, record) is wanted


def solve(
    stage: Stage, entity: EntityView, fixed: Changes, goal: Goal | None = None, settle: int = 3
) -> Changes | None:
    """The fewest changes with which a new record is accepted and reaches the goal, or None."""
    return next(solutions(stage, entity, fixed, goal, settle), None)


def solutions(
    stage: Stage, entity: EntityView, fixed: Changes, goal: Goal | None = None, settle: int = 3
) -> Iterator[Changes]:
    """Changes with which a new record is accepted and reaches the goal, the fewest first."""
    for changes in islice(_variations(stage, entity, fixed, settle), _MOST_TRIES):
        trial = stage.make(entity, {**fixed, **changes})
        if trial and (goal is None or goal(trial.world, trial.record())):
            yield changes


def _variations(stage: Stage, entity: EntityView, fixed: Changes, most: int) -> Iterator[Changes]:
    yield {}
    ruled = _ruled_keys(entity)
    open_keys = [f.key for f in entity.fields if f.key not in fixed]
    open_keys.sort(key=lambda key: key not in ruled)
    options = {key: candidates(stage, entity, key) for key in open_keys}
    yield from chosen(options, 1)
    ruled_options = {key: options[key] for key in open_keys if key in ruled}
    for size in range(2, most + 1):
        yield from chosen(ruled_options, size)


def chosen(options: Mapping[str, tuple[Given, ...]], size: int) -> Iterator[Changes]:
    """All changes of so many members to one of their options."""
    for keys in combinations(options, size):
        for picked in product(*(options[key] for key in keys)):
            yield dict(zip(keys, picked, strict=True))


def _ruled_keys(entity: EntityView) -> frozenset[str]:
    names = (key.partition(".")[0] for rule in entity.rules for key in keys_of(rule))
    return frozenset(entity.field(name).key for name in names)


@lru_cache(maxsize=512)
def plain_candidates(entity: EntityView, key: str) -> tuple[Value, ...]:
    """Values worth trying for a field that is no reference."""
    member = entity.field(key)
    found = [sample(entity, member, 1), sample(entity, member, 2)]
    for test in (test for rule in entity.rules for test in tests_of(rule)):
        for value in test.values if test.field == member.key else ():
            literal = values.literal_value(member, value)
            found += [values.shifted(member, literal, steps) for steps in (0, 1, -1)]
    found = list(member.field.choices) or [*found, *_TRIED.get(member.type, ())]
    valid = [value for value in found if is_valid(member, value)]
    if member.nullable:
        valid.insert(0, None)
    return tuple(value for at, value in enumerate(valid) if value not in valid[:at])


def candidates(stage: Stage, entity: EntityView, key: str) -> tuple[Value | Parent, ...]:
    """Values worth trying for a field; for a reference, records in the states that rules ask."""
    member = entity.field(key)
    if member.type is not FieldType.REFERENCE:
        return plain_candidates(entity, key)
    target = stage.view.target(member)
    if target.name == entity.name:
        return (None,) if member.nullable else ()
    wanted = _wanted_of_parent(stage, entity, member)
    ways = (_parent_with(stage, target, name, value) for name, value in wanted)
    found = (Parent(target.name), *(way for way in ways if way is not None))
    return (None, *found) if member.nullable else found


def _parent_with(stage: Stage, target: EntityView, name: str, value: Value) -> Parent | None:
    if stage.make(target, {name: value}):
        return Parent(target.name, {name: value})
    return reach(stage, target, lambda _, record: record[name] == value)


def _wanted_of_parent(
    stage: Stage, entity: EntityView, reference: FieldView
) -> list[tuple[str, Value]]:
    """What rules ask of a field of the record that a reference points to."""
    target = stage.view.target(reference)
    looked_at = [
        seen.key
        for rule in entity.rules
        for key in keys_of(rule)
        for seen, through, _ in (resolve(stage.view, entity, key),)
        if through is not None and through.key == reference.key
    ]
    return [(k, v) for k in dict.fromkeys(looked_at) for v in plain_candidates(target, k)]


def reach(
    stage: Stage,
    entity: EntityView,
    goal: Goal,
    fixed: Changes | None = None,
    most: int = _MOST_STEPS - 1,
) -> Parent | None:
    """How a record gets to where the goal holds: by its creation, or by changes after it."""
    fixed = fixed or {}
    direct = solve(stage, entity, fixed, goal, settle=2)
    if direct is not None:
        return Parent(entity.name, {**fixed, **direct})
    begun = solve(stage, entity, fixed)
    if begun is None:
        return None
    keys = _ruled_keys(entity) - fixed.keys()
    made = stage.make(entity, {**fixed, **begun})
    found = changed_until(made, "", keys, lambda after: goal(after.world, after.record()), most)
    if found is None:
        return None
    first, *patches = (step.changes for step in found.steps[len(stage.steps) :])
    return Parent(entity.name, first, tuple(patches))


def changed_until(
    stage: Stage,
    name: str,
    keys: Iterable[str],
    reached: Callable[[Stage], bool],
    most: int = _MOST_STEPS,
) -> Stage | None:
    """The stage to which the fewest accepted changes of a named record lead, if any reaches it."""
    edges, seen = [stage] if stage else [], list[Record]()
    for _ in range(most):
        following = []
        ways = ((edge, change) for edge in edges for change in _changes_of(edge, name, keys))
        for after in (edge.patch(name, change) for edge, change in ways):
            if after and reached(after):
                return after
            if after and after.record(name) not in seen:
                seen.append(after.record(name))
                following.append(after)
        edges = following[:_MOST_EDGES]
    return None


def _changes_of(stage: Stage, name: str, keys: Iterable[str]) -> Iterator[Changes]:
    """Changes of one member of a named record, then of two; not to point elsewhere."""
    entity, record = stage.named[name][0], stage.record(name)
    options: dict[str, tuple[Given, ...]] = {
        field.key: tuple(
            value
            for value in candidates(stage, entity, field.key)
            if value != record[field.key] and not isinstance(value, Parent)
        )
        for field in entity.fields
        if field.key in keys
    }
    for size in (1, 2):
        yield from chosen(options, size)


def accepted_change(stage: Stage, name: str, without: frozenset[str] = frozenset()) -> Changes:
    """A member of a named record that can be changed, to a value that it does not have yet."""
    entity, stored = stage.named[name][0], stage.record(name)
    for field in entity.fields:
        if field.type is FieldType.REFERENCE or field.key in without:
            continue
        for value in (sample(entity, field, 7), *candidates(stage, entity, field.key)):
            new = value is not None and value != stored[field.key]
            if new and stage.patch(name, {field.key: value}):
                return {field.key: value}
    return {}
