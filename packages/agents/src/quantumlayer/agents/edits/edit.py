"""What a model wants changed, whatever dialect it said it in, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Replace:
    """`replacement` in the place of `search`, which stands in the file exactly once.

    `anchors` are lines, the outer before the inner, in whose block the place lies (V4A's `@@`);
    `at_end` says that the place is the end of the file.
    """

    path: str
    search: str
    replacement: str
    anchors: tuple[str, ...] = ()
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """The whole content of a file, new or not."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Delete:
    """A file that goes away."""

    path: str


@dataclass(frozen=True, slots=True)
class Move:
    """A file that goes from `path` to `to`, with what else is changed in it."""

    path: str
    to: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of an answer that was meant as an edit and is none, and why."""

    path: str
    text: str
    reason: str


Edit = Replace | Write | Delete | Move | Unreadable


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that was not applied, and a reason that tells the model what to do."""

    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch of edits came to.

    `changed` is path → new content, None for a file that is gone. `failing` counts, by path, how
    many batches in a row had an edit refused there; it goes into the next call.
    """

    changed: Mapping[str, str | None]
    refused: tuple[Refusal, ...] = ()
    failing: Mapping[str, int] = field(default_factory=dict)

    @property
    def reasons(self) -> str:
        """Why edits were refused, one a line, as a model is told; empty when none was."""
        return "\n".join(f"- {refusal.reason}" for refusal in self.refused)
