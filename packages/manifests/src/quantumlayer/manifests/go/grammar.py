"""The grammar of go.mod and go.work: directives, alone or in blocks, comments, quoted words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.manifests.model import NotUnderstood

_WORD = re.compile(
    r'\s*(?:(//.*)|"((?:\\.|[^"\\])*)"|`([^`]*)`|(=>|[()\[\],])|((?:(?!//)[^\s()\[\],"`])+))'
)


@dataclass(frozen=True)
class Directive:
    """A verb with its words, and the line it stands in."""

    verb: str
    words: tuple[str, ...]
    line: int


def directives(text: str, path: str) -> tuple[Directive, ...]:
    """Every directive of a go.mod or go.work in order. Raises NotUnderstood."""
    found: list[Directive] = []
    block = ""
    for line, words in _lines(text, path):
        if block and words == (")",):
            block = ""
        elif block:
            found.append(Directive(block, words, line))
        elif words[-1] == "(" and len(words) == 2:
            block = words[0]
        elif words[1:] != ("(", ")"):
            found.append(Directive(words[0], words[1:], line))
    if block:
        raise NotUnderstood(f"the block `{block} (` is not closed", path=path)
    return tuple(found)


def _lines(text: str, path: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The words of each line that has any."""
    for number, line in enumerate(text.splitlines(), 1):
        words: list[str] = []
        position, content = 0, line.rstrip()
        while position < len(content):
            match = _WORD.match(content, position)
            if match is None:
                raise NotUnderstood(
                    f"this is no directive: `{line.strip()}`", path=path, line=number
                )
            position = match.end()
            comment, quoted, raw, mark, bare = match.groups()
            if comment is not None:
                break
            words.append(next(one for one in (quoted, raw, mark, bare) if one is not None))
        if words:
            yield number, tuple(words)
