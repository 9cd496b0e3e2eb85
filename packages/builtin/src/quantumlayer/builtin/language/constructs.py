"""The table of constructs: what can be said, each with an example and what the example gives."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from quantumlayer.builtin.language.tokens import lexemes, raw_tokens

EXAMPLE = (
    "A booking system: rooms with name and capacity, bookings of a room with start and end. "
    "Bookings of a room must not overlap."
)

_NEAR, _SHORT = 0.02, 100


@dataclass(frozen=True, slots=True)
class Construct:
    """One thing that can be said; `gives` are lines in the notation of the tests' sketch."""

    id: str
    title: str
    says: str
    example: str
    gives: tuple[str, ...]
    rules: tuple[str, ...]


@lru_cache(maxsize=1)
def constructs() -> tuple[Construct, ...]:
    """All constructs, in the order of the page."""
    table = tomllib.loads((files(__package__) / "constructs.toml").read_text("utf-8"))
    return tuple(
        Construct(
            name,
            each["title"],
            each["says"],
            each["example"],
            tuple(each["gives"]),
            tuple(each["rules"].split()),
        )
        for name, each in table.items()
    )


def nearest_example(said: str) -> str | None:
    """The sentence of the examples that says most of the same things, by its closed words."""
    known = _examples()
    often = Counter(kind for kinds in known.values() for kind in kinds)
    spoken = _said_by(said)

    def shared(example: str) -> float:
        return sum(1 / often[kind] for kind in known[example] & spoken) / (len(known[example]) + 2)

    best = max(known, key=shared)
    return best if shared(best) > _NEAR else None


@lru_cache(maxsize=1)
def _examples() -> dict[str, frozenset[str]]:
    sentences = [sign for each in constructs() for sign in each.example.rstrip(".").split(". ")]
    return {each: _said_by(each) for each in sentences if len(each) <= _SHORT}


def _said_by(sentence: str) -> frozenset[str]:
    """What the closed words of a sentence are, of all that they may be."""
    return frozenset(kind for each in lexemes(raw_tokens(sentence), None) for kind in each.kinds)
