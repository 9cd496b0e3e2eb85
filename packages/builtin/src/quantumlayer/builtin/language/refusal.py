"""The refusal: which words were not understood, why, and what could be written instead."""

from dataclasses import dataclass

from quantumlayer.qlayer.requirements import Requirements


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a description that is not in the language."""

    words: str
    offset: int
    reason: str
    instead: str


class NotUnderstood(Exception):  # noqa: N818 - a refusal, not a fault
    """A description that asks for more than is understood; `partial` is what was understood."""

    def __init__(self, problems: tuple[Problem, ...], partial: Requirements | None = None) -> None:
        self.problems = problems
        self.partial = partial
        super().__init__("; ".join(f"“{each.words}”: {each.reason}" for each in problems))
