"""What the README says of each entity: commands that work in order, and its members."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import empty_stage
from quantumlayer.builtin.writing.service.scenarios import Changes, Parent
from quantumlayer.builtin.writing.service.search import accepted_change
from quantumlayer.builtin.writing.service.stage import Stage
from quantumlayer.builtin.writing.service.values import (
    NOW,
    Record,
    is_valid,
    literal_value,
    to_json,
)
from quantumlayer.builtin.writing.service.world import Refused, World

_DATED = (FieldType.DATE, FieldType.DATETIME)
_MOMENTS = (NOW, NOW.replace(year=2060))
_YEARS = (None, 2090, 2001)
_MOST_DATES = 4
_URL = "http://127.0.0.1:8000"


def readme_context(view: ServiceView) -> dict[str, Any]:
    """The context of the README: its examples work in order on a service without records."""
    shell = _Shell(empty_stage(view))
    return {"examples": list(map(shell.example, view.entities))}


@dataclass
class _Shell:
    """Makes and changes records, and writes down by which commands."""

    stage: Stage
    commands: list[str] = field(default_factory=list)

    def example(self, entity: EntityView) -> dict[str, Any]:
        """What is shown of an entity after those before it; members as names, types and notes."""
        self.commands = []
        made = self._made_of_known(entity)
        self.commands.append(f"curl -s '{_URL}{entity.path}?limit=10&sort=-id'")
        # A change of a day would grow old.
        dated = frozenset(field.key for field in entity.fields if field.type in _DATED)
        if made:
            self._change(accepted_change(self.stage, "", without=dated))
        members = [_member(self.stage.view, field) for field in entity.fields]
        return {"title": entity.many, "commands": self.commands, "members": members}

    def _made_of_known(self, entity: EntityView) -> bool:
        """Make a record that points to records made before, where the rules allow it."""
        constants, last = self.stage.recipes[entity.name].constants, self.stage.world.last_ids
        parents = {key: each for key, each in constants.items() if isinstance(each, Parent)}
        known: Changes = {key: last[parent.entity] for key, parent in parents.items()}
        posted = all(known.values()) and self._posted(entity, known)
        return posted or self._made(Parent(entity.name))

    def _made(self, parent: Parent) -> bool:
        """Make a record after all records that it points to, each with its own command."""
        entity = self.stage.view.entity(parent.entity)
        given = {**self.stage.recipes[entity.name].constants, **parent.changes}
        for key, value in given.items():
            if isinstance(value, Parent):
                given[key] = self.stage.record()["id"] if self._made(value) else None
        posted = self._posted(entity, given)
        for patch in parent.patches if posted else ():
            self._change(patch)
        return posted

    def _change(self, changes: Changes) -> None:
        """Change the record that was made last, unless there is nothing to change."""
        if changes:
            (entity, made), settled = self.stage.named[""], self.stage.settled(changes)
            self.stage = self.stage.patch("", changes)
            self.commands.append(f"curl -s -X PATCH {_URL}{entity.path}/{made} {_data(settled)}")

    def _posted(self, entity: EntityView, given: Changes) -> bool:
        trial = self.stage.copy()
        try:
            body = _timeless(trial.world, entity, trial.body(entity, given))
            body = {f.key: body[f.key] for f in entity.fields if f.key in body}
            trial.named[""] = (entity, trial.world.create(entity, body))
        except Refused:
            return False
        self.stage = trial
        self.commands.append(f"curl -s {_URL}{entity.path} {_data(body)}")
        return True


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


def _data(body: Record) -> str:
    text = json.dumps({key: to_json(value) for key, value in body.items()}, ensure_ascii=False)
    quoted = text.replace("'", "'\\''")
    return f"-H 'Content-Type: application/json' -d '{quoted}'"


def _member(view: ServiceView, field: FieldView) -> tuple[str, str, str]:
    """A member; its bounds are among the requirements."""
    notes = ["unique"] if field.field.unique else []
    if field.type is FieldType.REFERENCE:
        notes.append(f"id of {view.target(field).one}")
    if field.field.choices:
        notes.append(f"one of {', '.join(f'`{choice}`' for choice in field.field.choices)}")
    if field.computed:
        notes.append(f"default: {field.computed}")
    elif field.field.default is not None:
        default = to_json(literal_value(field, field.field.default))
        notes.append(f"default: `{json.dumps(default, ensure_ascii=False)}`")
    elif field.nullable:
        notes.append("optional")
    return field.key, field.type.value.replace("_", " "), "; ".join(notes)
