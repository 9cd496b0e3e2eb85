"""The table of constructs: what can be said, each with an example and what the example gives."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

EXAMPLE = (
    "A booking system: rooms with name and capacity, bookings of a room with start and end. "
    "Bookings of a room must not overlap."
)


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


def nearest_example(said: str, rules: Collection[str]) -> str:
    """The last sentence of an example of these grammar rules, nearest to a statement."""
    words = set(said.lower().split())
    fitting = [each for each in constructs() if not set(rules).isdisjoint(each.rules)]
    sentences = [each.example.rstrip(".").rsplit(". ", 1)[-1] for each in fitting or constructs()]
    return max(sentences, key=lambda each: (len(words & set(each.lower().split())), -len(each)))
