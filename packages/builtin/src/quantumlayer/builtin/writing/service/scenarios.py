"""What tests do and what must come of it, as data that each language prints.

Steps are kept only if they came out as they should in a world of records before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.builtin.writing.service.values import Value
from quantumlayer.builtin.writing.service.world import Reason


@dataclass(frozen=True)
class Ref:
    """The id of a record that the test has made under a name."""

    name: str


@dataclass(frozen=True)
class Parent:
    """The id of a record that is made on the spot, and then changed step by step."""

    entity: str
    changes: "Changes" = field(default_factory=dict)
    patches: "tuple[Changes, ...]" = ()


@dataclass(frozen=True)
class Parameter:
    """What differs from case to case of a test."""

    name: str


Given = Value | Ref | Parent | Parameter
Changes = dict[str, Given]
Case = dict[str, Any]
"""The values of parameters: what a member may hold, members themselves, or a long text."""
Action = Literal["make", "post", "patch", "delete", "gone", "race", "list"]
_STATUS = {"post": 201, "patch": 200, "delete": 204, "gone": 404}


@dataclass(frozen=True)
class Step:
    """Something that a test does with records of an entity.

    It makes valid records, the last of which is known under `name`; asks for a new record (post);
    asks for a change of the record `name` (patch), or for its end (delete); finds that it is gone;
    asks for many records at once (race), of which exactly `accepted` may come to be; or lists
    those that a query finds, which are the ones named in `found`. What is accepted has the
    members of `expected`; for its member `invalid` it is refused. `member` is left out, or cleared.
    """

    action: Action
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
            yield from _names(value.changes.values())
