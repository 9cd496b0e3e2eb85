"""Texts that match a regular expression, one for each number: for examples and test data."""

import re
import string
from dataclasses import dataclass

_CLASSES = {
    "d": string.digits,
    "w": string.ascii_lowercase + string.digits,
    "s": " ",
}
_ANY = string.ascii_lowercase
_MOST_REPEATS = 64


def alphabets(pattern: str) -> tuple[str, ...] | None:
    """The characters allowed at each place of the shortest text that matches `pattern`.

    Of alternatives the first is taken. None where the pattern uses what is not understood here
    (look-around, back references).
    """
    try:
        places = _Reader(pattern).read()
        compiled = re.compile(pattern)
    except (_NotUnderstood, re.error):
        return None
    tried = (spell(number, places) for number in (0, 1, 7, 61))
    return places if places and all(compiled.search(text) for text in tried) else None


def spell(number: int, places: tuple[str, ...]) -> str:
    """The `number`-th text: each place is a digit of the number, in the place's own alphabet."""
    text = ""
    for letters in reversed(places):
        number, digit = divmod(number, len(letters))
        text = letters[digit] + text
    return text


class _NotUnderstood(ValueError):  # noqa: N818
    pass


@dataclass
class _Reader:
    pattern: str
    at: int = 0

    def read(self) -> tuple[str, ...]:
        places = self._alternatives()
        if self.at < len(self.pattern):
            raise _NotUnderstood(self.pattern)
        return places

    def _alternatives(self) -> tuple[str, ...]:
        first = self._sequence()
        while self._next_is("|"):
            self.at += 1
            self._sequence()
        return first

    def _sequence(self) -> tuple[str, ...]:
        places: tuple[str, ...] = ()
        while self.at < len(self.pattern) and not (self._next_is("|") or self._next_is(")")):
            places += self._repeated(self._atom())
        return places

    def _next_is(self, character: str) -> bool:
        return self.pattern.startswith(character, self.at)

    def _take(self) -> str:
        if self.at >= len(self.pattern):
            raise _NotUnderstood(self.pattern)
        self.at += 1
        return self.pattern[self.at - 1]

    def _atom(self) -> tuple[str, ...]:
        character = self._take()
        if character in "^$":
            return ()
        if character == "(":
            return self._group()
        if character == "[":
            return (self._character_class(),)
        if character == "\\":
            return self._escape()
        return (_ANY if character == "." else character,)

    def _group(self) -> tuple[str, ...]:
        if self._next_is("?:"):
            self.at += 2
        elif self._next_is("?"):
            raise _NotUnderstood(self.pattern)
        inside = self._alternatives()
        if self._take() != ")":
            raise _NotUnderstood(self.pattern)
        return inside

    def _escape(self) -> tuple[str, ...]:
        escaped = self._take()
        if escaped in "AZbB" or (escaped.isalnum() and escaped not in _CLASSES):
            if escaped in "AZ":
                return ()
            raise _NotUnderstood(self.pattern)
        return (_CLASSES.get(escaped, escaped),)

    def _character_class(self) -> str:
        negated = self._next_is("^")
        self.at += negated
        letters = ""
        while not self._next_is("]") or not letters:
            character = self._take()
            if character == "\\":
                character = "".join(self._escape())
            if self._next_is("-") and not self._next_is("-]"):
                self.at += 1
                character = "".join(map(chr, range(ord(character), ord(self._take()) + 1)))
            letters += character
        self.at += 1
        if not negated:
            return letters
        return "".join(letter for letter in string.ascii_lowercase if letter not in letters)

    def _repeated(self, places: tuple[str, ...]) -> tuple[str, ...]:
        least = 1
        if self._next_is("?") or self._next_is("*"):
            least, self.at = 0, self.at + 1
        elif self._next_is("+"):
            self.at += 1
        elif found := re.match(r"\{(\d+)(,\d*)?\}", self.pattern[self.at :]):
            least, self.at = int(found[1]), self.at + found.end()
        else:
            return places
        if self._next_is("?") or least > _MOST_REPEATS:
            raise _NotUnderstood(self.pattern)
        return places * least
