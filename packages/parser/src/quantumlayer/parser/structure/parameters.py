"""Parameters' names, from the text of a parameter list: the same for every grammar."""

import re
from functools import lru_cache

from quantumlayer.parser.language import ParameterStyle

_MAX_TEXT = 4_000
_MAX_NAMES = 100
_DEFAULT = re.compile(rb"(?<![=<>!:])=(?!=).*", re.DOTALL)
_POINTER = re.compile(rb"\(\s*[*&^]\s*(?:const\s+)?([A-Za-z_]\w*)?")
_NAME = re.compile(rb"[@$%]?[^\W\d][\w$?!]*")
_DECORATION = re.compile(rb"@[\w.]+(?:\([^()]*\))?\s*|#\[[^\]]*\]\s*")
# What splitting must see: brackets, separators, and, to be passed over, arrows and strings.
_OPENING, _CLOSING = frozenset({b"(", b"[", b"{", b"|"}), frozenset({b")", b"]", b"}", b"|"})
# `{int a, int b}` and `[int a]` hold parameters that may be left out; `int a[]` begins elsewhere.
_OPTIONAL = re.compile(rb"\A(?:\[.*\]|\{.*\})\Z", re.DOTALL)
_SEPARATORS = frozenset({b"*", b"/", b"..."})
_MARKS = re.compile(rb"""[-=]>|[=<>]=|"[^"\n]*"|'[^'\s,]*'|`[^`]*`|[,;()\[\]{}<>]""")
_PLAIN = frozenset(b"([{<\"'`")


@lru_cache(maxsize=8_192)
def parameter_names(written: bytes, style: ParameterStyle) -> tuple[str, ...]:
    """The names in a parameter list as written, brackets included: `(self, *rest)`.

    Marks that belong to a name stay (`*rest`, `{ id, name }`, `$x`); types and defaults go.
    """
    text = written[:_MAX_TEXT].strip()
    if text[:1] in _OPENING and text[-1:] in _CLOSING:
        text = text[1:-1]
    if style is ParameterStyle.WORDS:
        parts = [part.strip(b"(),") for part in text.split()]
    else:
        parts = [part.strip() for part in _split(text)]
    names: list[str] = []
    for part in parts[:_MAX_NAMES]:
        if style is ParameterStyle.NAME_LAST and _OPTIONAL.match(part):
            names += parameter_names(part, style)
        elif name := _name(part, style):
            names.append(name)
    return tuple(names)


def _split(text: bytes) -> list[bytes]:
    """`text` at its commas (semicolons too), except those within brackets or strings."""
    if _PLAIN.isdisjoint(text):
        return text.replace(b";", b",").split(b",")
    parts, depth, start = [], 0, 0
    for mark in _MARKS.finditer(text):
        char = text[mark.start()]
        if char in b",;":
            if depth <= 0:
                parts.append(text[start : mark.start()])
                start = mark.end()
        elif char in b"([{<":
            depth += 1
        elif char in b")]}>":
            depth -= 1
    return [*parts, text[start:]]


def _name(part: bytes, style: ParameterStyle) -> str:
    if style is ParameterStyle.NAME_FIRST and part[:1] in (b"{", b"["):
        return " ".join(_DEFAULT.sub(b"", part).decode("utf-8", "replace").split())[:200]
    part = _DECORATION.sub(b"", part) if part[:1] in (b"@", b"#") else part
    name = _last(part) if style is ParameterStyle.NAME_LAST else _first(part)
    return name.decode("utf-8", "replace")[:200]


def _first(part: bytes) -> bytes:
    """`vararg x: Int = 1` → `x`, `c ...string` → `c`, `&mut self` → `&mut self`."""
    before_type, colon, _ = part.partition(b":")
    text = before_type.partition(b"=")[0].strip()
    words = text.split()
    if len(words) <= 1:
        return text if text not in _SEPARATORS else b""
    if words[-1] == b"self":
        return text
    # With a colon the words before the name are modifiers; without one, what follows is a type.
    return words[-1] if colon else words[0]


def _last(part: bytes) -> bytes:
    """`final Map<A, B> b` → `b`, `char *argv[]` → `argv`, `int (*cb)(int)` → `cb`."""
    text = _DEFAULT.sub(b"", part).strip()
    if text in (b"void", b"..."):
        return b""
    pointer = _POINTER.search(text)
    if pointer is not None and pointer[1]:
        return pointer[1]
    names = _NAME.findall(re.sub(rb"\[[^\]]*\]", b"", text))
    return names[-1] if names else b""
