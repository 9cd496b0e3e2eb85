"""What holds of the records of an entity, for the tests of its routes to state.

Bodies that are accepted, questions that find one of two records, and what may be deleted: worked
out in a world of records, so that every test of a generated service is known to be true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import combinations

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.changes import accepted_change
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Parent, Ref
from quantumlayer.builtin.writing.service.model import (
    MOMENTS,
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
    query_name,
)
from quantumlayer.builtin.writing.service.queries import filter_names
from quantumlayer.builtin.writing.service.recipes import usual_parent
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Reason, Stage
from quantumlayer.builtin.writing.service.search import candidates, plain
from quantumlayer.builtin.writing.service.values import Value, default_value, to_json

_UNSORTABLE = frozenset({FieldType.TAGS, FieldType.LONG_TEXT})


@dataclass(frozen=True)
class Lookup:
    """Two values of a field, and the query parameter that finds the second record alone."""

    key: str
    first: Value
    second: Value
    parameter: str
    wanted: Value


@dataclass(frozen=True)
class User:
    """A record that keeps another from being deleted: what both must be, and by which key."""

    entity: EntityView
    key: str
    changes: Changes
    stored: Ref


def full_record(view: ServiceView, entity: EntityView) -> Changes:
    """Every member given, but for those that a rule then refuses."""
    found: Changes = {}
    for field in entity.fields:
        if field.type is FieldType.REFERENCE and field.must_be_given:
            continue
        for value in _values(view, entity, field):
            if Stage.empty(view).make(entity, {**found, field.key: value}):
                found[field.key] = value
                break
    return found


def plain_members(changes: Changes) -> Changes:
    """The members that an answer must repeat: all but the ids of records made on the spot."""
    return {key: value for key, value in changes.items() if not isinstance(value, Parent)}


def _values(view: ServiceView, entity: EntityView, field: FieldView) -> list[Given]:
    stage = Stage.empty(view)
    others: list[Given] = [
        value for value in candidates(stage.kitchen, entity, field.key) if value is not None
    ]
    if field.type is FieldType.REFERENCE:
        return others
    constants = _constants(view, entity)
    found: list[Given] = [constants[field.key]] if field.key in constants else []
    return [*found, sample(entity, field, 1), sample(entity, field, 2), *others]


def _constants(view: ServiceView, entity: EntityView) -> Changes:
    return dict(Stage.empty(view).kitchen.recipes[entity.name].constants)


def defaults(view: ServiceView, entity: EntityView) -> Changes:
    """What a record has where the client gives the least."""
    recipe = Stage.empty(view).kitchen.recipes[entity.name]
    given = {*dict(recipe.constants), *recipe.varied}
    return {
        field.key: default_value(field)
        for field in entity.fields
        if not field.must_be_given and field.key not in given
    }


def change(view: ServiceView, entity: EntityView) -> Changes:
    """A change of one member that is accepted."""
    stage = Stage.empty(view).make(entity, {}, "stored")
    if not stage:
        return {}
    return accepted_change(stage.kitchen, entity, stage.kitchen.named["stored"][1])


def cleared(view: ServiceView, entity: EntityView) -> Changes:
    """An optional member that can be set and then cleared, or nothing."""
    for field in entity.fields:
        if not field.nullable or field.type is FieldType.REFERENCE:
            continue
        options = candidates(Stage.empty(view).kitchen, entity, field.key)
        for value in [sample(entity, field, 1), *(v for v in options if v is not None)]:
            stage = Stage.empty(view).make(entity, {field.key: value}, "stored")
            if stage.patch("stored", {field.key: None}):
                return {field.key: value}
    return {}


def lookups(view: ServiceView, entity: EntityView) -> Iterator[Lookup]:
    """Questions that find one of two records."""
    names = filter_names(entity)
    for field in entity.fields:
        pair = _pair(view, entity, field)
        if pair is None:
            continue
        first, second = pair
        for name, wanted in _queries(field, first, second):
            blurred = name == "q" and _found_anyway(view, entity, field, first, second)
            if name in names and not blurred:
                yield Lookup(field.key, first, second, name, wanted)
        yield from _up_to(view, entity, field)


def _up_to(view: ServiceView, entity: EntityView, field: FieldView) -> Iterator[Lookup]:
    """The record with the smaller value is found by the largest value that is wanted."""
    name = f"max_{field.key}" if field.type in NUMBERS else f"{field.key}_to"
    if field.type not in NUMBERS | MOMENTS or name not in filter_names(entity):
        return
    pair = _pair(view, entity, field, second_first=True)
    if pair is not None and query_name(name):
        smaller, larger = pair
        yield Lookup(field.key, larger, smaller, name, smaller)


def _found_anyway(
    view: ServiceView, entity: EntityView, field: FieldView, first: Value, second: Value
) -> bool:
    """Whether searching for the second record's text finds the first by another of its fields."""
    stage = Stage.empty(view).make(entity, {field.key: first}, "first")
    if not stage:
        return True
    texts = (stage.record("first")[other.key] for other in entity.fields if other.type in STRINGS)
    return any(str(second).lower() in str(text).lower() for text in texts)


def _pair(
    view: ServiceView, entity: EntityView, field: FieldView, *, second_first: bool = False
) -> tuple[Value, Value] | None:
    """Two values, the smaller first, with which two records can stand together."""
    if field.type is FieldType.REFERENCE:
        return None
    values = candidates(Stage.empty(view).kitchen, entity, field.key)
    for one, other in combinations(plain(values), 2):
        first, second = _in_order(one, other)
        order = (second, first) if second_first else (first, second)
        stage = Stage.empty(view).make(entity, {field.key: order[0]})
        if stage.make(entity, {field.key: order[1]}):
            return first, second
    return None


def _in_order(one: Value, other: Value) -> tuple[Value, Value]:
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return (one, other) if one < other else (other, one)
    return (one, other) if str(to_json(one)) < str(to_json(other)) else (other, one)


def _queries(field: FieldView, first: Value, second: Value) -> Iterator[tuple[str, Value]]:
    key = field.key
    if isinstance(second, list):
        known = first if isinstance(first, list) else []
        yield from [(key, tag) for tag in second if tag not in known][:1]
        return
    if field.type is not FieldType.LONG_TEXT:
        yield key, second
    if field.type in NUMBERS:
        yield f"min_{key}", second
    if field.type in MOMENTS:
        yield f"{key}_from", second
    distinct = isinstance(second, str) and second.lower() not in str(first).lower()
    if field.type in STRINGS and distinct:
        yield "q", str(second).upper()


def sorted_by(view: ServiceView, entity: EntityView) -> tuple[str, Value, Value] | None:
    """A field, and two values of it in order."""
    for field in entity.fields:
        pair = _pair(view, entity, field, second_first=True)
        if pair is not None and field.type not in _UNSORTABLE:
            return field.key, *pair
    return None


def stands_together(view: ServiceView, entity: EntityView) -> bool:
    """Whether three records of the factory can stand together."""
    return bool(Stage.empty(view).make(entity, {}).make(entity, {}).make(entity, {}))


def moments(view: ServiceView, entity: EntityView) -> Iterator[tuple[str, str]]:
    """Datetime fields, and the text without offset of a moment that each accepts."""
    for field in entity.fields:
        if field.type is not FieldType.DATETIME:
            continue
        for value in candidates(Stage.empty(view).kitchen, entity, field.key):
            if isinstance(value, datetime) and Stage.empty(view).make(entity, {field.key: value}):
                yield field.key, value.replace(tzinfo=None).isoformat()
                break


def referring(view: ServiceView, entity: EntityView) -> dict[str, Parent | None]:
    """What the factory must be told so that each reference is set; None where it sets it itself."""
    constants = _constants(view, entity)
    return {
        field.key: None
        if isinstance(constants.get(field.key), Parent)
        else Parent(view.target(field).name)
        for field in entity.references
    }


def user(view: ServiceView, entity: EntityView) -> User | None:
    """A record that keeps one of this entity from being deleted."""
    for other, reference in view.referrers(entity):
        parent = usual_parent(view, other, reference)
        changes = dict(parent.changes)
        if other.name == entity.name or parent.patches:
            continue
        stage = Stage.empty(view).make(entity, changes, "used")
        if stage.make(other, {reference.key: Ref("used")}).delete("used", Reason(None)):
            return User(other, reference.key, changes, Ref("stored"))
    return None


def deletable(view: ServiceView, entity: EntityView) -> bool:
    """Whether a record of the factory can be deleted."""
    return bool(Stage.empty(view).make(entity, {}, "stored").delete("stored"))


def replaceable(view: ServiceView, entity: EntityView) -> bool:
    """Whether a record can be replaced by the body of another one."""
    stage = Stage.empty(view).make(entity, {}, "stored")
    if not stage:
        return False
    body = stage.kitchen.body(entity, {})
    full: Changes = {f.key: body.get(f.key, default_value(f)) for f in entity.fields}
    return bool(stage.patch("stored", full))
