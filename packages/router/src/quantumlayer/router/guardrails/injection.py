"""Prompt injection and jailbreaks, by the signs of them (`data/injection.toml`)."""

from dataclasses import dataclass
from functools import cache

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Refuse, Verdict
from quantumlayer.router.guardrails.patterns import Pattern, phrases, table
from quantumlayer.router.guardrails.text import hidden_text, plain


@dataclass(frozen=True, slots=True)
class _Signs:
    strong: Pattern
    weak: tuple[Pattern, ...]
    least: int
    within: int


def suspicious(text: str) -> bool:
    """Whether a strong sign is in the text, or enough of the others are, close together."""
    if hidden_text(text):
        return True
    seen, signs = plain(text), _signs()
    return signs.strong.occurs(seen) or _crowded(seen, signs)


def _crowded(text: str, signs: _Signs) -> bool:
    places = [
        (found.start, number) for number, sign in enumerate(signs.weak) for found in sign.all(text)
    ]
    places.sort()
    for index, (start, _) in enumerate(places):
        near = {number for place, number in places[index:] if place - start <= signs.within}
        if len(near) >= signs.least:
            return True
    return False


@cache
def _signs() -> _Signs:
    data = table("injection")
    rows = [
        (phrases(row["pattern"], data["lists"]), row.get("strong", False)) for row in data["rule"]
    ]
    strong = "|".join(f"(?:{expression})" for expression, alone in rows if alone)
    weak = tuple(Pattern(expression, any_case=True) for expression, alone in rows if not alone)
    return _Signs(Pattern(strong, any_case=True), weak, data["signs"], data["within"])


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
        if any(map(suspicious, exchange.texts)):
            return Refuse(
                "prompt-injection",
                "A text of the request tries to take over what the model was told.",
                "Take it out, or quote it to a key whose modules leave `prompt-injection` out.",
            )
        return ALLOW
