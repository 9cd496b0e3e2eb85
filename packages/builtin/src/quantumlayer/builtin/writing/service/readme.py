"""What the README says of each entity: commands that work in order, and its members."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.changes import accepted_change
from quantumlayer.builtin.writing.service.kitchen import Changes, Kitchen, Parent
from quantumlayer.builtin.writing.service.model import (
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.ranges import is_valid
from quantumlayer.builtin.writing.service.recipes import kitchen
from quantumlayer.builtin.writing.service.values import NOW, Value, to_json
from quantumlayer.builtin.writing.service.world import Record, Refused, World

Literal = Callable[[FieldView], str | None]
_MOMENTS = (NOW, NOW.replace(year=2060))
_YEARS = (None, 2090, 2001)
_MOST_DATES = 4
_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class MemberRow:
    """A line of the table of members."""

    name: str
    type: str
    note: str


@dataclass(frozen=True)
class Example:
    """What the README shows of one entity."""

    title: str
    commands: tuple[str, ...]
    members: tuple[MemberRow, ...]


def examples(view: ServiceView, literal: Literal) -> tuple[Example, ...]:
    """One example an entity; together they work in order on an empty database.

    `literal` writes the default of a field as the language of the service does.
    """
    place = kitchen(view).copy()
    return tuple(_example(view, place, entity, literal) for entity in view.entities)


def _example(view: ServiceView, place: Kitchen, entity: EntityView, literal: Literal) -> Example:
    commands: list[str] = []
    made = _make(view, place, entity, commands)
    commands.append(f"curl -s '{_URL}{entity.path}?limit=10&sort=-id'")
    if made is not None:
        change = _change(place, entity, made)
        if change:
            place.world.update(entity, made, place.settled(change))
            body = _data(place.settled(change))
            commands.append(f"curl -s -X PATCH {_URL}{entity.path}/{made} {body}")
    return Example(
        title=entity.many[:1].upper() + entity.many[1:],
        commands=tuple(commands),
        members=tuple(_row(view, field, literal) for field in entity.fields),
    )


def _make(view: ServiceView, place: Kitchen, entity: EntityView, commands: list[str]) -> int | None:
    """Make a record, that points to records made before where the rules allow it."""
    recipe = place.recipes[entity.name]
    parents = {key: value for key, value in recipe.constants if isinstance(value, Parent)}
    known: Changes = {
        key: place.world.last_ids[parent.entity]
        for key, parent in parents.items()
        if place.world.last_ids[parent.entity]
    }
    trial = place.copy()
    try:
        body = _timeless(trial.world, entity, trial.body(entity, known))
        made = trial.world.create(entity, body)
    except Refused:
        return _create(view, place, entity, {}, commands)
    if len(known) < len(parents):
        return _create(view, place, entity, {}, commands)
    place.world, place.numbers = trial.world, trial.numbers
    commands.append(_post(entity, body))
    return made


def _create(
    view: ServiceView, place: Kitchen, entity: EntityView, changes: Changes, commands: list[str]
) -> int | None:
    """Make a record after all records that it points to, each with its own command."""
    given: Changes = {}
    for key, value in {**dict(place.recipes[entity.name].constants), **changes}.items():
        if isinstance(value, Parent):
            given[key] = _create_parent(view, place, value, commands)
        elif key in changes:
            given[key] = value
    try:
        body = _timeless(place.world, entity, place.body(entity, given))
        made = place.world.create(entity, body)
    except Refused:
        return None
    commands.append(_post(entity, body))
    return made


def _create_parent(
    view: ServiceView, place: Kitchen, parent: Parent, commands: list[str]
) -> int | None:
    target = view.entity(parent.entity)
    made = _create(view, place, target, dict(parent.changes), commands)
    for patch in parent.patches if made is not None else ():
        changes = place.settled(dict(patch))
        place.world.update(target, made or 0, changes)
        commands.append(f"curl -s -X PATCH {_URL}{target.path}/{made} {_data(changes)}")
    return made


def _timeless(world: World, entity: EntityView, body: Record) -> Record:
    """The body with days that the rules accept now and in many years."""
    dated = [
        f.key
        for f in entity.fields
        if f.type in (FieldType.DATE, FieldType.DATETIME) and f.key in body
    ]
    for years in product(_YEARS, repeat=min(len(dated), _MOST_DATES)):
        moved = dict(body)
        for key, year in zip(dated, years, strict=False):
            value = body[key]
            if year and isinstance(value, date):
                moved[key] = value.replace(year=year)
        if all(is_valid(entity.field(key), moved[key]) for key in dated) and all(
            _accepts(world, now, entity, moved) for now in _MOMENTS
        ):
            return moved
    return body


def _accepts(world: World, now: datetime, entity: EntityView, body: Record) -> bool:
    trial = world.copy()
    trial.now = now
    try:
        trial.create(entity, body)
    except Refused:
        return False
    return True


def _change(place: Kitchen, entity: EntityView, made: int) -> Changes:
    """A change without days, which would grow old."""
    dated = {f.key for f in entity.fields if f.type in (FieldType.DATE, FieldType.DATETIME)}
    return accepted_change(place, entity, made, without=frozenset(dated))


def _post(entity: EntityView, body: Record) -> str:
    return f"curl -s {_URL}{entity.path} {_data(body)}"


def _data(body: dict[str, Value]) -> str:
    text = json.dumps({key: to_json(value) for key, value in body.items()}, ensure_ascii=False)
    quoted = text.replace("'", "'\\''")
    return f"-H 'Content-Type: application/json' -d '{quoted}'"


def _row(view: ServiceView, field: FieldView, literal: Literal) -> MemberRow:
    notes = []
    if field.type is FieldType.REFERENCE:
        notes.append(f"id of {view.target(field).one}")
    if field.field.choices:
        notes.append("one of " + ", ".join(f"`{choice}`" for choice in field.field.choices))
    notes += _bounds(field)
    if field.field.unique:
        notes.append("unique")
    if field.computed:
        notes.append(f"default: {field.computed}")
    elif field.default is not None:
        notes.append(f"default: `{literal(field)}`")
    elif field.nullable:
        notes.append("optional")
    return MemberRow(field.key, field.type.value.replace("_", " "), "; ".join(notes))


def _bounds(field: FieldView) -> list[str]:
    contract = field.field
    found = []
    if contract.minimum is not None:
        found.append(
            f"{'more than' if contract.exclusive_minimum else 'at least'} {contract.minimum}"
        )
    if contract.maximum is not None:
        found.append(
            f"{'less than' if contract.exclusive_maximum else 'at most'} {contract.maximum}"
        )
    if field.type in STRINGS and contract.pattern:
        found.append(f"matches `{contract.pattern.replace('|', chr(92) + '|')}`")
    if field.type in STRINGS and (contract.min_length or contract.max_length):
        found.append(f"{field.min_length or 0} to {field.max_length} characters")
    return found
