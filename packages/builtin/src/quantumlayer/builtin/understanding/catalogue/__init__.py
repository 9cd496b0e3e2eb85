"""What is common knowledge: usual applications and the usual fields of usual things, as data."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from quantumlayer.builtin.understanding.words import singular, words_of


@dataclass(frozen=True, slots=True)
class Domain:
    """A usual application: its name and its description in sentences."""

    name: str
    text: str


@cache
def _domains() -> tuple[tuple[re.Pattern[str], Domain], ...]:
    data = tomllib.loads((files(__package__) / "domains.toml").read_text(encoding="utf-8"))
    entries = [
        (phrase, Domain(name, entry["text"]))
        for name, entry in data.items()
        for phrase in entry["match"]
    ]
    # The longest phrase says most: "url shortener" before "link".
    entries.sort(key=lambda entry: -len(entry[0]))
    return tuple(
        (re.compile(rf"\b{re.escape(phrase)}(?:s|es)?\b", re.IGNORECASE), domain)
        for phrase, domain in entries
    )


def domain_of(text: str) -> Domain | None:
    """The usual application that a text names."""
    return next((domain for pattern, domain in _domains() if pattern.search(text)), None)


def domains() -> tuple[Domain, ...]:
    """Every usual application that is known."""
    return tuple(dict.fromkeys(domain for _, domain in _domains()))


@cache
def _nouns() -> dict[tuple[str, ...], str]:
    data = tomllib.loads((files(__package__) / "nouns.toml").read_text(encoding="utf-8"))
    return {tuple(noun.split()): fields for noun, fields in data["fields"].items()}


def usual_fields(words: tuple[str, ...]) -> str | None:
    """The usual fields of a thing as a list, its last word deciding when it is not known whole."""
    nouns = _nouns()
    return nouns.get(words) or nouns.get((singular(words[-1]),))


def is_known_noun(phrase: str) -> bool:
    """Whether a phrase names a thing of which the usual fields are known."""
    words = words_of(phrase)
    return bool(words) and (*words[:-1], singular(words[-1])) in _nouns()
