"""Joins files that were cut off with the reply that goes on from the cut.

Models are told to go on at the very next character. Some do; others open the file's tag again,
or a fence, repeat the end of what they had said, or begin the file anew. Contents are raw, so
whatever is joined wrongly would become a file.
"""

import re
from collections.abc import Collection

from quantumlayer.router.formats.tags import (
    Block,
    blocks,
    ends_in_a_tag,
    open_block,
    whole_files,
)
from quantumlayer.router.stitching import overlap
from quantumlayer.router.thoughts import without_leading_thought

_FENCE = re.compile(r"\A\s*```[\w-]*[ \t]*\r?\n")
_FENCE_END = re.compile(r"\n```[ \t\r]*\Z")
_LINE_BREAKS = re.compile(r"\A(?:\r?\n){1,2}")
_COMPARED = 48
_ANEW_AT_LEAST = 16


def stitched(partial: str, continuation: str, asked: Collection[str]) -> str:
    """The text that `partial` and its `continuation` make together."""
    rest = _without_wrapping(partial, _without_thought(continuation))
    cut = open_block(partial, asked)
    first = next(iter(blocks(rest, asked)), None)
    tag = first if first is not None and not rest[: first.start].strip() else None
    goes_on = tag is not None and cut is not None and tag.path == cut.path
    is_anew = not goes_on and not _may_hold_files(partial, cut)
    if is_anew and whole_files(rest, asked).keys() >= set(asked):
        return rest
    if tag is not None:
        return _opened_again(partial, rest[tag.start :], cut, tag)
    if cut is not None and (anew := _begun_anew(partial[cut.body :], rest)):
        return partial[: cut.body] + anew
    return partial + rest[overlap(partial, rest) :]


def _may_hold_files(partial: str, cut: Block | None) -> bool:
    """Whether files in the continuation may be content: of a file with an end mark of its own."""
    in_a_tag = cut is None and ends_in_a_tag(partial)
    return in_a_tag or (cut is not None and " end=" in partial[cut.start : cut.body])


def _without_thought(continuation: str) -> str:
    rest = without_leading_thought(continuation)
    # What follows a thought begins on a line of its own, which is none of the file's.
    return rest if rest == continuation else _LINE_BREAKS.sub("", rest, count=1)


def _opened_again(partial: str, rest: str, cut: Block | None, first: Block) -> str:
    """The continuation begins with a tag: the one of the file that was cut, or the next one."""
    if cut is None or cut.path != first.path:
        kept = partial.rpartition("\n")[0] if ends_in_a_tag(partial) else partial
        return f"{kept}\n{rest}" if kept and not kept.endswith("\n") else kept + rest
    before, body = partial[cut.body :], rest[first.body - first.start :]
    if len(before) < _ANEW_AT_LEAST or _begun_anew(before, body):
        return partial[: cut.start] + rest
    return partial + body[overlap(partial, body) :]


def _begun_anew(before: str, body: str) -> str:
    """`body` from where it begins as `before` does, but for line breaks; empty: it does not."""
    beginning = before[:_COMPARED]
    if len(beginning) < _ANEW_AT_LEAST:
        return ""
    aligned = body if body.startswith(beginning) else body.lstrip("\n")
    return aligned if aligned.startswith(beginning) else ""


def _without_wrapping(partial: str, rest: str) -> str:
    """`rest` without a fence around it, told from a fence in the file by what follows it."""
    inside = _FENCE.sub("", rest, count=1)
    if inside == rest:
        return rest
    if _FENCE_END.search(inside) and "</file>" in inside.rpartition("\n```")[0][-12:]:
        return _FENCE_END.sub("\n", inside)
    repeats = overlap(partial, inside) > 0
    return inside if repeats else rest
