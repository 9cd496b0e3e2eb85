"""Prompt injection and jailbreaks, by the signs of them (`data/injection.toml`)."""

from dataclasses import dataclass
from functools import cache

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Refuse, Verdict
from quantumlayer.router.guardrails.patterns import Pattern, phrases, table
from quantumlayer.router.guardrails.text import hidden_text, plain


@dataclass(frozen=True, slots=True)
class _Signs:
    strong: Pattern
    weak: Pattern
    kinds: tuple[Pattern, ...]
    least: int
    within: int


def suspicious(text: str) -> bool:
    """Whether a strong sign is in the text, or enough of the others are, close together."""
    if hidden_text(text):
        return True
    seen, signs = plain(text), _signs()
    return signs.strong.occurs(seen) or _crowded(seen, signs)


def _crowded(text: str, signs: _Signs) -> bool:
    """Whether enough kinds of weak signs stand close together."""
    kinds: dict[str, int] = {}
    last: dict[int, int] = {}  # of each kind, where it was seen last
    for found in signs.weak.all(text):
        if found.text not in kinds:
            kinds[found.text] = _kind(found.text, signs)
        last[kinds[found.text]] = found.start
        near = sum(found.start - place <= signs.within for place in last.values())
        if near >= signs.least:
            return True
    return False


def _kind(sign: str, signs: _Signs) -> int:
    matching = (number for number, kind in enumerate(signs.kinds) if kind.at(sign))
    return next(matching, len(signs.kinds))


@cache
def _signs() -> _Signs:
    data = table("injection")
    rows = [
        (phrases(row["pattern"], data["lists"]), row.get("strong", False)) for row in data["rule"]
    ]
    strong = [expression for expression, alone in rows if alone]
    weak = [expression for expression, alone in rows if not alone]
    kinds = tuple(Pattern(expression, any_case=True) for expression in weak)
    return _Signs(_any_of(strong), _any_of(weak), kinds, data["signs"], data["within"])


def _any_of(expressions: list[str]) -> Pattern:
    return Pattern("|".join(f"(?:{one})" for one in expressions), any_case=True)


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
