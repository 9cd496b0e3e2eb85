"""What a sentence changes of requirements: ids of what stays are kept, new ones go on counting."""

from collections.abc import Iterable

from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.requirements.document import Requirement


class ChangedRequirement(Noun):
    """A requirement before and after; its id is the same in both."""

    before: Requirement
    after: Requirement


class RequirementsChange(Noun):
    """Every requirement of both versions, in one of four places."""

    added: tuple[Requirement, ...] = ()
    changed: tuple[ChangedRequirement, ...] = ()
    removed: tuple[Requirement, ...] = ()
    kept: tuple[Requirement, ...] = ()

    @property
    def asked(self) -> tuple[Requirement, ...]:
        """What has to hold and did not, or not so: what is added and changed."""
        return (*self.added, *(one.after for one in self.changed))

    @property
    def touched(self) -> tuple[str, ...]:
        """The ids of which former tests say nothing any more: what is changed and removed."""
        return (*(one.before.id for one in self.changed), *(one.id for one in self.removed))

    @property
    def is_empty(self) -> bool:
        """Whether all stays as it is."""
        return not (self.added or self.changed or self.removed)


def number_of(requirement_id: str) -> int:
    """7 for `R7`."""
    return int(requirement_id.removeprefix("R"))


def next_number(known: Iterable[str]) -> int:
    """The first number that none of these ids, and none before them, ever had."""
    return max((number_of(one) for one in known), default=0) + 1
