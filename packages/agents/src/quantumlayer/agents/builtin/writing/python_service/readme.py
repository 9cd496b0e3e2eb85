"""What the README says of each entity: commands that work in order, and its members."""

import json
from dataclasses import dataclass

from quantumlayer.agents.builtin.writing.python_service import schemas
from quantumlayer.agents.builtin.writing.python_service.entity_tests import accepted_change
from quantumlayer.agents.builtin.writing.python_service.model import (
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.agents.builtin.writing.python_service.recipes import (
    Changes,
    Kitchen,
    Parent,
    kitchen,
)
from quantumlayer.agents.builtin.writing.python_service.samples import Value, to_json
from quantumlayer.agents.builtin.writing.python_service.world import Record, Refused
from quantumlayer.qlayer.requirements import FieldType

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


def examples(view: ServiceView) -> tuple[Example, ...]:
    """One example an entity; together they work in order on an empty database."""
    place = kitchen(view).copy()
    return tuple(_example(view, place, entity) for entity in view.entities)


def _example(view: ServiceView, place: Kitchen, entity: EntityView) -> Example:
    commands: list[str] = []
    made = _make(view, place, entity, commands)
    commands.append(f"curl -s '{_URL}{entity.path}?limit=10&sort=-id'")
    if made is not None:
        record = place.world.tables[entity.name][made]
        change = accepted_change(place, entity, made)
        if change:
            body = _data({key: value for key, value in change.items() if record[key] != value})
            commands.append(f"curl -s -X PATCH {_URL}{entity.path}/{made} {body}")
    return Example(
        title=entity.many[:1].upper() + entity.many[1:],
        commands=tuple(commands),
        members=tuple(_row(view, field) for field in entity.fields),
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
        body = trial.body(entity, known)
        made = trial.world.create(entity, body)
    except Refused:
        return _make_with_parents(view, place, entity, commands)
    if len(known) < len(parents):
        return _make_with_parents(view, place, entity, commands)
    place.world, place.numbers = trial.world, trial.numbers
    commands.append(_post(entity, body))
    return made


def _make_with_parents(
    view: ServiceView, place: Kitchen, entity: EntityView, commands: list[str]
) -> int | None:
    given: Changes = {}
    for key, parent in place.recipes[entity.name].constants:
        if isinstance(parent, Parent):
            target = view.entity(parent.entity)
            body = place.body(target, dict(parent.changes))
            given[key] = place.world.create(target, body)
            commands.append(_post(target, body))
            for patch in parent.patches:
                changes = place.settled(dict(patch))
                place.world.update(target, int(str(given[key])), changes)
                path = f"{_URL}{target.path}/{given[key]}"
                commands.append(f"curl -s -X PATCH {path} {_data(changes)}")
    try:
        body = place.body(entity, given)
        made = place.world.create(entity, body)
    except Refused:
        return None
    commands.append(_post(entity, body))
    return made


def _post(entity: EntityView, body: Record) -> str:
    return f"curl -s {_URL}{entity.path} {_data(body)}"


def _data(body: dict[str, Value]) -> str:
    text = json.dumps({key: to_json(value) for key, value in body.items()}, ensure_ascii=False)
    quoted = text.replace("'", "'\\''")
    return f"-H 'Content-Type: application/json' -d '{quoted}'"


def _row(view: ServiceView, field: FieldView) -> MemberRow:
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
        notes.append(f"default: `{schemas.literal_default(field)}`")
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
