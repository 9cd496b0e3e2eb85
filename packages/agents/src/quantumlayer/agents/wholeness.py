"""Whether a text is whole: what was planned, or was there before, must still be there.

No words decide: "the rest stays the same" has too many forms in too many languages, and honest
comments look like it. What counts is which functions and types a file defines and whether
anything stands in them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from quantumlayer.parser import FileAnalysis, Symbol, SymbolKind
from quantumlayer.qlayer import FileRole, PlannedFile

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
_HELD = _CALLABLE | {
    SymbolKind.CLASS,
    SymbolKind.INTERFACE,
    SymbolKind.STRUCT,
    SymbolKind.TRAIT,
    SymbolKind.TYPE,
    SymbolKind.ENUM,
}
_STRING = r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`]*`'
_HASH_COMMENTS = frozenset({"python", "ruby", "bash", "elixir", "perl", "r"})
_HASH = re.compile(rf"(?P<string>{_STRING})|(?P<comment>\#[^\n]*)")
_SLASH = re.compile(rf"(?P<string>{_STRING})|(?P<comment>//[^\n]*|/\*[\s\S]*?\*/)")
_ELLIPSIS = re.compile(r"\.\.\.|\u2026")
# In prose the word behind `class` is one of many: what is declared is followed by its kind of sign.
_PLANNED = re.compile(
    r"(?:\b(?P<owner>[A-Za-z_]\w*)\.)?\b(?P<called>[A-Za-z_]\w*)\("
    r"|\b(?:class|def|function|func|fn)\s+(?P<declared>[A-Za-z_]\w*)"
    r"(?=\s*(?:[^\w\s]|\n|$|extends\b|implements\b))"
)
_ITSELF = ("self", "cls", "this")
_NOT_WRITTEN = re.compile(
    r"(?:\.\.\.|\u2026|raise\s+NotImplementedError(?:\([^)]*\))?|(?:todo|unimplemented)!\([^)]*\)"
    r"|throw\s+new\s+\w*(?:NotImplemented|UnsupportedOperation)\w*\([^)]*\)"
    r"|throw\s+(?:new\s+)?Error\(\s*\)|panic\(\s*\))[;\s]*"
)
_DECLARED_ONLY = re.compile(r"\babstract|@(?:\w+\.)?overload|\bProtocol\b|\bABC\b|\bdeclare\b")


@dataclass(frozen=True)
class Outline:
    """What a file defines.

    `hollow` says that it is still to be written; `empty` holds nothing, which may be meant so.
    `code` is the file without comments: names of tables and routes stand in its strings.
    """

    defined: frozenset[str] = frozenset()
    hollow: Mapping[str, int] | None = None
    empty: frozenset[str] = frozenset()
    code: str = ""

    def is_unwritten(self, name: str) -> bool:
        """Whether nothing stands in `name`, meant or not."""
        return name in (self.hollow or {}) or name in self.empty


def outline(text: str, analysis: FileAnalysis) -> Outline:
    """The outline of a file that the parser has read; empty for what defines nothing."""
    symbols = [symbol for symbol in analysis.symbols if symbol.kind in _HELD]
    language, lines = analysis.language or "", text.splitlines()
    hollow: dict[str, int] = {}
    empty = set()
    for symbol in symbols:
        if symbol.kind not in _CALLABLE or _is_declared_only(symbol, symbols, lines):
            continue
        state = _state("\n".join(lines[symbol.line - 1 : symbol.end_line]), language)
        if state == "hollow":
            hollow[symbol.name] = symbol.line
        elif state == "empty":
            empty.add(symbol.name)
    defined = frozenset(symbol.name for symbol in symbols)
    return Outline(defined, hollow, frozenset(empty), _without(text, language, "comment"))


def planned_but_missing(file: PlannedFile, found: Outline) -> list[str]:
    """What the plan's interface of `file` promises and the file does not hold, in sentences."""
    if file.role is not FileRole.SOURCE or not found.defined:
        return []
    names = planned_names(file)
    unwritten = [name for name in names or sorted(found.defined) if found.is_unwritten(name)]
    if not names and len(unwritten) < len({*found.defined}):
        unwritten = []
    elsewhere = _names_of_others(file, found)
    absent = [
        name
        for name in names
        if name not in elsewhere and not re.search(rf"\b{re.escape(name)}\b", found.code)
    ]
    return [
        *(f"{file.path}: `{name}` is planned, and nothing stands in it" for name in unwritten),
        *(f"{file.path}: `{name}` is planned, and is not there" for name in absent),
    ]


def promised_but_missing(path: str, interface: Outline, found: Outline) -> list[str]:
    """What the interface of a file declares and the file does not hold, in sentences."""
    return [
        *(
            f"{path}: `{name}` is declared, and nothing stands in it"
            for name in sorted(interface.defined)
            if name in (found.hollow or {})
        ),
        *(
            f"{path}: `{name}` is declared by the interface, and is not there"
            for name in sorted(interface.defined - found.defined)
            if not re.search(rf"\b{re.escape(name)}\b", found.code)
        ),
    ]


def planned_names(file: PlannedFile) -> tuple[str, ...]:
    """The functions and types that the plan's interface of `file` names."""
    found = _PLANNED.finditer(file.interface)
    return tuple(dict.fromkeys(match["called"] or match["declared"] for match in found))


def _names_of_others(file: PlannedFile, found: Outline) -> set[str]:
    """What the plan speaks of as a part of something that another file holds."""
    return {
        match["called"]
        for match in _PLANNED.finditer(file.interface)
        if match["owner"] and match["owner"] not in (*found.defined, *_ITSELF)
    }


def lost(before: Mapping[str, Outline], after: Mapping[str, Outline]) -> list[str]:
    """`path: name` of what the files of `before` defined and nothing in `after` does any more.

    What has moved to another file is not lost; what is there without its body is.
    """
    everywhere = {
        name for found in after.values() for name in found.defined if not found.is_unwritten(name)
    }
    return [
        f"{path}: {name}"
        for path, found in sorted(before.items())
        for name in sorted(found.defined)
        if not found.is_unwritten(name) and name not in everywhere
    ]


def _is_declared_only(symbol: Symbol, symbols: list[Symbol], lines: list[str]) -> bool:
    """Whether a body is not expected: of what is abstract, overloaded or a protocol's."""
    around = [lines[symbol.line - 1], *lines[max(0, symbol.line - 3) : symbol.line - 1]]
    around += [
        lines[outer.line - 1]
        for outer in symbols
        if outer.kind not in _CALLABLE and outer.line < symbol.line <= outer.end_line
    ]
    return any(_DECLARED_ONLY.search(line) for line in around)


def _state(source: str, language: str) -> str:
    """`hollow`, `empty` or `written`: what the body of one function is."""
    elided = _elides(source, language)
    code = _without(source, language, "comment string")
    body = _python_body(code) if language == "python" else _braced_body(code)
    if body is None:
        return "written"
    rest = re.sub(r'""|\'\'|``|^\s*pass\s*$', "", body, flags=re.MULTILINE).strip()
    if rest and _NOT_WRITTEN.fullmatch(rest):
        return "hollow"
    if rest.strip(";"):
        return "written"
    if elided or (language == "python" and _promises_a_value(code)):
        return "hollow"
    return "empty"


def _elides(source: str, language: str) -> bool:
    pattern = _HASH if language in _HASH_COMMENTS else _SLASH
    comments = (found["comment"] for found in pattern.finditer(source))
    return any(comment and _ELLIPSIS.search(comment) for comment in comments)


def _without(source: str, language: str, groups: str) -> str:
    """`source` without comments, and with every string empty."""
    pattern = _HASH if language in _HASH_COMMENTS else _SLASH

    def blank(found: re.Match[str]) -> str:
        return '""' if found["string"] and "string" in groups else found["string"] or ""

    return pattern.sub(blank, source)


def _python_body(code: str) -> str | None:
    depth = 0
    for index, character in enumerate(code):
        depth += (character in "([{") - (character in ")]}")
        if character == ":" and depth == 0:
            return code[index + 1 :]
    return None


def _braced_body(code: str) -> str | None:
    """What stands between the braces; None for what has none, such as an arrow's expression."""
    start, end = code.find("{", max(0, code.find(")"))), code.rfind("}")
    return code[start + 1 : end] if 0 <= start < end else None


def _promises_a_value(code: str) -> bool:
    found = re.search(r"->\s*([^:]+):", code)
    return found is not None and found[1].strip() not in ("None", '""', "Never", "NoReturn")
