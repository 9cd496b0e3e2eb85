"""What a run has brought forth so far, and its story as Temporal's UI shows it."""

from dataclasses import dataclass, field
from typing import TypeVar

from temporalio import workflow

from quantumlayer.qlayer import FileRole, SourceTree
from quantumlayer.worker.nouns import (
    Designed,
    Memorable,
    PlannedItem,
    Reading,
    Scope,
    Tested,
    Understood,
    Validated,
    Verified,
)

ValueT = TypeVar("ValueT")


@dataclass(frozen=True)
class Judged:
    """A tree, and what was found out of it."""

    tree: SourceTree
    tested: Tested
    validated: Validated


@dataclass
class Work:
    """References to all that was made; the steps of a run read it and change it."""

    scope: Scope
    understood: Understood | None = None
    # Where the nearest earlier runs are, as the architect and the tester are shown them.
    examples: str | None = None
    designed: Designed | None = None
    tree: SourceTree = field(default_factory=SourceTree)
    # Where it is kept what writers said must change in files that were not theirs.
    notes: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    # Why stronger tests that were written were not taken.
    tests_stay: str = ""
    drafted: bool = False
    tested: Tested | None = None
    validated: Validated | None = None
    repairs: int = 0
    signatures: list[str] = field(default_factory=list)
    sound: Judged | None = None
    story: list[str] = field(default_factory=list)

    @property
    def requirements(self) -> str:
        """Where the requirements are."""
        return known(self.understood).requirements

    @property
    def blueprint(self) -> str:
        """The plan of the tree that was tested last: it goes back where that does."""
        changed = self.tested.blueprint if self.tested else None
        return changed or known(self.designed).blueprint

    @property
    def interfaces(self) -> dict[str, str]:
        """Where the interfaces are behind which drafts are written: path → sha256."""
        skeleton = known(self.designed).skeleton
        return skeleton.addresses() if skeleton else {}

    @property
    def memorable(self) -> Memorable | None:
        """What this run may be remembered by; None where nothing is, or it changed what was there.

        The plan of a change is no example of how a project is planned.
        """
        if not self.scope.remembers or self.scope.base is not None or self.designed is None:
            return None
        return Memorable(
            requirements=self.requirements, blueprint=self.blueprint, stubs=self.interfaces
        )

    @property
    def judged(self) -> Judged:
        """The tree as it stands, with what was last found out."""
        return Judged(self.tree, known(self.tested), known(self.validated))

    def begin_on_starter(self) -> None:
        """Lays the interfaces over what projects of the stack begin with, where there is one."""
        designed = known(self.designed)
        if designed.starter is None:
            return
        skeleton = designed.skeleton or SourceTree()
        self.tree = designed.starter.replacing(skeleton.files)
        left = len(designed.complaints)
        compiled = "compile" if not left else f"leave {left} complaints"
        self.tell(f"{len(skeleton.files)} interfaces {compiled}, on the stack `{designed.stack}`.")

    def take(self, found: Verified) -> None:
        """Takes a tree over, and what was found out of it."""
        self.tree, self.tested, self.validated = found.tree, found.tested, found.validated

    def go_back(self, before: Judged) -> None:
        """Makes the tree and what is known of it what they were."""
        self.tree, self.tested, self.validated = before.tree, before.tested, before.validated

    def planned(self, *, tests: bool) -> list[PlannedItem]:
        """The planned tests, or the other files."""
        items = known(self.designed).items
        return [item for item in items if (item.role is FileRole.TEST) is tests]

    def tests_to_write(self) -> list[PlannedItem]:
        """The planned tests that the tester still has to write: none where all was drafted."""
        return [] if self.drafted else self.planned(tests=True)

    def tell(self, sentence: str) -> None:
        """Adds a sentence to the story."""
        self.story.append(f"1. {sentence}")
        workflow.set_current_details("\n".join(self.story))


def known(value: ValueT | None) -> ValueT:
    """The value; a step that is taken before the one it leans on is a fault of ours."""
    if value is None:
        raise RuntimeError("a step was taken before the one it leans on")
    return value
