"""Stories that tests tell: steps and what must come of them, tried in the world before told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Kitchen,
    Parent,
    Ref,
    kitchen,
)
from quantumlayer.builtin.writing.service.reports import Report
from quantumlayer.builtin.writing.service.world import Record, Refused


@dataclass(frozen=True)
class Reason:
    """Who must refuse: the requirement that the problem names."""

    requirement: str | None
    rule: object = None
    unique: str | None = None


@dataclass
class Make:
    """Makes valid records; the last one is known under `name`."""

    entity: EntityView
    changes: Changes
    name: str = ""
    times: int = 1


@dataclass
class Post:
    """Asks for a new record, which is accepted or refused."""

    entity: EntityView
    changes: Changes
    refused: Reason | None = None


@dataclass
class Patch:
    """Asks for a change of a named record, which is accepted or refused."""

    name: str
    changes: Changes
    refused: Reason | None = None


@dataclass
class Delete:
    """Asks to delete a named record; `gone` names a record that goes with it."""

    name: str
    refused: Reason | None = None
    gone: str = ""


@dataclass
class Race:
    """Asks for many records at once; exactly `accepted` may come to be."""

    entity: EntityView
    changes: Changes
    requests: int
    accepted: int
    reason: Reason


Step = Make | Post | Patch | Delete | Race


@dataclass
class Scenario:
    """A test: the requirement it shows, what it says, and its steps."""

    requirement: str | None
    slug: str
    statement: str
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class ReportTest:
    """Records, and the rows that a report must then have."""

    report: Report
    name: str
    steps: tuple[Step, ...]
    rows: tuple[Changes, ...]


@dataclass
class Stage:
    """Where a scenario is made up: steps are kept only if they come out as they should."""

    view: ServiceView
    kitchen: Kitchen
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def empty(cls, view: ServiceView) -> "Stage":
        """A stage without records."""
        return cls(view, kitchen(view).copy())

    def copy(self) -> "Stage":
        """A stage that goes on by itself."""
        return Stage(self.view, self.kitchen.copy(), list(self.steps))

    def make(self, entity: EntityView, changes: Changes, name: str = "") -> bool:
        """Make a record, and tell whether that could be."""
        trial = self.kitchen.copy()
        try:
            made = trial.make(entity, changes)
        except Refused:
            return False
        self.kitchen = trial
        if name:
            self.kitchen.named[name] = (entity.name, made)
        last = self.steps[-1] if self.steps else None
        again = isinstance(last, Make) and not last.name and not name and last.entity is entity
        if isinstance(last, Make) and again and last.changes == changes:
            self.steps[-1] = Make(entity, changes, "", last.times + 1)
        else:
            self.steps.append(Make(entity, changes, name))
        return True

    def post(self, entity: EntityView, changes: Changes, refused: Reason | None = None) -> bool:
        """Ask for a record, and tell whether what came of it is what should."""
        came = self._try(lambda place: place.make(entity, changes), refused)
        if came:
            self.steps.append(Post(entity, changes, refused))
        return came

    def patch(self, name: str, changes: Changes, refused: Reason | None = None) -> bool:
        """Ask for a change, and tell whether what came of it is what should."""
        owner, made = self.kitchen.named[name]

        def change(place: Kitchen) -> None:
            place.world.update(self.view.entity(owner), made, place.settled(changes))

        came = self._try(change, refused)
        if came:
            self.steps.append(Patch(name, changes, refused))
        return came

    def delete(self, name: str, refused: Reason | None = None, gone: str = "") -> bool:
        """Ask to delete a record, and tell whether what came of it is what should."""
        owner, made = self.kitchen.named[name]
        came = self._try(lambda place: place.world.delete(self.view.entity(owner), made), refused)
        if came and gone:
            other, other_id = self.kitchen.named[gone]
            came = other_id not in self.kitchen.world.tables[other]
        if came:
            self.steps.append(Delete(name, refused, gone))
        return came

    def race(self, entity: EntityView, changes: Changes, accepted: int, reason: Reason) -> bool:
        """Ask for a few more records at once than may come to be."""
        requests = accepted + 3
        trial = self.kitchen.copy()
        bodies = []
        for _ in range(requests):
            try:
                bodies.append(trial.body(entity, changes))
            except Refused:
                return False
        done = 0
        for body in bodies:
            try:
                trial.world.create(entity, body)
                done += 1
            except Refused as refused:
                if not _is_only(refused, reason):
                    return False
        if done != accepted:
            return False
        self.kitchen = trial
        self.steps.append(Race(entity, changes, requests, accepted, reason))
        return True

    def record(self, name: str) -> Record:
        """A named record as it now is."""
        owner, made = self.kitchen.named[name]
        return self.kitchen.world.tables[owner][made]

    def _try(self, change: Callable[[Kitchen], object], refused: Reason | None) -> bool:
        trial = self.kitchen.copy()
        try:
            change(trial)
        except Refused as refusal:
            self.kitchen = trial  # the records that it would have pointed to stay
            return refused is not None and _is_only(refusal, refused)
        self.kitchen = trial
        return refused is None


def _is_only(refusal: Refused, reason: Reason) -> bool:
    return all(
        (item.rule is not None and item.rule is reason.rule)
        or (item.unique is not None and item.unique == reason.unique)
        or (reason.rule is None and reason.unique is None and item.in_use)
        for item in refusal.reasons
    )


def given_names(steps: list[Step]) -> Iterator[str]:
    """The names that steps use, so that only these are given to variables."""
    for step in steps:
        match step:
            case Make() | Post() | Race():
                yield from _refs(step.changes)
            case Patch():
                yield step.name
                yield from _refs(step.changes)
            case Delete():
                yield step.name
                if step.gone:
                    yield step.gone


def _refs(changes: Changes) -> Iterator[str]:
    for value in changes.values():
        if isinstance(value, Ref):
            yield value.name
        elif isinstance(value, Parent):
            yield from _refs(dict(value.changes))


def merged(steps: list[Step], used: frozenset[str]) -> list[Step]:
    """The steps, with equal makings in a row as one."""
    found: list[Step] = []
    for step in steps:
        last = found[-1] if found else None
        if (
            isinstance(step, Make)
            and isinstance(last, Make)
            and not {step.name, last.name} & used
            and (step.entity.name, step.changes) == (last.entity.name, last.changes)
        ):
            found[-1] = Make(step.entity, step.changes, "", last.times + step.times)
        else:
            found.append(step)
    return found
