"""Prompt injection and jailbreaks, by signs that are weighed (`data/injection.toml`)."""

from dataclasses import dataclass
from functools import cache

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Refuse, Verdict
from quantumlayer.router.guardrails.patterns import Pattern, phrases, table
from quantumlayer.router.guardrails.text import hidden_text, plain


@dataclass(frozen=True, slots=True)
class _Sign:
    pattern: Pattern
    weight: float


def suspicion(text: str) -> float:
    """The sum of the weights of all signs in the text; it is refused from `threshold()` on."""
    seen = plain(text)
    total = 1.0 if hidden_text(text) else 0.0
    return total + sum(sign.weight for sign in _signs() if sign.pattern.occurs(seen))


@cache
def threshold() -> float:
    """From which suspicion on a text is refused."""
    value: float = table("injection")["threshold"]
    return value


@cache
def _signs() -> tuple[_Sign, ...]:
    data = table("injection")
    return tuple(
        _Sign(Pattern(phrases(row["pattern"], data["lists"]), any_case=True), row["weight"])
        for row in data["rule"]
    )


@dataclass(frozen=True)
class PromptInjection:
    """Refuses requests that try to take over what the model was told."""

    name: str = "prompt-injection"
    kind: Kind = Kind.INSPECTOR
    order: int = 60
    limit_milliseconds: float = 50

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard()


class _Guard(Guard):
    def before(self, exchange: Exchange) -> Verdict:
        if any(suspicion(text) >= threshold() for text in exchange.texts):
            return Refuse(
                "prompt-injection",
                "A text of the request tries to take over what the model was told.",
                "Take it out, or quote it to a key whose modules leave `prompt-injection` out.",
            )
        return ALLOW
