"""What tests do and what must come of it, as data that each language prints.

Steps are kept only if they came out as they should in a world of records before.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quantumlayer.builtin.writing.service.kitchen import (
    Changes,
    Given,
    Kitchen,
    Parameter,
    Parent,
    Ref,
)
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import kitchen
from quantumlayer.builtin.writing.service.values import Record
from quantumlayer.builtin.writing.service.world import Refused

Case = dict[str, Any]
"""The values of parameters: what a member may hold, members themselves, or a long text."""
_STATUS = {"post": 201, "patch": 200, "delete": 204, "gone": 404}
_MORE_THAN_PLACES = 3


@dataclass(frozen=True)
class Reason:
    """Who must refuse: a rule, or the uniqueness of a field; else the use by other records."""

    requirement: str | None
    rule: object = None
    unique: str | None = None


@dataclass(frozen=True)
class Step:
    """Something that a test does with records of an entity.

    It makes valid records, the last of which is known under `name`; asks for a new record (post);
    asks for a change of the record `name` (patch), or for its end (delete); finds that it is gone;
    asks for many records at once (race), of which exactly `accepted` may come to be; or lists
    those that a query finds, which are the ones named in `found`. What is accepted has the
    members of `expected`; for its member `invalid` it is refused. `member` is left out, or cleared.
    """

    action: Literal["make", "post", "patch", "delete", "gone", "race", "list"]
    entity: EntityView
    changes: Changes = field(default_factory=dict)
    name: str = ""
    times: int = 1
    accepted: int = 0
    refused: Reason | None = None
    expected: Changes = field(default_factory=dict)
    invalid: str | Parameter = ""
    member: Parameter | None = None
    query: Changes | Parameter = field(default_factory=dict)
    found: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """What the service answers."""
        return 409 if self.refused else _STATUS[self.action]


@dataclass(frozen=True)
class Scenario:
    """A test: the requirement and the statement that it shows, and its steps.

    `topic` and `name` are words for its name, with underscores. A test of a report ends with the
    rows that the report at `path` then has. With `cases` it is told once for each, whose members
    are the parameters of the steps; where `unpaired`, also for a text that is no Unicode, if the
    language can send one.
    """

    requirement: str | None
    statement: str
    topic: str
    name: str
    steps: tuple[Step, ...]
    path: str = ""
    rows: tuple[Changes, ...] = ()
    cases: tuple[Case, ...] = ()
    unpaired: bool = False

    @property
    def asks(self) -> bool:
        """Whether it asks the service for more than valid records."""
        return bool(self.path) or any(step.action != "make" for step in self.steps)

    def tidied(self) -> "Scenario":
        """Steps that name only what is used later; equal makings in a row are one."""
        asked = [step.query for step in self.steps if isinstance(step.query, dict)]
        given = (*(step.changes for step in self.steps), *asked, *self.rows)
        used = {*_names(value for changes in given for value in changes.values())}
        used |= {step.name for step in self.steps if step.action != "make" or step.expected}
        used |= {name for step in self.steps for name in step.found}
        found: list[Step] = []
        for step in self.steps:
            named = step.action != "make" or step.name in used
            made = step if named else replace(step, name="")
            last = found[-1] if found else None
            if last and made.action == "make" and last == replace(made, times=last.times, name=""):
                made = replace(made, times=last.times + made.times)
                found.pop()
            found.append(made)
        return replace(self, steps=tuple(found))

    @property
    def makes(self) -> bool:
        """Whether it makes up records or bodies."""
        acts = any(step.action in ("make", "post", "race") for step in self.steps)
        return acts or any(isinstance(v, Parent) for s in self.steps for v in s.changes.values())


def _names(values: Iterable[Given]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Ref):
            yield value.name
        elif isinstance(value, Parent):
            yield from _names(inner for _, inner in value.changes)


@dataclass(frozen=True)
class Stage:
    """Where a scenario is made up; each step gives the next stage, which is `well` if all is."""

    view: ServiceView
    kitchen: Kitchen
    steps: tuple[Step, ...] = ()
    well: bool = True

    @classmethod
    def empty(cls, view: ServiceView) -> "Stage":
        """A stage without records."""
        return cls(view, kitchen(view).copy())

    def __bool__(self) -> bool:
        return self.well

    def make(self, entity: EntityView, changes: Changes, name: str = "") -> "Stage":
        """Make a record, that must be accepted."""

        def make(place: Kitchen) -> None:
            made = place.make(entity, changes)
            if name:
                place.named[name] = (entity.name, made)

        return self._after(Step("make", entity, changes, name), make)

    def arrive(self, entity: EntityView, parent: Parent, name: str, **more: Given) -> "Stage":
        """Make a record and change it step by step; all must be accepted."""
        stage = self.make(entity, {**dict(parent.changes), **more}, name)
        for patch in parent.patches:
            stage = stage.patch(name, dict(patch))
        return stage

    def post(self, entity: EntityView, changes: Changes, refused: Reason | None = None) -> "Stage":
        """Ask for a record, which must be accepted, or refused for that reason alone."""
        step = Step("post", entity, changes, refused=refused)
        return self._after(step, lambda place: place.make(entity, changes))

    def patch(self, name: str, changes: Changes, refused: Reason | None = None) -> "Stage":
        """Ask for a change of a named record."""
        entity = self._owner(name)

        def change(place: Kitchen) -> None:
            place.world.update(entity, place.named[name][1], place.settled(changes))

        return self._after(Step("patch", entity, changes, name, refused=refused), change)

    def delete(self, name: str, refused: Reason | None = None) -> "Stage":
        """Ask to delete a named record."""
        entity = self._owner(name)

        def change(place: Kitchen) -> None:
            place.world.delete(entity, place.named[name][1])

        return self._after(Step("delete", entity, name=name, refused=refused), change)

    def gone(self, name: str) -> "Stage":
        """See that a named record is there no longer."""
        entity = self._owner(name)

        def look(place: Kitchen) -> None:
            if place.named[name][1] in place.world.tables[entity.name]:
                raise Refused([])

        return self._after(Step("gone", entity, name=name), look)

    def found(self, entity: EntityView, query: Changes, *names: str) -> "Stage":
        """See that a query finds these named records, in this order, and no others."""

        def look(place: Kitchen) -> None:
            found = place.world.select(entity, place.settled(query))
            if found != [place.named[name][1] for name in names]:
                raise Refused([])

        return self._after(Step("list", entity, query=query, found=names), look)

    def race(self, entity: EntityView, changes: Changes, places: int, reason: Reason) -> "Stage":
        """Ask for a few more records at once than there are places for."""
        times = places + _MORE_THAN_PLACES
        step = Step("race", entity, changes, times=times, accepted=places, refused=reason)
        trial, done = self.kitchen.copy(), 0
        try:
            bodies = [trial.body(entity, changes) for _ in range(times if self.well else 0)]
        except Refused:
            return replace(self, well=False)
        for body in bodies:
            try:
                trial.world.create(entity, body)
                done += 1
            except Refused as refused:
                if not _is_only(refused, reason):
                    return replace(self, well=False)
        return replace(self, kitchen=trial, steps=(*self.steps, step), well=done == places)

    def record(self, name: str) -> Record:
        """A named record as it now is."""
        owner, made = self.kitchen.named[name]
        return self.kitchen.world.tables[owner][made]

    def _owner(self, name: str) -> EntityView:
        """The entity of a named record; any where an earlier step went wrong before it was made."""
        owner = self.kitchen.named.get(name)
        return self.view.entity(owner[0]) if owner else self.view.entities[0]

    def _after(self, step: Step, change: Callable[[Kitchen], object]) -> "Stage":
        if not self.well:
            return self
        trial = self.kitchen.copy()
        try:
            change(trial)
            well = step.refused is None
        except Refused as refusal:
            well = step.refused is not None and _is_only(refusal, step.refused)
        return replace(self, kitchen=trial, steps=(*self.steps, step), well=well)


def _is_only(refusal: Refused, reason: Reason) -> bool:
    return all(
        (item.rule is not None and item.rule == reason.rule)
        or (item.unique is not None and item.unique == reason.unique)
        or (reason.rule is None and reason.unique is None and item.in_use)
        for item in refusal.reasons
    )
