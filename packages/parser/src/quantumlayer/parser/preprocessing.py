"""Sources as a preprocessor leaves them, byte for byte in place, for grammars that know none.

A grammar reads all branches of an `#if` at once, so braces that only one of them opens do not
balance. Here one branch of each is kept and the others are blanked; macros that the file defines as
brackets stand for those, and a macro before a block inside of a function counts as a loop. What is
not understood stays as it is. Asked only where a text does not fit its grammar as it is written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

_HIDDEN = re.compile(
    rb'//(?:[^\n\\]|\\.)*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL
)
_DIRECTIVE = re.compile(rb"\s*#[ \t]*(?P<word>[a-z]+)\b[ \t]*(?P<rest>.*)")
_OPENS = frozenset({b"if", b"ifdef", b"ifndef"})
_GOES_ON = frozenset({b"elif", b"else", b"elifdef", b"elifndef"})
_NEVER = re.compile(rb"\s*#[ \t]*if[ \t]+0\s*")
_BRACKETS = re.compile(rb"(?P<name>[A-Za-z_]\w*)[ \t]*(?P<body>[{}();,]*)\s*")
_FUNCTION_LIKE = re.compile(rb"#[ \t]*define[ \t]+([A-Za-z_]\w*)\(")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_BEFORE_BLOCK = re.compile(
    rb"(?<=[;{}):])\s*(?P<name>[A-Za-z_]\w*)\s*\((?P<words>[^;{}]*?)\)\s*(?=\{)"
)
_KEYWORDS = frozenset({
    b"if", b"for", b"while", b"switch", b"catch", b"foreach", b"lock", b"using", b"fixed",
})  # fmt: skip


def configurations(data: bytes, *, blocks: bool) -> tuple[bytes, ...]:
    """The text with the first branch of each conditional, and with the last, all as long as it.

    `blocks`: whether whatever stands before a block inside of braces is a statement, as in C, and
    not perhaps a method. Empty where nothing would be changed.
    """
    plain = _HIDDEN.sub(_blanked, data)
    if b"#" not in plain:
        return ()
    lines = plain.split(b"\n")
    directives = dict(_directives(lines))
    closed = list(_conditionals(directives))
    told = _told(directives, {number for places in closed for number in places})
    brackets = dict(_brackets(lines, directives))
    macros = set(_FUNCTION_LIKE.findall(plain))
    found: list[bytes] = []
    for last in (False, True):
        dropped = _dropped(lines, closed, last=last) | told
        shown = _without(data.split(b"\n"), dropped)
        code = _without(lines, dropped | directives.keys())
        shown, code = (_with_brackets(text, code, brackets) for text in (shown, code))
        shown = _with_loops(shown, code, None if blocks else macros)
        if shown != data and shown not in found:
            found.append(shown)
    return tuple(found)


def _blanked(found: "re.Match[bytes]") -> bytes:
    return re.sub(rb"[^\n]", b" ", found[0])


def _directives(lines: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """The number and the word of each line that is a directive, or empty where it goes on."""
    goes_on = False
    for number, line in enumerate(lines):
        match = None if goes_on else _DIRECTIVE.match(line)
        if match is not None or goes_on:
            yield number, match["word"] if match else b""
            goes_on = line.rstrip(b"\r").endswith(b"\\")


def _conditionals(directives: Mapping[int, bytes]) -> Iterator[list[int]]:
    """The lines of `#if`, of what goes on with it, and of `#endif`, for each that is closed."""
    opened: list[list[int]] = []
    for number, word in directives.items():
        if word in _OPENS:
            opened.append([number])
        elif opened and word in _GOES_ON:
            opened[-1].append(number)
        elif opened and word == b"endif":
            yield [*opened.pop(), number]


def _dropped(lines: Sequence[bytes], conditionals: Sequence[list[int]], *, last: bool) -> set[int]:
    """The lines of all branches but one of each conditional; `#if 0` is never read."""
    dropped: set[int] = set()
    for places in conditionals:
        branches = list(pairwise(places))
        live = [branch for branch in branches if not _NEVER.fullmatch(lines[branch[0]])]
        kept = (live[-1] if last else live[0]) if live else None
        for branch in branches:
            if branch != kept:
                dropped.update(range(*branch))
    return dropped


def _told(directives: Mapping[int, bytes], closed: set[int]) -> set[int]:
    """The lines of the conditionals themselves, with those that go on."""
    told: set[int] = set()
    inside = False
    for number, word in directives.items():
        inside = number in closed or (inside and word == b"")
        if inside:
            told.add(number)
    return told


def _brackets(
    lines: Sequence[bytes], directives: Mapping[int, bytes]
) -> Iterator[tuple[bytes, bytes]]:
    """Macros that stand for brackets, or for nothing, where that is no longer than their names."""
    for number, word in directives.items():
        match = _DIRECTIVE.match(lines[number]) if word == b"define" else None
        macro = match and _BRACKETS.fullmatch(match["rest"])
        if macro and len(macro["body"]) <= len(macro["name"]):
            yield macro["name"], macro["body"]


def _without(lines: Sequence[bytes], dropped: set[int]) -> bytes:
    return b"\n".join(
        b" " * len(line) if number in dropped else line for number, line in enumerate(lines)
    )


def _with_brackets(data: bytes, code: bytes, brackets: Mapping[bytes, bytes]) -> bytes:
    """`data` with the brackets that macros stand for, where `code` has their names."""
    if not brackets:
        return data
    shown = bytearray(data)
    for word in _WORD.finditer(code):
        body = brackets.get(word[0])
        if body is not None:
            shown[word.start() : word.end()] = body.ljust(len(word[0]))
    return bytes(shown)


def _with_loops(data: bytes, code: bytes, known: set[bytes] | None) -> bytes:
    """`data` with `if (1)` in place of each macro that stands before a block in a function.

    `known`: the names of macros, None where every name is taken for one.
    """
    shown = bytearray(data)
    depth, place = 0, 0
    for found in _BEFORE_BLOCK.finditer(code):
        depth += code.count(b"{", place, found.start()) - code.count(b"}", place, found.start())
        place = found.start()
        name = found["name"]
        if known is not None and name not in known:
            continue
        if depth > 0 and len(name) > 1 and name not in _KEYWORDS and found["words"].strip():
            start, end = found.span("name")
            shown[start:end] = b"if".ljust(len(name))
            start, end = found.span("words")
            words = b"1" + re.sub(rb"[^\n]", b" ", found["words"])[1:]
            shown[start:end] = words
    return bytes(shown)
