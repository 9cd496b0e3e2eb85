"""Finds personal data in a text: patterns first, then check digits, then the words around."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from quantumlayer.router.guardrails.patterns import (
    Beginnings,
    Found,
    Pattern,
    Taken,
    any_of,
    table,
    words,
)
from quantumlayer.router.guardrails.personal.checks import CHECKS, Check, anything, by_stdnum

_NEAR = 40
"""How many characters may stand between a number and the word that says what it is."""

_LONGEST = 64
"""Characters of the longest number that is looked for, with its separators."""

_SHORT = 16
"""Characters of the longest number that needs a word beside it."""


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """Personal data in a text: its kind (EMAIL, IBAN, CARD, IP, ID, PHONE) and where it stands."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    pattern: Pattern
    check: Check
    hint: str
    near: Pattern | None

    def named_by(self, word: str) -> bool:
        """Whether the word says that such a number follows."""
        return self.near is not None and self.near.occurs(word)

    def datum(self, text: str, found: Found) -> PersonalDatum | None:
        """What was found, if it is meant."""
        if not self.check(text, found):
            return None
        return PersonalDatum(self.kind, found.start, found.end, found.text)


@cache
def _forms() -> tuple[_Form, ...]:
    return tuple(_form(row) for row in table("personal")["kind"])


def _form(row: dict[str, Any]) -> _Form:
    if "stdnum" in row:
        check = by_stdnum(row["stdnum"])
    else:
        check = CHECKS[row["check"]] if "check" in row else anything
    near = Pattern(words(row["near"]), any_case=True) if "near" in row else None
    return _Form(row["name"], Pattern(row["pattern"]), check, row.get("hint", ""), near)


KINDS = frozenset(row["name"] for row in table("personal")["kind"])


class Finder:
    """Finds the kinds that are asked for.

    A pass of one pattern over a text is what costs, so there are few: one for each form that a
    character gives away, one for all numbers together, one for all words that numbers stand behind;
    before all of them one that shows whether there is anything, as mostly there is not, and then
    one that shows whether there is more than numbers, as mostly there is not either.
    """

    def __init__(self, kinds: Iterable[str] = KINDS) -> None:
        """Raises ValueError with the kinds that there are, for one that there is not."""
        wanted = frozenset(kinds)
        if unknown := wanted - KINDS:
            raise ValueError(
                f"no personal data is called {', '.join(sorted(unknown))};"
                f" there is {', '.join(sorted(KINDS))}"
            )
        forms = [form for form in _forms() if form.kind in wanted]
        self._hinted = [form for form in forms if form.hint]
        self._named = [form for form in forms if form.near]
        self._numbers = [form for form in forms if not form.hint and not form.near]
        self._number = _any_of(form.pattern for form in self._numbers)
        self._beginnings = Beginnings(form.pattern for form in self._numbers)
        near = [
            row["near"]
            for row in table("personal")["kind"]
            if row["name"] in wanted and "near" in row
        ]
        self._names = Pattern(words(sorted(set(chain(*near)))), any_case=True) if near else None
        self._more = _any_of(filter(None, (*(form.pattern for form in self._hinted), self._names)))
        self._anything = _any_of(filter(None, (self._number, self._more)))

    def find(self, text: str) -> list[PersonalDatum]:
        """What is in the text, from left to right; nothing overlaps."""
        if self._anything is None or not self._anything.occurs(text):
            return []
        taken = Taken(len(text))
        data = self._by_number(text)
        if self._more and self._more.occurs(text):
            data = chain(self._by_hint(text), data, self._by_name(text))
        kept = (datum for datum in data if taken.take(datum.start, datum.end))
        return sorted(kept, key=lambda datum: datum.start)

    def _by_hint(self, text: str) -> Iterator[PersonalDatum]:
        for form in self._hinted:
            if form.hint in text:
                yield from _kept(form.datum(text, found) for found in form.pattern.all(text))

    def _by_number(self, text: str) -> Iterator[PersonalDatum]:
        if self._number:
            for place in self._number.all(text):
                window = text[place.start : place.start + _LONGEST]
                yield from _kept(
                    form.datum(text, Found(place.start, place.start + found.end, found.text))
                    for form in map(self._numbers.__getitem__, self._beginnings.at(window))
                    if (found := form.pattern.at(window))
                )

    def _by_name(self, text: str) -> Iterator[PersonalDatum]:
        names = list(self._names.all(text)) if self._names else []
        said = {name.text for name in names}
        for form in self._named if names else ():
            meant = {word for word in said if form.named_by(word)}
            for start, end in _behind(name for name in names if name.text in meant):
                window = text[start:end]
                yield from _kept(
                    form.datum(text, found.moved(start)) for found in form.pattern.all(window)
                )


def _behind(names: Iterable[Found]) -> list[tuple[int, int]]:
    """The places behind the names where a number may begin and end; joined where they overlap."""
    places: list[tuple[int, int]] = []
    for name in names:
        start, end = name.end, name.end + _NEAR + _SHORT
        if places and start <= places[-1][1]:
            start, _ = places.pop()
        places.append((start, end))
    return places


def _any_of(patterns: Iterable[Pattern]) -> Pattern | None:
    listed = list(patterns)
    return any_of(listed) if listed else None


def _kept(data: Iterable[PersonalDatum | None]) -> Iterator[PersonalDatum]:
    return (datum for datum in data if datum)
