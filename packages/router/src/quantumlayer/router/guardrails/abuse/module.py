"""The module that refuses hate, threats and abuse."""

from dataclasses import dataclass, field

from quantumlayer.router.guardrails.abuse.finding import Category, categories
from quantumlayer.router.guardrails.module import (
    ALLOW,
    Allow,
    Exchange,
    Guard,
    Kind,
    Refuse,
    Verdict,
)
from quantumlayer.router.guardrails.patterns import Pattern
from quantumlayer.router.guardrails.tail import Tail

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
