"""Applying a repairer's edits to a tree of texts."""

from collections.abc import Iterable, Mapping

from quantumlayer.agents.answers import FileEdit
from quantumlayer.qlayer import colliding


class EditFailed(ValueError):  # noqa: N818 - it says what happened
    """An edit does not fit the file as it stands; the message tells the model why."""


def apply_edits(texts: Mapping[str, str], edits: Iterable[FileEdit]) -> dict[str, str | None]:
    """The files that `edits` change: path to new content, None for a deleted file.

    Raises EditFailed when a search text is missing or ambiguous, a file is unknown, or a new file
    cannot stand beside the others.
    """
    changed: dict[str, str | None] = {}
    for edit in edits:
        current = changed[edit.path] if edit.path in changed else texts.get(edit.path)
        changed[edit.path] = _apply(edit, current)
    after = {**texts, **changed}
    if collision := colliding(path for path, content in after.items() if content is not None):
        raise EditFailed(f"not every file system can hold both {' and '.join(collision)}")
    return {path: content for path, content in changed.items() if content != texts.get(path)}


def _apply(edit: FileEdit, current: str | None) -> str | None:
    if edit.action == "write":
        return edit.content
    if current is None:
        raise EditFailed(f"{edit.path} does not exist, so it cannot be changed; write it whole")
    if edit.action == "delete":
        return None
    found = current.count(edit.search)
    if found != 1:
        raise EditFailed(
            f"{edit.path}: the text to search for occurs {found} times, not exactly once: "
            f"{edit.search[:200]!r}"
        )
    return current.replace(edit.search, edit.replacement)
