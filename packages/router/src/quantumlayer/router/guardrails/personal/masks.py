"""Placeholders for personal data: the same value has the same one through an exchange.

They are numbered in the order in which values are met, so a conversation that is sent again with
one more message has the same beginning as before, and a provider's prompt cache still hits.
"""

from collections import Counter

from quantumlayer.router.guardrails.patterns import Pattern
from quantumlayer.router.guardrails.personal.finding import PersonalDatum
from quantumlayer.router.guardrails.tail import Tail

_PLACEHOLDER = Pattern(r"\[[A-Z]{2,8}_\d{1,6}\]")
_UNFINISHED = Pattern(r"\[(?:[A-Z]{1,8}(?:_\d{0,6})?)?\z")
_LONGEST = 17


def tail() -> Tail:
    """Keeps back what may be the beginning of a placeholder."""
    return Tail(_UNFINISHED, _LONGEST)


class Masks:
    """The placeholders of one exchange."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._placeholders: dict[tuple[str, str], str] = {}
        self._used: Counter[str] = Counter()
        self._taken: set[str] = set()

    def keep_clear_of(self, text: str) -> None:
        """What the text itself calls like a placeholder is not used as one."""
        self._taken.update(found.text for found in _PLACEHOLDER.all(text))

    def mask(self, text: str, found: list[PersonalDatum]) -> str:
        """The text with placeholders; `found` in its order."""
        parts, done = [], 0
        for datum in found:
            parts += [text[done : datum.start], self._placeholder(datum.kind, datum.value)]
            done = datum.end
        return "".join((*parts, text[done:]))

    def restore(self, text: str) -> str:
        """The text with the values instead; a placeholder that nobody gave out stays."""
        if "[" not in text:
            return text
        parts, done = [], 0
        for found in _PLACEHOLDER.all(text):
            parts += [text[done : found.start], self._values.get(found.text, found.text)]
            done = found.end
        return "".join((*parts, text[done:]))

    def __bool__(self) -> bool:
        """Whether anything was masked."""
        return bool(self._values)

    def _placeholder(self, kind: str, value: str) -> str:
        known = self._placeholders.get((kind, value))
        if known is not None:
            return known
        while True:
            self._used[kind] += 1
            given = f"[{kind}_{self._used[kind]}]"
            if given not in self._taken:
                break
        self._placeholders[kind, value] = given
        self._values[given] = value
        return given
