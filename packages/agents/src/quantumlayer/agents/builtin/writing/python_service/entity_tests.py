"""What the tests of an entity's routes need: bodies that are accepted, and what lists find."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_service import field_cases, schemas
from quantumlayer.agents.builtin.writing.python_service.factory_code import keyword_argument
from quantumlayer.agents.builtin.writing.python_service.scenario_code import (
    arguments,
    json_object,
    parent_code,
)
from quantumlayer.agents.builtin.writing.service.changes import accepted_change
from quantumlayer.agents.builtin.writing.service.model import (
    MOMENTS,
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
    query_name,
)
from quantumlayer.agents.builtin.writing.service.recipes import (
    Changes,
    Given,
    Parent,
    Ref,
    candidates,
)
from quantumlayer.agents.builtin.writing.service.samples import (
    Value,
    json_code,
    sample,
    to_json,
)
from quantumlayer.agents.builtin.writing.service.scenarios import Reason, Stage
from quantumlayer.agents.builtin.writing.service.world import default_value
from quantumlayer.qlayer.requirements import FieldType


@dataclass(frozen=True)
class Lookup:
    """Two records that differ in a field, and the query that finds the second of them."""

    key: str
    first: str
    second: str
    query: str


@dataclass(frozen=True)
class FieldTest:
    """The values of a field, from both sides."""

    token: str
    field: FieldView
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class EntityTests:
    """Everything that the template of an entity's tests is given."""

    token: str
    full: str
    """Arguments that give every member a value."""
    expected: str
    """The members of a full record that the answer must repeat, as a dictionary."""
    defaults: str
    """What a record has where the client gives the least, as a dictionary."""
    change: str
    """A change that is accepted, as a dictionary."""
    cleared: str
    """An optional member that can be cleared, or nothing."""
    cleared_from: str
    required: tuple[str, ...]
    fields: tuple[FieldTest, ...]
    lookups: tuple[Lookup, ...]
    sorted_by: Lookup | None
    many: bool
    """Whether three records of the factory can stand together."""
    moments: tuple[tuple[str, str], ...]
    """Datetime fields, and the text without offset of a moment that each accepts."""
    unknown_references: tuple[str, ...]
    reference_values: dict[str, str | None]
    """What the factory must be told so that a reference is set; None where it sets it itself."""
    user: tuple[EntityView, str, str] | None
    """An entity whose record keeps this one from being deleted, by which key, and what this one
    must be for that."""
    deletable: bool
    replaceable: bool


def entity_tests(view: ServiceView, entity: EntityView) -> EntityTests:
    """The facts about an entity that its tests state."""
    full = _full(view, entity)
    change = _change(view, entity)
    cleared = _cleared(view, entity)
    lookups = tuple(_lookups(view, entity))
    return EntityTests(
        token=_token(entity.entity.requirement),
        full=arguments(view, full),
        expected=json_object(view, {k: v for k, v in full.items() if not isinstance(v, Parent)}),
        defaults=_defaults(view, entity),
        change=json_object(view, change) if change else "",
        cleared=cleared[0] if cleared else "",
        cleared_from=arguments(view, cleared[1]) if cleared else "",
        required=tuple(f.key for f in entity.fields if f.must_be_given),
        fields=tuple(_field_test(view, entity, field) for field in entity.fields),
        lookups=lookups,
        sorted_by=_sorted_by(view, entity),
        many=_many(view, entity),
        moments=tuple(_moments(view, entity)),
        unknown_references=tuple(f.key for f in entity.references),
        reference_values=_reference_values(view, entity),
        user=_user(view, entity),
        deletable=_deletable(view, entity),
        replaceable=_replaceable(view, entity),
    )


def _token(requirement: str | None) -> str:
    return f"{requirement.lower()}_" if requirement else ""


def _full(view: ServiceView, entity: EntityView) -> Changes:
    """Every member given, but for those that a rule then refuses."""
    found: Changes = {}
    constants = dict(Stage.empty(view).kitchen.recipes[entity.name].constants)
    for field in entity.fields:
        if field.type is FieldType.REFERENCE and field.must_be_given:
            continue
        for value in _values(view, entity, field, constants):
            if Stage.empty(view).make(entity, {**found, field.key: value}):
                found[field.key] = value
                break
    return found


def _values(
    view: ServiceView, entity: EntityView, field: FieldView, constants: Changes
) -> list[Given]:
    if field.type is FieldType.REFERENCE:
        values = candidates(Stage.empty(view).kitchen, entity, field.key)
        return [value for value in values if value is not None]
    found: list[Given] = [constants[field.key]] if field.key in constants else []
    found += [sample(entity, field, 1), sample(entity, field, 2)]
    others = candidates(Stage.empty(view).kitchen, entity, field.key)
    return [*found, *(value for value in others if value is not None)]


def _defaults(view: ServiceView, entity: EntityView) -> str:
    constants = dict(Stage.empty(view).kitchen.recipes[entity.name].constants)
    found: Changes = {
        f.key: default_value(f)
        for f in entity.fields
        if not f.must_be_given
        and f.key not in constants
        and f.key not in Stage.empty(view).kitchen.recipes[entity.name].varied
    }
    return json_object(view, found) if found else ""


def _change(view: ServiceView, entity: EntityView) -> Changes:
    stage = Stage.empty(view)
    if not stage.make(entity, {}, "stored"):
        return {}
    return accepted_change(stage.kitchen, entity, stage.kitchen.named["stored"][1])


def _cleared(view: ServiceView, entity: EntityView) -> tuple[str, Changes] | None:
    for field in entity.fields:
        if not field.nullable or field.type is FieldType.REFERENCE:
            continue
        values = [
            v for v in candidates(Stage.empty(view).kitchen, entity, field.key) if v is not None
        ]
        for value in [sample(entity, field, 1), *values]:
            stage = Stage.empty(view)
            given: Changes = {field.key: value}
            if stage.make(entity, given, "stored") and stage.patch("stored", {field.key: None}):
                return field.key, given
    return None


def _field_test(view: ServiceView, entity: EntityView, field: FieldView) -> FieldTest:
    accepted = [
        case.code
        for case in field_cases.accepted(entity, field)
        if Stage.empty(view).make(entity, {field.key: case.value})
    ]
    return FieldTest(
        _token(entity.requirement_of(field)), field, tuple(accepted), field_cases.refused(field)
    )


def _lookups(view: ServiceView, entity: EntityView) -> list[Lookup]:
    found = []
    names = {item.name for item in schemas.filters(entity)}
    for field in entity.fields:
        pair = _pair(view, entity, field)
        if pair is None:
            continue
        first, second = pair
        queries = [
            (name, query)
            for name, query in _queries(field, first, second)
            if name != "q" or not _found_anyway(view, entity, field, first, second)
        ]
        found += [
            Lookup(field.key, json_code(first), json_code(second), query)
            for name, query in queries
            if name in names and query_name(name) | (name == "q")
        ]
        found += _lookups_up_to(view, entity, field, names)
    return found


def _lookups_up_to(
    view: ServiceView, entity: EntityView, field: FieldView, names: Container[str]
) -> list[Lookup]:
    """The record with the smaller value is found by the largest value that is wanted."""
    name = f"max_{field.key}" if field.type in NUMBERS else f"{field.key}_to"
    if field.type not in NUMBERS | MOMENTS or name not in names or not query_name(name):
        return []
    pair = _pair(view, entity, field, second_first=True)
    if pair is None:
        return []
    smaller, larger = json_code(pair[0]), json_code(pair[1])
    return [Lookup(field.key, larger, smaller, f'{{"{name}": {smaller}}}')]


def _pair(
    view: ServiceView, entity: EntityView, field: FieldView, *, second_first: bool = False
) -> tuple[Value, Value] | None:
    """Two values, the smaller first, with which two records can stand together."""
    if field.type is FieldType.REFERENCE:
        return None
    values = candidates(Stage.empty(view).kitchen, entity, field.key)
    plain = [v for v in values if v is not None and not isinstance(v, Parent | Ref)]
    for at, one in enumerate(plain):
        for other in plain[at + 1 :]:
            stage = Stage.empty(view)
            first, second = _in_order(one, other)
            order = (second, first) if second_first else (first, second)
            if all(stage.make(entity, {field.key: value}) for value in order):
                return first, second
    return None


def _in_order(one: Value, other: Value) -> tuple[Value, Value]:
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return (one, other) if one < other else (other, one)
    return (one, other) if str(to_json(one)) < str(to_json(other)) else (other, one)


def _found_anyway(
    view: ServiceView, entity: EntityView, field: FieldView, first: Value, second: Value
) -> bool:
    """Whether searching for the second record's text finds the first by another of its fields."""
    stage = Stage.empty(view)
    if not stage.make(entity, {field.key: first}, "first"):
        return True
    texts = (stage.record("first")[other.key] for other in entity.fields if other.type in STRINGS)
    return any(str(second).lower() in str(text).lower() for text in texts)


def _queries(field: FieldView, first: Value, second: Value) -> list[tuple[str, str]]:
    key = field.key
    if field.type is FieldType.TAGS:
        known = first if isinstance(first, list) else []
        own = [tag for tag in second if tag not in known] if isinstance(second, list) else []
        return [(key, f'{{"{key}": "{own[0]}"}}')] if own else []
    wanted = json_code(second)
    found = [(key, f'{{"{key}": {wanted}}}')]
    if field.type in NUMBERS:
        found.append((f"min_{key}", f'{{"min_{key}": {wanted}}}'))
    if field.type in MOMENTS:
        found.append((f"{key}_from", f'{{"{key}_from": {wanted}}}'))
    distinct = isinstance(second, str) and second.lower() not in str(first).lower()
    if field.type in STRINGS and distinct:
        found.append(("q", f'{{"q": {json_code(str(second).upper())}}}'))
    return [item for item in found if field.type is not FieldType.LONG_TEXT or item[0] == "q"]


def _sorted_by(view: ServiceView, entity: EntityView) -> Lookup | None:
    for field in entity.fields:
        pair = _pair(view, entity, field, second_first=True)
        if pair is None or field.type in (FieldType.TAGS, FieldType.LONG_TEXT):
            continue
        first, second = pair
        return Lookup(field.key, json_code(first), json_code(second), "")
    return None


def _many(view: ServiceView, entity: EntityView) -> bool:
    stage = Stage.empty(view)
    return all(stage.make(entity, {}) for _ in range(3))


def _moments(view: ServiceView, entity: EntityView) -> Iterator[tuple[str, str]]:
    for field in entity.fields:
        if field.type is not FieldType.DATETIME:
            continue
        for value in candidates(Stage.empty(view).kitchen, entity, field.key):
            if isinstance(value, datetime) and Stage.empty(view).make(entity, {field.key: value}):
                yield field.key, value.replace(tzinfo=None).isoformat()
                break


def _reference_values(view: ServiceView, entity: EntityView) -> dict[str, str | None]:
    constants = dict(Stage.empty(view).kitchen.recipes[entity.name].constants)
    found: dict[str, str | None] = {}
    for field in entity.references:
        if isinstance(constants.get(field.key), Parent):
            found[field.key] = None
            continue
        target = view.target(field)
        code = parent_code(view, Parent(target.name))
        found[field.key] = keyword_argument(field.key, f'{code}["id"]')
    return found


def _user(view: ServiceView, entity: EntityView) -> tuple[EntityView, str, str] | None:
    for other, reference in view.referrers(entity):
        stage = Stage.empty(view)
        recipe = dict(stage.kitchen.recipes[other.name].constants).get(reference.key)
        parent = recipe if isinstance(recipe, Parent) else Parent(entity.name)
        changes = dict(parent.changes)
        if other.name == entity.name or parent.patches or not stage.make(entity, changes, "used"):
            continue
        if not stage.make(other, {reference.key: Ref("used")}):
            continue
        if stage.delete("used", Reason(None)):
            return other, reference.key, arguments(view, changes)
    return None


def _deletable(view: ServiceView, entity: EntityView) -> bool:
    stage = Stage.empty(view)
    return stage.make(entity, {}, "stored") and stage.delete("stored")


def _replaceable(view: ServiceView, entity: EntityView) -> bool:
    """Whether a record can be replaced by the body of another one."""
    stage = Stage.empty(view)
    if not stage.make(entity, {}, "stored"):
        return False
    body = stage.kitchen.body(entity, {})
    full: Changes = {f.key: body.get(f.key, default_value(f)) for f in entity.fields}
    return stage.patch("stored", full)
