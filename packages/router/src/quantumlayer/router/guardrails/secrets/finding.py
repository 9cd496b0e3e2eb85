"""Finds secrets: shapes of known providers first, then places for secrets, then telling names."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from quantumlayer.router.guardrails.patterns import Pattern, Taken, any_of, escaped, table
from quantumlayer.router.guardrails.secrets import likelihood

LONGEST = 9_000
"""Characters of the longest secret that is looked for: a private key's block."""


class Secret(NamedTuple):
    """A secret in a text: what it is, and where it stands."""

    name: str
    start: int
    end: int


def find(text: str) -> list[Secret]:
    """The secrets of a text from left to right; nothing overlaps."""
    if not _anything().occurs(text):
        return []
    taken = Taken(len(text))
    secrets = chain(_shaped(text), _placed(text), _assigned(text))
    kept = (secret for secret in secrets if taken.take(secret.start, secret.end))
    return sorted(kept, key=lambda secret: secret.start)


@cache
def _anything() -> Pattern:
    """What every text with a secret in it matches: nearly all texts hold none."""
    quick, _ = _shapes()
    return any_of((quick, *(place.pattern for place in _places()), *_assignments()))


@dataclass(frozen=True, slots=True)
class _Shape:
    name: str
    pattern: Pattern
    digits: bool

    def at(self, text: str, start: int) -> Secret | None:
        found = self.pattern.at(text[start : start + LONGEST])
        if found is None or (self.digits and not any(map(str.isdigit, found.text))):
            return None
        real = likelihood.shaped(found.text)
        return Secret(self.name, start, start + found.end) if real else None


def _shaped(text: str) -> Iterator[Secret]:
    quick, shapes = _shapes()
    for hit in quick.all(text):
        found = (shape.at(text, hit.start) for shape in shapes[hit.text])
        yield from filter(None, found)


@cache
def _shapes() -> tuple[Pattern, dict[str, list[_Shape]]]:
    """What all of them begin with, and which begin with what; a longer beginning comes first."""
    by_beginning: dict[str, list[_Shape]] = defaultdict(list)
    for row in table("secrets")["shape"]:
        shape = _Shape(row["name"], Pattern(row["pattern"]), row.get("digits", False))
        for beginning in row["begins"]:
            by_beginning[beginning].append(shape)
    beginnings = sorted(by_beginning, key=len, reverse=True)
    for longer in beginnings:
        for shorter in beginnings:
            if longer != shorter and longer.startswith(shorter):
                by_beginning[longer].extend(by_beginning[shorter])
    words = "|".join(escaped(one) for one in beginnings if one[0].isalnum())
    others = "|".join(escaped(one) for one in beginnings if not one[0].isalnum())
    return Pattern(rf"\b(?:{words})|{others}"), dict(by_beginning)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    hint: str
    pattern: Pattern
    real: Callable[[str], bool]


def _placed(text: str) -> Iterator[Secret]:
    for place in _places():
        if place.hint in text:
            for found in place.pattern.all(text):
                if place.real(found.text):
                    yield Secret(place.name, found.start, found.end)


@cache
def _places() -> tuple[_Place, ...]:
    checks = {"password": likelihood.password, "token": likelihood.token}
    return tuple(
        _Place(row["name"], row["hint"], Pattern(row["pattern"]), checks[row["check"]])
        for row in table("secrets")["placed"]
    )


def _assigned(text: str) -> Iterator[Secret]:
    for pattern in _assignments():
        for found in pattern.all(text):
            if likelihood.assigned(found.text):
                yield Secret("value of a secret", found.start, found.end)


@cache
def _assignments() -> tuple[Pattern, Pattern]:
    """In quotes, or bare up to the line's end as in an environment file."""
    data: dict[str, Any] = table("secrets")["assignment"]
    names = f"(?:{'|'.join(data['names'])})"
    value = rf"[^\s\"'`<>{{}}()\[\],;$]{{{data['shortest']},200}}"
    quoted = rf"{names}[\"'`]?\]?\s{{0,4}}(?:=>|:=|=|:|,)\s{{0,4}}[\"'`](?P<it>{value})[\"'`]"
    before = r"(?m:^)[^\S\n]*(?:export )?[\w.-]{0,40}"
    bare = rf"{before}{names}[^\S\n]?[:=][^\S\n]?(?P<it>{value})[^\S\n]*(?m:$)"
    return Pattern(rf"(?i){quoted}"), Pattern(rf"(?i){bare}")


@cache
def unfinished() -> Pattern:
    """What may be the beginning of a secret, up to the end of a text.

    A key's block, a value with the name that it is given to, a line of curl, or the last word.
    """
    names = "|".join(("authorization", "x-[a-z-]+", *table("secrets")["assignment"]["names"]))
    scheme = r"(?i:(?:bearer|basic|token|api-token)\s{1,4})?"
    given = rf"[\"'`]?\]?\s{{0,4}}(?:=>|:=|=|:|,)?\s{{0,4}}[\"'`]?{scheme}"
    return Pattern(
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----[^-]*-{0,5}[A-Z ]{0,40}-{0,4}\z"
        r"|-{1,5}(?:B[A-Z ]{0,40}-{0,4})?\z"
        rf"|[\w.-]{{0,40}}(?i:{names}){given}\S*\z"
        r"|\bcurl\b[^\n|;]*\z"
        r"|\S+\z"
    )
