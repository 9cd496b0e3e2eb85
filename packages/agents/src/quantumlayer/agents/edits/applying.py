"""Edits of a batch, each for itself: what fits is applied, the rest is refused with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quantumlayer.agents.edits.edit import (
    Applied,
    Delete,
    Edit,
    Move,
    Refusal,
    Replace,
    Unreadable,
    Write,
)
from quantumlayer.agents.edits.leftovers import leftover
from quantumlayer.agents.edits.lines import Change, with_changes
from quantumlayer.agents.edits.matching import changes
from quantumlayer.agents.edits.nearest import NoMatch, Nowhere
from quantumlayer.qlayer import PathEscapesTree, colliding, confined

IN_A_ROW = 2


class EditFailed(ValueError):  # noqa: N818 - it says what happened
    """A change of the tree cannot stand; the message tells the model why."""


def apply_edits(
    texts: Mapping[str, str], edits: Iterable[Edit], failing: Mapping[str, int] | None = None
) -> Applied:
    """What `edits` change in `texts`, a tree as path → content.

    Each edit is for itself, and their order says little: what they search for is what stood in the
    file before all of them, or else what another one wrote. Of two that change the same lines the
    second is refused. `failing` is that of the batch before: a file where edits were refused twice
    in a row is asked for whole.
    """
    batch = _Batch(texts, tuple(dict.fromkeys(edits)))
    batch.apply()
    return judged(batch.changed(), batch.refusals(), batch.edits, failing or {})


def judged(
    changed: Mapping[str, str | None],
    refused: Sequence[Refusal],
    edits: Sequence[Edit],
    failing: Mapping[str, int],
) -> Applied:
    """The outcome of a batch, with what it means for files where edits failed before."""
    bad = {refusal.edit.path for refusal in refused}
    good = {edit.path for edit in edits} - bad
    counts = {path: times for path, times in failing.items() if path not in good}
    counts |= {path: failing.get(path, 0) + 1 for path in bad}
    return Applied(
        changed,
        tuple(
            Refusal(refusal.edit, f"{refusal.reason}{_whole_file(counts, refusal.edit)}")
            for refusal in refused
        ),
        counts,
    )


def _whole_file(counts: Mapping[str, int], edit: Edit) -> str:
    if counts.get(edit.path, 0) < IN_A_ROW or not isinstance(edit, Replace | Unreadable):
        return ""
    return "; edits of this file failed twice in a row: give the whole file instead"


@dataclass(slots=True)
class _Batch:
    """One call's work: the files as they become, and the reasons by the number of the edit."""

    texts: Mapping[str, str]
    edits: tuple[Edit, ...]
    files: dict[str, str | None] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)

    def apply(self) -> None:
        numbered = []
        for number, edit in enumerate(self.edits):
            if reason := _unfit(edit):
                self.reasons[number] = reason
            else:
                numbered.append((number, edit))
        for number, edit in numbered:
            if isinstance(edit, Write | Delete):
                self._whole(number, edit)
        replaces: dict[str, list[tuple[int, Replace]]] = {}
        for number, edit in numbered:
            if isinstance(edit, Replace):
                replaces.setdefault(edit.path, []).append((number, edit))
        for path, found in replaces.items():
            self._replace(path, found)
        for number, edit in numbered:
            if isinstance(edit, Move):
                self._move(number, edit)

    def changed(self) -> dict[str, str | None]:
        return {
            path: content for path, content in self.files.items() if content != self.texts.get(path)
        }

    def refusals(self) -> tuple[Refusal, ...]:
        return tuple(
            Refusal(self.edits[number], self.reasons[number]) for number in sorted(self.reasons)
        )

    def _content(self, path: str) -> str | None:
        return self.files[path] if path in self.files else self.texts.get(path)

    def _whole(self, number: int, edit: Write | Delete) -> None:
        path, before = edit.path, self.texts.get(edit.path)
        after = edit.content if isinstance(edit, Write) else None
        if self.files.get(path) is not None:
            self.reasons[number] = f"{path} is written by another edit of this answer already"
        elif after is None and before is None:
            self.reasons[number] = f"{path} does not exist, so it cannot be deleted"
        elif after is not None and (reason := leftover(path, before or after, after)):
            self.reasons[number] = f"{path}: {reason}"
        elif after is not None and (reason := self._collision(path)):
            self.reasons[number] = reason
        else:
            self.files[path] = after

    def _replace(self, path: str, edits: Sequence[tuple[int, Replace]]) -> None:
        before = self._content(path)
        if before is None:
            before = self._begun(path, edits)
            if before is None:
                return
        placed: list[Change] = []
        later = []
        for number, edit in edits:
            try:
                found = changes(before, edit)
            except Nowhere:
                later.append((number, edit))
            except NoMatch as error:
                self.reasons[number] = f"{path}: {error}"
            else:
                if any(_overlap(one, other) for one in found for other in placed):
                    self.reasons[number] = (
                        f"{path}: another edit of this answer changes the same lines; make one of "
                        "both, against the file as it is now"
                    )
                else:
                    placed += found
        after = with_changes(before, placed)
        for number, edit in later:
            try:
                after = with_changes(after, changes(after, edit))
            except NoMatch:
                self.reasons[number] = self._not_found(before, edit)
        self.files[path] = after

    def _begun(self, path: str, edits: Sequence[tuple[int, Replace]]) -> str | None:
        """An empty text for a new file, if that is what the edits mean; else they are refused."""
        if path not in self.texts and all(not edit.search.strip() for _, edit in edits):
            if reason := self._collision(path):
                self.reasons |= {number: reason for number, _ in edits}
                return None
            return ""
        gone = path in self.files
        for number, _ in edits:
            self.reasons[number] = (
                f"{path} is deleted by another edit of this answer"
                if gone
                else f"{path} does not exist, so it cannot be changed; {self._meant(path)}"
            )
        return None

    def _meant(self, path: str) -> str:
        name = path.rpartition("/")[2]
        near = [other for other in sorted(self.texts) if other.rpartition("/")[2] == name]
        return f"is it {' or '.join(near[:3])}?" if near else "write it whole"

    def _not_found(self, before: str, edit: Replace) -> str:
        """Why, and in which other file it is."""
        try:
            changes(before, edit)
        except NoMatch as error:
            reason = f"{edit.path}: {error}"
        elsewhere = [
            path
            for path, text in sorted(self.texts.items())
            if path != edit.path and len(edit.search.strip()) > 8 and edit.search.strip() in text
        ]
        return f"{reason}; it stands in {' and '.join(elsewhere[:3])}" if elsewhere else reason

    def _move(self, number: int, edit: Move) -> None:
        content = self._content(edit.path)
        if content is None:
            self.reasons[number] = f"{edit.path} does not exist, so it cannot be moved"
        elif self._content(edit.to) is not None:
            self.reasons[number] = f"{edit.to} exists, so {edit.path} cannot be moved there"
        elif reason := self._collision(edit.to, without=edit.path):
            self.reasons[number] = reason
        else:
            self.files[edit.to] = content
            self.files[edit.path] = None

    def _collision(self, path: str, without: str = "") -> str | None:
        after = {**self.texts, **self.files, path: ""}
        standing = (one for one, text in after.items() if text is not None and one != without)
        found = colliding(standing)
        return f"not every file system can hold both {' and '.join(found)}" if found else None


def _unfit(edit: Edit) -> str | None:
    """Why an edit can be of no tree at all."""
    if isinstance(edit, Unreadable):
        return f"{edit.path}: {edit.reason}" if edit.path else edit.reason
    try:
        confined(edit.path)
        if isinstance(edit, Move):
            confined(edit.to)
    except PathEscapesTree as error:
        return str(error)
    return None


def _overlap(one: Change, other: Change) -> bool:
    if one.begin == one.end and other.begin == other.end:
        return False
    return one.begin < other.end and other.begin < one.end
