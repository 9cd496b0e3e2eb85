"""Takes a model's thoughts out of its reply: what it thought is never its answer.

Servers cut thoughts out, or leave them in one of many wrappings, or have put the opening mark into
the prompt so that only the closing one is seen. Marks count by their shape and by what their name
says, and only where they stand outside of a document: an answer may well speak of `<think>`.
"""

import re
from collections.abc import Iterable

_NAME = r"\w*(?:think|thought|reason|reflect|scratch|ponder|monologue|analysis|deliberat)\w*"
_MARK = re.compile(
    rf"""
      [<\[\u25c1] \|? (?P<end>/|end_(?:of_)?)? (?:\w+:)? (?:begin_(?:of_)?)? {_NAME}
        (?:\s[^<>\[\]\n]{{0,60}})? \|? [>\]\u25b7]
    | <\|channel\|> \s* (?P<channel>\w+) (?P<to>[^<]{{0,80}})
        (?:<\|constrain\|>\s*\w+\s*)? <\|message\|>
    | (?P<fence>^```) [ ]* {_NAME} [ \t]*$
    | \A \s* analysis (?= .* assistantfinal)
    | (?P<final>assistantfinal)
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"^```[ \t]*$", re.MULTILINE)
_AFTER = re.compile(r"<\|(?:return|call|end)\|>\s*\Z")


def spoken(text: str, documents: Iterable[tuple[int, int]]) -> str:
    """What is left of `text` when its thoughts are taken out.

    `documents` are the places (start, end) of what must not be taken for a mark. A thought that
    has no end reaches to the end of the text; one without a beginning starts with it.
    """
    places = list(documents)
    kept: list[str] = []
    start, thinking = 0, False
    for mark in _MARK.finditer(text):
        if mark.start() < start or any(first < mark.start() < last for first, last in places):
            continue
        ends = _ends_thought(mark)
        if not ends and text[start : mark.start()].rpartition("\n")[2].strip():
            continue  # a word in a sentence or a type's parameter begins no thought
        if ends and not thinking:
            # Only its end was seen, so all that came before it was thought.
            kept.clear()
        elif not thinking:
            kept.append(text[start : mark.start()])
        start, thinking = mark.end(), not ends
        if mark["fence"] and (closing := _FENCE.search(text, start)):
            start, thinking = closing.end(), False
    if not thinking:
        kept.append(text[start:])
    return _AFTER.sub("", "".join(kept))


def without_leading_thought(text: str) -> str:
    """`text` without the thought that it begins with; marks further on may be content."""
    first = _MARK.match(text.lstrip())
    return spoken(text.lstrip(), ()) if first and not _ends_thought(first) else text


def _ends_thought(mark: re.Match[str]) -> bool:
    if channel := mark["channel"]:
        return channel.lower() == "final" or "to=" in mark["to"]
    return bool(mark["end"] or mark["final"])
