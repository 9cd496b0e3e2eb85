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
from quantumlayer.router.guardrails.secrets.finding import LONGEST, Secret, find, unfinished
from quantumlayer.router.guardrails.tail import Tail

_REMOVED = "[secret removed]"


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
        self._tail = Tail(unfinished(), LONGEST)

    def before(self, exchange: Exchange) -> Verdict:
        found = [find(text) for text in exchange.texts]
        if not any(found):
            return ALLOW
        if self._remedy is Remedy.REFUSE:
            return _refusal(next(filter(None, found)), "The request")
        return Replace(tuple(map(_without, exchange.texts, found)))

    def on_chunk(self, text: str) -> Verdict:
        settled = self._tail.take(text)
        found = find(settled + self._tail.text)
        end = len(settled)
        for secret in found:
            if secret.start < end < secret.end:  # it may go on, and must not be cut
                end = secret.start
        self._tail.put_back(settled[end:])
        return self._answered(settled[:end], [secret for secret in found if secret.end <= end])

    def after(self, text: str) -> Verdict:
        rest = self._tail.rest(text)
        return self._answered(rest, find(rest))

    @property
    def held(self) -> str:
        return self._tail.text

    def _answered(self, text: str, found: list[Secret]) -> Verdict:
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
