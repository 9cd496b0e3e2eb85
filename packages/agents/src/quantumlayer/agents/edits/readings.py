"""Other readings of an edit: without what models add to the lines that they copy."""

import html
import re
from collections.abc import Callable, Iterator

from quantumlayer.agents.edits.lines import written_lines

Pair = tuple[str, str]
"""The text to search for, and what replaces it."""

_NUMBERED = re.compile(r"[ \t]*L?(\d+)(?:[ \t]*[|\u2192\u2502]|:|\t)(?P<code>.*)", re.DOTALL)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d+|#x[0-9a-fA-F]+);")
_ESCAPE = re.compile(r"\\([nt\"'\\])")
_ESCAPED = {"n": "\n", "t": "\t"}
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


def readings(search: str, replacement: str) -> Iterator[Pair]:
    """The edit as it is, and then as it may have been meant; each only if nothing else is."""
    yield search, replacement
    ways: tuple[Callable[[str, str], Pair | None], ...] = (
        _without_fences,
        _without_line_numbers,
        _without_diff_marks,
        _without_entities,
        _without_escapes,
    )
    for way in ways:
        if (pair := way(search, replacement)) is not None and pair[0].strip():
            yield pair


def has_entities(text: str) -> bool:
    """Whether `text` writes characters as HTML does."""
    return _ENTITY.search(text) is not None


def _without_fences(search: str, replacement: str) -> Pair | None:
    bare = _unfenced(search)
    return None if bare is None else (bare, _unfenced(replacement) or replacement)


def _unfenced(text: str) -> str | None:
    lines = written_lines(text.strip("\n"))
    if len(lines) < 3 or not (mark := _FENCE.match(lines[0])) or lines[-1].strip() != mark[1]:
        return None
    return "\n".join(lines[1:-1])


def _without_line_numbers(search: str, replacement: str) -> Pair | None:
    """Only where each line has a number and they count up: `8080: web` alone is no listing."""
    found = _numbered(search)
    if found is None:
        return None
    numbers, wanted = found
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    given = _numbered(replacement)
    if given is not None:
        return wanted, given[1]
    return (
        None
        if any(map(_NUMBERED.fullmatch, written_lines(replacement)))
        else (
            wanted,
            replacement,
        )
    )


def _numbered(text: str) -> tuple[list[int], str] | None:
    lines = written_lines(text.strip("\n"))
    found = [_NUMBERED.fullmatch(line) for line in lines]
    matches = [match for match in found if match]
    if not matches or len(matches) != len(lines):
        return None
    codes = [match["code"] for match in matches]
    if all(not code.strip() or code.startswith(" ") for code in codes):
        codes = [code[1:] for code in codes]
    return [int(match[1]) for match in matches], "\n".join(codes)


def _without_diff_marks(search: str, replacement: str) -> Pair | None:
    wanted, given = _unmarked(search, "-"), _unmarked(replacement, "+")
    if wanted is None or (given is None and replacement.strip()):
        return None
    return wanted, given or ""


def _unmarked(text: str, mark: str) -> str | None:
    lines = written_lines(text)
    if not any(line.startswith(mark) for line in lines):
        return None
    if not all(not line or line[0] in (mark, " ") for line in lines):
        return None
    return "\n".join(line[1:] for line in lines)


def _without_entities(search: str, replacement: str) -> Pair | None:
    return (html.unescape(search), html.unescape(replacement)) if has_entities(search) else None


def _without_escapes(search: str, replacement: str) -> Pair | None:
    """Of a text that was escaped once too often: no real line ends, or escaped quotes."""
    if not _ESCAPE.search(search) or "\n" in search.strip("\n"):
        return None
    return _unescaped(search), _unescaped(replacement)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text)
