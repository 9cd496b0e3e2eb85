"""One mutation of a module, in whatever language: what is said of it, and how it is made."""

import re
from dataclasses import dataclass
from enum import StrEnum

from quantumlayer.qtest.mutation.changes import Change
from quantumlayer.qtest.mutation.spans import Source, shown_change, with_lines_of


class Place(StrEnum):
    """When the changed code runs, which decides how a mutation can be tried.

    `body`: whenever its function is called. `constant`: once, to bind a name that only functions of
    the module read. `loading`: once, while the module loads, with effects all over.
    """

    BODY = "body"
    CONSTANT = "constant"
    LOADING = "loading"


@dataclass(frozen=True)
class Mutation:
    """One change of one module.

    `start` and `end` are bytes of the source, replaced by `replacement`. `first_line` to
    `last_line` is what has to run for the change to matter. `function` is the qualified name of
    the function around it, empty outside of functions, `owner` the outermost class or function.
    `about` are the lines, first and last, of the code that it concerns: the body of the function,
    or of those that read the constant; none where that cannot be said. `words` are what it and its
    place are called.
    """

    path: str
    start: int
    end: int
    replacement: str
    operator: str
    line: int
    column: int
    before: str
    after: str
    first_line: int
    last_line: int
    function: str
    owner: str
    about: tuple[tuple[int, int], ...]
    place: Place
    name: str
    weight: int
    importance: int
    words: frozenset[str]
    serves: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """Where a walk over a module is, in the words of `Mutation`.

    `owner` is the whole way from the module inwards, each step with a point behind it. `lines` are
    the first and the last that have to run.
    """

    function: str = ""
    owner: str = ""
    about: tuple[tuple[int, int], ...] = ()
    lines: tuple[int, int] = (0, 0)
    place: Place = Place.LOADING
    name: str = ""
    importance: int = 0
    serves: frozenset[str] = frozenset()


def made(path: str, source: Source, change: Change, scope: Scope) -> Mutation | None:
    """The mutation that a change is at its place; None where the text stays as it was."""
    before = source.text(change.span)
    after = with_lines_of(before, change.after, statement=change.statement)
    if before == after:
        return None
    line, column = source.place(change.span.start)
    seen_before, seen_after = shown_change(
        source, change.span, change.after, whole=change.statement
    )
    return Mutation(
        path=path,
        start=change.span.start,
        end=change.span.end,
        replacement=after,
        operator=change.operator,
        line=line,
        column=column,
        before=seen_before,
        after=seen_after,
        first_line=scope.lines[0],
        last_line=scope.lines[1],
        function=scope.function,
        owner=scope.owner.partition(".")[0],
        about=scope.about,
        place=scope.place,
        name=scope.name,
        weight=change.weight,
        importance=scope.importance,
        words=words_in(f"{path} {scope.function} {scope.owner} {scope.name}"),
        serves=scope.serves,
    )


def words_in(text: str) -> frozenset[str]:
    """The words of identifiers and paths, in lower case, without a plural's end."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", text)
    return frozenset(word.lower().rstrip("s") or word.lower() for word in parts) - {"py", "local"}


def mutated(content: bytes, mutation: Mutation) -> bytes:
    """The whole module with the change made."""
    head, tail = content[: mutation.start], content[mutation.end :]
    return head + mutation.replacement.encode() + tail
