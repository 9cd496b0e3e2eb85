"""What the README says of each entity: commands that work in order, and its members."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.kitchen import Changes, Kitchen, Parent
from quantumlayer.builtin.writing.service.model import STRINGS, EntityView, FieldView, ServiceView
from quantumlayer.builtin.writing.service.ranges import is_valid
from quantumlayer.builtin.writing.service.recipes import kitchen
from quantumlayer.builtin.writing.service.reports import reports_of
from quantumlayer.builtin.writing.service.search import accepted_change
from quantumlayer.builtin.writing.service.values import NOW, Record, Value, literal_value, to_json
from quantumlayer.builtin.writing.service.world import Refused, World

_DATED = (FieldType.DATE, FieldType.DATETIME)
_MOMENTS = (NOW, NOW.replace(year=2060))
_YEARS = (None, 2090, 2001)
_MOST_DATES = 4
_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Example:
    """What the README shows of one entity: each member has a name, a type and a note."""

    title: str
    commands: tuple[str, ...]
    members: tuple[tuple[str, str, str], ...]


def readme_context(view: ServiceView) -> dict[str, Any]:
    """The context of the README: its examples work in order on a service without records."""
    place = kitchen(view).copy()
    examples = [_example(view, place, entity) for entity in view.entities]
    return {"examples": examples, "figures": reports_of(view)}


def _example(view: ServiceView, place: Kitchen, entity: EntityView) -> Example:
    shell = _Shell(view, place)
    made = shell.made_of_known(entity)
    shell.commands.append(f"curl -s '{_URL}{entity.path}?limit=10&sort=-id'")
    # A change of a day would grow old.
    dated = frozenset(field.key for field in entity.fields if field.type in _DATED)
    if made is not None:
        shell.change(entity, made, accepted_change(place, entity, made, without=dated))
    title = entity.many[:1].upper() + entity.many[1:]
    members = tuple(_member(view, field) for field in entity.fields)
    return Example(title, tuple(shell.commands), members)


@dataclass
class _Shell:
    """Makes and changes records, and writes down by which commands."""

    view: ServiceView
    place: Kitchen
    commands: list[str] = field(default_factory=list)

    def made_of_known(self, entity: EntityView) -> int | None:
        """Make a record that points to records made before, where the rules allow it."""
        constants = self.place.recipes[entity.name].constants
        parents = {key: value for key, value in constants if isinstance(value, Parent)}
        known: Changes = {key: self.place.world.last_ids[p.entity] for key, p in parents.items()}
        if not all(known.values()):
            return self.made(entity, {})
        made = self._posted(entity, known)
        return self.made(entity, {}) if made is None else made

    def made(self, entity: EntityView, changes: Changes) -> int | None:
        """Make a record after all records that it points to, each with its own command."""
        given = {**dict(self.place.recipes[entity.name].constants), **changes}
        for key, value in given.items():
            if isinstance(value, Parent):
                target = self.view.entity(value.entity)
                given[key] = parent = self.made(target, dict(value.changes))
                for patch in value.patches if parent is not None else ():
                    self.change(target, parent or 0, dict(patch))
        return self._posted(entity, given)

    def change(self, entity: EntityView, made: int, changes: Changes) -> None:
        """Change a record, unless there is nothing to change."""
        if changes:
            settled = self.place.settled(changes)
            self.place.world.update(entity, made, settled)
            self.commands.append(f"curl -s -X PATCH {_URL}{entity.path}/{made} {_data(settled)}")

    def _posted(self, entity: EntityView, given: Changes) -> int | None:
        trial = self.place.copy()
        try:
            body = _timeless(trial.world, entity, trial.body(entity, given))
            body = {f.key: body[f.key] for f in entity.fields if f.key in body}
            made = trial.world.create(entity, body)
        except Refused:
            return None
        self.place.world, self.place.numbers = trial.world, trial.numbers
        self.commands.append(f"curl -s {_URL}{entity.path} {_data(body)}")
        return made


def _timeless(world: World, entity: EntityView, body: Record) -> Record:
    """The body with days that the rules accept now and in many years."""
    dated = [f.key for f in entity.fields if f.type in _DATED and f.key in body]
    for years in product(_YEARS, repeat=min(len(dated), _MOST_DATES)):
        moved = dict(body)
        for key, year in zip(dated, years, strict=False):
            value = body[key]
            if year and isinstance(value, date):
                moved[key] = value.replace(year=year)
        valid = all(is_valid(entity.field(key), moved[key]) for key in dated)
        if valid and all(_accepts(world, now, entity, moved) for now in _MOMENTS):
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


def _data(body: dict[str, Value]) -> str:
    text = json.dumps({key: to_json(value) for key, value in body.items()}, ensure_ascii=False)
    quoted = text.replace("'", "'\\''")
    return f"-H 'Content-Type: application/json' -d '{quoted}'"


def _member(view: ServiceView, field: FieldView) -> tuple[str, str, str]:
    notes = [*_kinds(view, field), *_bounds(field), *(["unique"] if field.field.unique else [])]
    if field.computed:
        notes.append(f"default: {field.computed}")
    elif field.field.default is not None:
        default = to_json(literal_value(field, field.field.default))
        notes.append(f"default: `{json.dumps(default, ensure_ascii=False)}`")
    elif field.nullable:
        notes.append("optional")
    return field.key, field.type.value.replace("_", " "), "; ".join(notes)


def _kinds(view: ServiceView, field: FieldView) -> list[str]:
    if field.type is FieldType.REFERENCE:
        return [f"id of {view.target(field).one}"]
    choices = ", ".join(f"`{choice}`" for choice in field.field.choices)
    return [f"one of {choices}"] if choices else []


def _bounds(field: FieldView) -> list[str]:
    contract, found = field.field, []
    if contract.minimum is not None:
        words = "more than" if contract.exclusive_minimum else "at least"
        found.append(f"{words} {contract.minimum}")
    if contract.maximum is not None:
        words = "less than" if contract.exclusive_maximum else "at most"
        found.append(f"{words} {contract.maximum}")
    if field.type in STRINGS and contract.pattern:
        found.append(f"matches `{contract.pattern.replace('|', chr(92) + '|')}`")
    if field.type in STRINGS and (contract.min_length or contract.max_length):
        found.append(f"{field.min_length or 0} to {field.max_length} characters")
    return found
