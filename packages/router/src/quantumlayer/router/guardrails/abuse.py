"""Hate, threats, abuse and profanity, by rules in English (`data/abuse.toml`)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from quantumlayer.router.guardrails.module import (
    ALLOW,
    Allow,
    Exchange,
    Guard,
    Kind,
    Refuse,
    Verdict,
)
from quantumlayer.router.guardrails.patterns import Pattern, escaped, phrases, table
from quantumlayer.router.guardrails.tail import Tail
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
    return frozenset(one for one in wanted if _said(_patterns()[one], seen))


def _said(pattern: Pattern, text: str) -> bool:
    """Whether it is said, and not denied or forbidden by the words just before."""
    return any(
        not _denied().occurs(text[max(found.start - _DENIAL, 0) : found.start])
        for found in pattern.all(text)
    )


_DENIAL = 32
"""Characters before a phrase in which it may be denied."""


@cache
def _denied() -> Pattern:
    return Pattern(
        r"\b(?:not|never|nobody|no one|don't|doesn't|didn't|isn't|aren't|can't|won't|wrong to|"
        r"stop|against|unacceptable to|says?|said|saying|called|calling|why do|why would)"
        r"\s+(?:\w+\s+){0,3}\z",
        any_case=True,
    )


@cache
def _patterns() -> dict[Category, Pattern]:
    """One expression a category, so that a text is read once for each."""
    data = table("abuse")
    expressions: dict[Category, list[str]] = {category: [] for category in Category}
    for row in data["rule"]:
        expressions[Category(row["category"])].append(
            _any_disguised(data["lists"][row["list"]])
            if "list" in row
            else phrases(row["pattern"], data["lists"])
        )
    return {
        category: Pattern("|".join(f"(?:{one})" for one in given), any_case=True)
        for category, given in expressions.items()
    }


_LETTERS = {
    "a": "[a@4*]", "e": "[e3*]", "i": "[i1!*]", "o": "[o0*]", "u": "[u*]", "s": "[s$5]", "g": "g",
}  # fmt: skip


def _any_disguised(given: list[str]) -> str:
    return rf"\b(?:{'|'.join(map(_disguised, given))})\b"


def _disguised(word: str) -> str:
    """The word with letters repeated, or put as signs and digits that look like them."""
    first, rest = word[0], word[1:]
    return (
        escaped(first)
        + "+"
        + "".join(
            r"\s+" if letter == " " else _LETTERS.get(letter, escaped(letter)) + "+"
            for letter in rest
        )
    )


_UNFINISHED = Pattern(r"(?:[^\s.!?;]+[^\S\n]+){0,3}[^\s.!?;]*\z")
_LONGEST = 160


@dataclass(frozen=True)
class Abuse:
    """Refuses hate, threats and abuse, in requests and in answers.

    Profanity is allowed unless it is asked for: comments in code swear without hurting anybody.
    """

    name: str = "abuse"
    kind: Kind = Kind.INSPECTOR
    order: int = 50
    limit_milliseconds: float = 50
    refused: frozenset[Category] = field(
        default=frozenset({Category.HATE, Category.THREAT, Category.ABUSE})
    )

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard(self.refused)


class _Guard(Guard):
    def __init__(self, refused: frozenset[Category]) -> None:
        self._refused = refused
        self._tail = Tail(_UNFINISHED, _LONGEST)
        self._before = ""  # the end of what was given out: a phrase may have begun there

    def before(self, exchange: Exchange) -> Verdict:
        for text in exchange.texts:
            if found := categories(text, self._refused):
                return _refusal(found, "The request")
        return ALLOW

    def on_chunk(self, text: str) -> Verdict:
        return self._heard(text) or Allow(self._given(self._tail.take(text)))

    def after(self, text: str) -> Verdict:
        return self._heard(text) or Allow(self._given(self._tail.rest(text)))

    @property
    def held(self) -> str:
        return self._tail.text

    def _heard(self, text: str) -> Refuse | None:
        found = categories(self._before + self._tail.text + text, self._refused)
        return _refusal(found, "The answer") if found else None

    def _given(self, text: str) -> str:
        self._before = (self._before + text)[-_LONGEST:]
        return text


def _refusal(found: frozenset[Category], where: str) -> Refuse:
    names = " and ".join(sorted(found))
    return Refuse(
        "abuse",
        f"{where} holds {names}.",
        "Say it without; quotations of such words need a key whose modules leave `abuse` out.",
    )
