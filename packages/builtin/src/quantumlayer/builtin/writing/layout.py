"""Laying out code as formatters do: groups that break where they do not fit.

A document is a text, a line break that may be a space, or a group of documents. `layout` prints
each group on one line if that fits, and otherwise breaks all line breaks of that group.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 100
INDENT = 2


@dataclass(frozen=True)
class Line:
    """A line break; `flat` stands for it in a group that fits on one line."""

    flat: str


@dataclass(frozen=True)
class Broken:
    """A text that is printed only in a group that is broken."""

    text: str


@dataclass(frozen=True)
class Indented:
    """Parts whose lines stand one step further in."""

    parts: tuple["Doc", ...]


@dataclass(frozen=True)
class Group:
    """Parts that are broken together."""

    parts: tuple["Doc", ...]


@dataclass(frozen=True)
class Hugging:
    """A call whose last argument may be broken while the others stay on the line of the call."""

    head: tuple["Doc", ...]
    last: Group
    whole: Group


Doc: TypeAlias = "str | Line | Broken | Indented | Group | Hugging | tuple[Doc, ...]"
SPACE, NOTHING = Line(" "), Line("")
BREAK = Line("\n")
"""A line break even where its group would fit."""


def layout(doc: Doc, *, indent: int = 0, column: int | None = None) -> str:
    """The text of a document that begins at `column`, on a line that is indented by `indent`."""
    return "".join(_print(doc, indent, indent if column is None else column))


def _print(doc: Doc, indent: int, column: int) -> Iterator[str]:
    stack: list[tuple[int, bool, Doc]] = [(indent, True, doc)]
    while stack:
        depth, broken, part = stack.pop()
        match part:
            case str():
                yield part
                column = len(part) - part.rindex("\n") - 1 if "\n" in part else column + len(part)
            case Line() if broken:
                yield "\n" + " " * depth
                column = depth
            case Line():
                yield part.flat
                column += len(part.flat)
            case Broken():
                shown = part.text if broken else ""
                yield shown
                column += len(shown)
            case Indented():
                stack += [(depth + INDENT, broken, inner) for inner in reversed(part.parts)]
            case Group():
                fits = _fits(part, stack, WIDTH - column)
                stack += [(depth, not fits, inner) for inner in reversed(part.parts)]
            case Hugging():
                stack.append((depth, broken, _chosen(part, stack, WIDTH - column)))
            case tuple():
                stack += [(depth, broken, inner) for inner in reversed(part)]


def _chosen(part: Hugging, rest: list[tuple[int, bool, Doc]], room: int) -> Doc:
    """The call as a whole where it fits, else with only its last argument broken if that fits."""
    hugged = Group((*part.head, str(part.last.parts[0])))
    if _fits(part.whole, rest, room) or not _fits(hugged, [], room):
        return part.whole
    return (*part.head, part.last, ")")


def _fits(group: Group, rest: list[tuple[int, bool, Doc]], room: int) -> bool:
    """Whether a group fits flat, with what follows it up to the next line break."""
    todo: list[tuple[bool, Doc]] = [(broken, doc) for _, broken, doc in rest]
    todo += [(False, part) for part in reversed(group.parts)]
    while todo and room >= 0:
        broken, part = todo.pop()
        match part:
            case str():
                if "\n" in part:
                    return len(part.partition("\n")[0]) <= room and part == part.strip("\n")
                room -= len(part)
            case Line() if broken or part is BREAK:
                return broken
            case Line():
                room -= len(part.flat)
            case Broken():
                room -= len(part.text) if broken else 0
            case Group() | Indented():
                inner = broken and not isinstance(part, Group)
                todo += [(inner, each) for each in reversed(part.parts)]
            case Hugging():
                todo.append((False, part.whole))
            case tuple():
                todo += [(broken, each) for each in reversed(part)]
    return room >= 0


def joined(docs: Iterable[Doc], separator: tuple[Doc, ...]) -> tuple[Doc, ...]:
    """Documents with a separator between them."""
    found: list[Doc] = []
    for doc in docs:
        found += [*(separator if found else ()), doc]
    return tuple(found)
