"""Patterns that run in linear time whatever the text is: RE2 behind a typed face, data in TOML."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any, NamedTuple, cast

import re2

_re2: Any = re2  # it has no types
_FOLDER = resources.files("quantumlayer.router.guardrails").joinpath("data")


class Found(NamedTuple):
    """A match: where it stands in the text, in characters."""

    start: int
    end: int
    text: str

    def moved(self, by: int) -> "Found":
        """The same in a text of which this one began at `by`."""
        return Found(self.start + by, self.end + by, self.text)


class Pattern:
    """A regular expression of RE2: no look-around, no back-references, no catastrophic case."""

    __slots__ = ("_compiled", "_group", "expression")

    def __init__(self, expression: str, *, any_case: bool = False) -> None:
        """Raises ValueError with RE2's words where the expression is none."""
        self.expression = f"(?i:{expression})" if any_case else expression
        options = _re2.Options()
        options.case_sensitive = not any_case
        options.log_errors = False
        try:
            self._compiled: Any = _re2.compile(expression, options)
        except _re2.error as error:
            raise ValueError(f"{expression!r} is no pattern: {error}") from error
        self._group = self._compiled.groupindex.get("it", 0)

    def occurs(self, text: str) -> bool:
        """Whether it matches anywhere."""
        return self._compiled.search(text.encode()) is not None

    def all(self, text: str) -> Iterator[Found]:
        """The matches from left to right, none of which overlap; a group `it` narrows them."""
        for match in self._compiled.finditer(_searched(text)):
            start, end = match.span(self._group)
            yield Found(start, end, text[start:end])

    def first(self, text: str) -> Found | None:
        """The first match."""
        return next(self.all(text), None)

    def at(self, text: str) -> Found | None:
        """The match that begins where the text does."""
        match = self._compiled.match(_searched(text))
        return None if match is None else Found(0, match.end(), text[: match.end()])


class Beginnings:
    """Which of some patterns match where a text begins: one pass for all of them."""

    __slots__ = ("_patterns", "_set")

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        options = _re2.Options()
        options.log_errors = False
        self._set: Any = _re2.Set.MatchSet(options)
        for pattern in self._patterns:
            self._set.Add(pattern.expression)
        self._set.Compile()

    def at(self, text: str) -> list[int]:
        """The places of those that match, in their order."""
        return sorted(self._set.Match(text.encode()) or ())


def _searched(text: str) -> str | bytes:
    """What to hand to RE2, which counts bytes: where they are characters, nobody has to count."""
    return text.encode() if text.isascii() else text


def any_of(patterns: Iterable[Pattern]) -> Pattern:
    """Occurs where any of them does: one pass over a text that holds none of them."""
    unnamed = (one.expression.replace("(?P<it>", "(?:") for one in patterns)
    return Pattern("|".join(f"(?:{expression})" for expression in unnamed))


class Taken:
    """Which characters of a text something was found in; to ask costs what the match is long."""

    __slots__ = ("_marks",)

    def __init__(self, size: int) -> None:
        self._marks = bytearray(size)

    def take(self, start: int, end: int) -> bool:
        """Takes the place, unless something there was taken before."""
        if self._marks.find(1, start, end) >= 0:
            return False
        self._marks[start:end] = b"\x01" * (end - start)
        return True


def escaped(text: str) -> str:
    """An expression for the text as it stands."""
    return cast("str", _re2.escape(text))


def words(given: list[str]) -> str:
    """An expression for any of the words as a whole; a space in one stands for any white space."""
    forms = (r"\s+".join(escaped(part) for part in word.split()) for word in given)
    return rf"\b(?:{'|'.join(forms)})\b"


def phrases(expression: str, lists: dict[str, list[str]]) -> str:
    """An expression in which `{name}` stands for any word of a list, a space for white space."""
    for name, given in lists.items():
        expression = expression.replace(f"{{{name}}}", words(given))
    return expression.replace(" ?", r"\s*").replace(" ", r"\s+").replace(r"\s+\s+", r"\s+")


def table(name: str) -> dict[str, Any]:
    """The data of a module: `data/<name>.toml`."""
    return tomllib.loads(_FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
