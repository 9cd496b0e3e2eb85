"""Finishing what a template gives: the imports that it uses, and no line that is too long.

A template names all that it might need. Names and texts of a description can be of any length: a
line that does not fit is read as the brackets in it, and laid out as the usual formatter does.
"""

import re

from quantumlayer.builtin.writing.javascript.printing import array, call, record
from quantumlayer.builtin.writing.layout import INDENT, WIDTH, Doc, joined, layout

_IMPORT = re.compile(r'^import (\{ )?([\w$, ]+?)( \})? from ("[^"]+");\n', re.MULTILINE)
_NOT_CODE = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
_MEMBER = re.compile(r"""([\w$]+:|"[^"]*":) (("|').*\3,)""")
_TOKEN = re.compile(
    r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[\[({\])}]|, ?|[^\[({\])}"'`,]+|."""
)
_COMMENT = re.compile(r"\s*(?://|/\*|\*)")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def finished(text: str) -> str:
    """The text of a module without imports that it does not use, laid out."""
    tidy = re.sub(r"\n{3,}", "\n\n", used_imports(text)).rstrip("\n")
    return f"{break_long_lines(tidy)}\n"


def used_imports(text: str) -> str:
    """The module without the names that it imports and does not use."""
    code = _NOT_CODE.sub("", _IMPORT.sub("", text))

    def kept(found: re.Match[str]) -> str:
        names = [
            name for name in found[2].split(", ") if re.search(rf"(?<![\w)\]]\.)\b{name}\b", code)
        ]
        named = f"{found[1] or ''}{', '.join(names)}{found[3] or ''}"
        return f"import {named} from {found[4]};\n" if names else ""

    return _IMPORT.sub(kept, text)


def break_long_lines(text: str) -> str:
    """The same code, without lines that are too long and could be shorter."""
    return "\n".join(
        line if len(line) <= WIDTH or _COMMENT.match(line) else _broken(line)
        for line in text.split("\n")
    )


def _broken(line: str) -> str:
    code = line.lstrip()
    indent = len(line) - len(code)
    if member := _MEMBER.fullmatch(code):
        return f"{' ' * indent}{member[1]}\n{' ' * (indent + INDENT)}{member[2]}"
    return " " * indent + layout(_read(code), indent=indent)


def _read(code: str) -> Doc:
    """The code with its brackets as groups; those that do not end on the line are text."""
    stack: list[tuple[str, list[list[Doc]]]] = [("", [[]])]
    for token in _TOKEN.findall(code):
        opening, items = stack[-1]
        if token in _CLOSING:
            stack.append((token, [[]]))
        elif token == _CLOSING.get(opening):
            stack.pop()
            stack[-1][1][-1].append(_grouped(opening, [_item(item) for item in items if item]))
        elif opening and token.startswith(","):
            items.append([])
        else:
            items[-1].append(token)
    while len(stack) > 1:
        opening, items = stack.pop()
        stack[-1][1][-1] += [opening, *joined(map(tuple, items), (", ",))]
    return (*stack[0][1][0],)


def _item(parts: list[Doc]) -> Doc:
    """What stands between commas, without the space around it."""
    first, last = parts[0], parts[-1]
    if isinstance(first, str):
        parts = [first.lstrip(), *parts[1:]]
    if isinstance(last, str):
        parts = [*parts[:-1], str(parts[-1]).rstrip()]
    kept = [part for part in parts if part != ""]
    return kept[0] if len(kept) == 1 else (*kept,)


def _grouped(opening: str, items: list[Doc]) -> Doc:
    if opening == "{":
        return record(items)
    if len(items) < 2:
        return (opening, *items, _CLOSING[opening])
    return array(items) if opening == "[" else call("", items)
