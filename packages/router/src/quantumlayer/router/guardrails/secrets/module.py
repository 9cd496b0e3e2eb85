"""The module that keeps secrets out of what goes to a model and what comes from it."""

from dataclasses import dataclass
from enum import StrEnum

from quantumlayer.router.guardrails.module import (
    ALLOW,
    Allow,
    Exchange,
    Guard,
    Kind,
    Refuse,
    Replace,
    Verdict,
)
from quantumlayer.router.guardrails.patterns import Pattern
from quantumlayer.router.guardrails.secrets.finding import LONGEST, Secret, find
from quantumlayer.router.guardrails.tail import Tail

_REMOVED = "[secret removed]"
# A key's block, or the word at the end with the name that it is given to.
_UNFINISHED = Pattern(
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----[^-]*-{0,5}(?:END [A-Z ]*-{0,4})?\z"
    r"|-{1,5}(?:B[A-Z ]{0,40}-{0,4})?\z"
    r"|[\w-]{0,40}[\"'`]?\s{0,4}(?:=>|:=|=|:)?\s{0,4}[\"'`]?(?i:(?:bearer|basic|token)\s{1,4})?\S*\z"
    r"|\bcurl\b[^\n|;]*\z"
)


class Remedy(StrEnum):
    """What is done with a secret."""

    REFUSE = "refuse"
    REMOVE = "remove"


@dataclass(frozen=True)
class Secrets:
    """Refuses what holds a secret, or takes the secret out; it is not put back."""

    name: str = "secrets"
    kind: Kind = Kind.POLICY
    order: int = 70
    limit_milliseconds: float = 50
    remedy: Remedy = Remedy.REFUSE

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard(self.remedy)


class _Guard(Guard):
    def __init__(self, remedy: Remedy) -> None:
        self._remedy = remedy
        self._tail = Tail(_UNFINISHED, LONGEST)

    def before(self, exchange: Exchange) -> Verdict:
        found = [find(text) for text in exchange.texts]
        if not any(found):
            return ALLOW
        if self._remedy is Remedy.REFUSE:
            return _refusal(next(filter(None, found)), "The request")
        return Replace(tuple(map(_without, exchange.texts, found)))

    def on_chunk(self, text: str) -> Verdict:
        return self._answered(self._tail.take(text))

    def after(self, text: str) -> Verdict:
        return self._answered(self._tail.rest(text))

    @property
    def held(self) -> str:
        return self._tail.text

    def _answered(self, text: str) -> Verdict:
        found = find(text)
        if not found:
            return Allow(text)
        if self._remedy is Remedy.REFUSE:
            return _refusal(found, "The answer")
        return Replace((_without(text, found),))


def _without(text: str, found: list[Secret]) -> str:
    parts, done = [], 0
    for secret in found:
        parts += [text[done : secret.start], _REMOVED]
        done = secret.end
    return "".join((*parts, text[done:]))


def _refusal(found: list[Secret], where: str) -> Refuse:
    names = ", ".join(dict.fromkeys(secret.name for secret in found))
    return Refuse(
        "secret",
        f"{where} holds a secret: {names}.",
        'Take it out and name it instead, as in `os.environ["API_KEY"]`; make it invalid where it'
        " was issued if it is a real one.",
    )
