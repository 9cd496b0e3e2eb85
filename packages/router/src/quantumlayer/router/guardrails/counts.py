"""How often each module ended in which way, and how long it took."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a module did with one request or one answer."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    REPLACED = "replaced"
    FAILED = "failed"  # it raised, or answered what nobody understands
    LATE = "late"  # it took longer than its limit


class Side(StrEnum):
    """Which half of an exchange."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts since the start, by module, side and outcome; a stream counts each outcome once.

    `seconds` is what each module took in all.
    """

    values: Counter[tuple[str, Side, Outcome]] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, module: str, side: Side, outcome: Outcome) -> None:
        """One more."""
        self.values[module, side, outcome] += 1

    def of(self, module: str, side: Side, outcome: Outcome) -> int:
        """How often so far."""
        return self.values[module, side, outcome]
