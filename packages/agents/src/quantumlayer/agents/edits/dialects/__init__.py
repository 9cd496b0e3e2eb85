"""The forms in which models write edits down, by the names that profiles know them by.

A reader forgives what models get wrong; what it cannot make out becomes an `Unreadable` edit, whose
reason tells the model how to write it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import get_args

from quantumlayer.agents.edits.dialects import apply_patch, search_replace, whole
from quantumlayer.agents.edits.edit import Edit
from quantumlayer.router.profiles.profile import EditDialect

Reader = Callable[[str], tuple[Edit, ...]]

_READERS: Mapping[EditDialect, Reader] = {
    "search_replace": search_replace.read,
    "fenced_search_replace": search_replace.read,
    "apply_patch": apply_patch.read,
    "whole": whole.read,
}
# Where it was not asked for, a fence below a path may be an example: only tags are meant.
_UNASKED: Mapping[EditDialect, Reader] = {**_READERS, "whole": whole.files_in}


def read_edits(dialect: EditDialect, answer: str) -> tuple[Edit, ...]:
    """The edits that an answer holds, in its order; none when it is words only.

    A model that answers in another dialect than it was asked for is read in that one.
    """
    others = (_UNASKED[name] for name in get_args(EditDialect) if name != dialect)
    for read in (_READERS[dialect], *others):
        if edits := read(answer):
            return edits
    return ()


@cache
def instructions(dialect: EditDialect) -> str:
    """How to write edits in `dialect`, in words for a model, with an example."""
    return (files(__package__) / f"{dialect}.md").read_text(encoding="utf-8")
