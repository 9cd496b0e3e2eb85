"""Hate, threats, abuse and profanity in a text, by rules in English (`data/abuse.toml`)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import NamedTuple

from quantumlayer.router.guardrails.patterns import Pattern, escaped, phrases, table, words
from quantumlayer.router.guardrails.text import plain


class Category(StrEnum):
    """What a text may hold."""

    HATE = "hate"
    THREAT = "threat"
    ABUSE = "abuse"
    PROFANITY = "profanity"


def categories(text: str, wanted: Iterable[Category] = tuple(Category)) -> frozenset[Category]:
    """Which of the wanted categories the text is in."""
    seen = plain(text)
    about = _about_groups(seen)
    return frozenset(one for one in wanted if _said(one, seen, about))


def _said(category: Category, text: str, about: Sequence[str]) -> bool:
    """Whether it is said, and not denied, forbidden or quoted by what stands just before."""
    rules = _rules()[category]
    if category is Category.PROFANITY:  # which a quotation does not take away
        return rules.anywhere.occurs(text)
    return _meant(rules.anywhere, text) or any(
        _meant(pattern, part) for part in about for pattern in rules.of_groups
    )


def _meant(pattern: Pattern, text: str) -> bool:
    return any(
        not _denied().occurs(text[max(found.start - _DENIAL, 0) : found.start])
        for found in pattern.all(text)
    )


def _about_groups(text: str) -> list[str]:
    """The parts of the text that speak of groups of people: in code there is hardly one.

    The rules for groups have many words on both sides of them, and are too slow for whole texts.
    """
    parts: list[tuple[int, int]] = []
    for found in _groups().all(text):
        start, end = max(found.start - _AROUND, 0), found.end + _AROUND
        if parts and start <= parts[-1][1]:
            start, _ = parts.pop()
        parts.append((start, end))
    return [text[start:end] for start, end in parts]


_AROUND = 160
"""Characters on each side of a group's name in which something may be said of it."""

_DENIAL = 32
"""Characters before a phrase in which it may be denied."""


@cache
def _denied() -> Pattern:
    return Pattern(
        r"\b(?:not|never|nobody|no one|no|don't|doesn't|didn't|isn't|aren't|can't|won't|wrong to"
        r"|stop|against|unacceptable to|says?|said|saying|called|calling|why do|why would"
        r"|threatening to|believe that|call myself)\s+(?:\w+\s+){0,3}[\"\x{201C}]?\z"
        r"|\w[^\"\x{201C}\x{201D}]{0,20}[\"\x{201C}][^\"\x{201C}\x{201D}]{0,8}\z",
        any_case=True,
    )


class _Rules(NamedTuple):
    anywhere: Pattern
    of_groups: list[Pattern]


_OF_GROUPS = ("{group}", "{member}", "{kind}")


@cache
def _rules() -> dict[Category, _Rules]:
    """Of each category, one expression for whole texts, and those for the parts about groups."""
    data = table("abuse")
    anywhere: dict[Category, list[str]] = {category: [] for category in Category}
    of_groups: dict[Category, list[Pattern]] = {category: [] for category in Category}
    for row in data["rule"]:
        category = Category(row["category"])
        if "list" in row:
            anywhere[category].append(_any_disguised(data["lists"][row["list"]]))
            continue
        expression = phrases(row["pattern"], data["lists"])
        if any(name in row["pattern"] for name in _OF_GROUPS):
            of_groups[category].append(Pattern(expression, any_case=True))
        else:
            anywhere[category].append(expression)
    return {
        category: _Rules(
            Pattern("|".join(f"(?:{one})" for one in given), any_case=True), of_groups[category]
        )
        for category, given in anywhere.items()
    }


@cache
def _groups() -> Pattern:
    lists = table("abuse")["lists"]
    names = (lists[name.strip("{}")] for name in _OF_GROUPS)
    return Pattern(words(sorted(set(chain(*names)))), any_case=True)


def _any_disguised(given: list[str]) -> str:
    """Any of the words, with letters repeated, or put as signs and digits that look like them."""
    return rf"\b(?:{'|'.join(map(_disguised, given))})\b"


def _disguised(word: str) -> str:
    letters = table("abuse")["letters"]
    forms = (letters.get(letter, escaped(letter)) for letter in word[1:])
    tail = "".join(r"\s+" if form == escaped(" ") else f"{form}+" for form in forms)
    return f"{escaped(word[0])}+{tail}"
