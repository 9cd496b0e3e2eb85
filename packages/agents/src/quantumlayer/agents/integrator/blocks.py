"""Calls as blocks in a message's text: for models without native tools, and for long code.

    <run seconds="120">
    python -m pytest -q
    </run>

A block begins at the start of a line. What stands in it is taken as it is, so code needs no
escaping: the end mark of a file or an edit stands alone on its line, and of several the last one
before the next block counts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAMES = ("run", "test", "read", "search", "edit", "file", "plan", "start", "finish")
_HEAD = re.compile(
    rf"^[ \t]*<(?P<name>{'|'.join(_NAMES)})"
    r"(?P<attributes>(?:\s+[\w-]+\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*'))*)\s*(?P<alone>/?)>",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PATCH = re.compile(
    r"^\*\*\* Begin Patch[ \t]*$.*?^\*\*\* End Patch[ \t]*$", re.MULTILINE | re.DOTALL
)
_FENCED = re.compile(
    r"\A\s*(?P<fence>`{3,}|~{3,})[^\n]*\n(?P<inside>.*?)^(?P=fence)\s*\Z", re.DOTALL | re.MULTILINE
)
# These hold code, which may hold anything.
_HOLDING_CODE = frozenset({"file", "edit"})
# These say all that they have to in their heads.
_WITHOUT_BODY = frozenset({"test", "read", "finish"})


@dataclass(frozen=True)
class Block:
    """A block: its head as it was written, and what stands in it; None where it has no end."""

    name: str
    head: str
    attributes: Mapping[str, str]
    body: str | None


def blocks_in(text: str) -> Iterator[Block]:
    """The blocks of a text, in their order; a patch that stands by itself is one, too."""
    reached = 0
    for patch in _PATCH.finditer(text):
        before = list(_tagged(text[reached : patch.start()]))
        if before and before[-1].body is None:
            continue  # it stands in a block that has not ended
        yield from before
        yield Block("apply_patch", "*** Begin Patch", {}, patch[0])
        reached = patch.end()
    yield from _tagged(text[reached:])


def _tagged(text: str) -> Iterator[Block]:
    heads = list(_HEAD.finditer(text))
    reached = 0
    for place, head in enumerate(heads):
        if head.start() < reached:
            continue
        following = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        name = head["name"]
        body, ends = ("", head.end()) if head["alone"] else _body(text, head, following)
        if body is None and name in _WITHOUT_BODY:
            body = ""
        reached = ends
        yield Block(name, head[0].strip(), _attributes(head["attributes"]), body)


def _body(text: str, head: re.Match[str], following: int) -> tuple[str | None, int]:
    """What stands in a block, and where it ends. Where code ends decides what is in its file."""
    name = head["name"]
    if name not in _HOLDING_CODE:
        end = re.compile(rf"</{name}\s*>").search(text, head.end())
        if end is None or end.start() > following:
            return None, head.end()
        return text[head.end() : end.start()].strip("\n"), end.end()
    end_mark = re.compile(rf"^[ \t]*</{name}\s*>[ \t]*$", re.MULTILINE)
    ends = list(end_mark.finditer(text, head.end(), following))
    # A head within a file is a part of it where no end stands before.
    last = ends[-1] if ends else end_mark.search(text, following)
    if last is None:
        return None, head.end()
    inside = text[head.end() : last.start()].removeprefix("\r").removeprefix("\n")
    return without_fence(inside), last.end()


def without_fence(text: str) -> str:
    """The code without a Markdown fence directly around all of it."""
    fenced = _FENCED.match(text)
    return fenced["inside"] if fenced else text


def _attributes(words: str) -> dict[str, str]:
    return {name: one or other for name, one, other in _ATTRIBUTE.findall(words)}
