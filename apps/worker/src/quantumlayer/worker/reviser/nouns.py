"""What a revision's steps hand to each other: addresses and decisions, never contents."""

from pydantic import BaseModel, ConfigDict

from quantumlayer.qlayer import SourceTree
from quantumlayer.qlayer.quality import Finding
from quantumlayer.qlayer.revision.report import Baseline
from quantumlayer.worker.nouns import PlannedItem, Scope


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Before(BaseModel):
    """What was found out of the version that is changed, before anything was; in the store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    baseline: Baseline
    findings: tuple[Finding, ...] = ()


class BaselineTested(_Value):
    """Where `Before` is."""

    before: str


class RevisionTask(_Value):
    """A change of requirements, to be planned on a tree."""

    scope: Scope
    requirements: str


class RevisionPlanned(_Value):
    """The plan of the version that is to be, its tests to write, and the tree to begin on.

    `present` is the address of what those see of the tree who write tests.
    """

    blueprint: str
    items: tuple[PlannedItem, ...]
    tree: SourceTree
    present: str
