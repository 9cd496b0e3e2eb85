"""The refusal: which words were not understood, why, and what could be written instead."""

from dataclasses import dataclass

from quantumlayer.qlayer.requirements import Requirements


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a description that is not in the language, quoted, with its place there."""

    words: str
    offset: int
    line: int
    column: int
    reason: str
    instead: str

    def __str__(self) -> str:
        instead = f" ({self.instead})" if self.instead else ""
        return f"line {self.line}, “{self.words}”: {self.reason}{instead}"


def problem_at(text: str, offset: int, words: str, reason: str, instead: str) -> Problem:
    """A problem with the words at an offset of the description."""
    before = text[:offset]
    line = before.count("\n") + 1
    column = offset - (before.rfind("\n") + 1) + 1
    return Problem(words, offset, line, column, reason, instead)


class NotUnderstood(Exception):  # noqa: N818 - a refusal, not a fault
    """A description that asks for more than is understood; `partial` is what was understood.

    `partial` is None where not one entity was understood. `following` are sentences about things
    whose declaration is one of the problems.
    """

    def __init__(
        self,
        problems: tuple[Problem, ...],
        partial: Requirements | None = None,
        following: tuple[Problem, ...] = (),
    ) -> None:
        self.problems = problems
        self.partial = partial
        self.following = following
        super().__init__("; ".join(str(each) for each in problems))


class Impossible(ValueError):  # noqa: N818 - a refusal, not a fault
    """What several statements say together and no service can keep; `statements` are theirs."""

    def __init__(self, reason: str, statements: tuple[int, ...] = ()) -> None:
        self.statements = statements
        super().__init__(reason)
