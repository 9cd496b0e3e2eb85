"""From text to lexemes: each keeps its place in the description, and all that it may mean."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from quantumlayer.builtin.language.vocabulary import (
    DECLARATION_WORDS,
    RULE_WORDS,
    VOCABULARY,
)

_RAW = re.compile(
    r"\d+(?:[.,]\d+)*(?![\w]|-[A-Za-z])"
    r"|\w+(?:['\u2019-]\w+|\.(?=[a-z])\w+)*"
    r"|\.{2,3}|[<>!=]=|->|=>|['\u2019]s\b|\S"
)
_CAMEL = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?(?:[^\W\d_A-Z]|')+|\d+")
_ARTICLES = frozenset(("a", "an"))
_QUOTES = frozenset("\"'`\u201c\u201d\u2018\u2019*_|")


@dataclass(frozen=True, slots=True)
class Raw:
    """A word, number or sign of the description, with its place there."""

    text: str
    start: int
    end: int
    atoms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One or more raw tokens that say one thing; `kinds` are the terminals that it may be.

    `led` by an article, which is left out itself.
    """

    kinds: frozenset[str]
    atoms: tuple[str, ...] = field(compare=False)
    start: int = field(compare=False)
    end: int = field(compare=False)
    referents: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, compare=False)
    led: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        """The words as they are compared."""
        return " ".join(self.atoms)


def raw_tokens(text: str, offset: int = 0) -> list[Raw]:
    """The tokens of a text; quotation marks and emphasis are left out."""
    found: list[Raw] = []
    for match in _RAW.finditer(text):
        found += _raws(match.group(), offset + match.start())
    return found


def _raws(text: str, start: int) -> list[Raw]:
    if text in _QUOTES and text != "|":
        return []
    low = text.replace("\u2019", "'")
    if (
        low.lower().endswith("'s")
        and low.lower() not in {"let's", "it's", "that's", "today's"}
        and len(low) > 2
    ):
        end = start + len(text)
        return [*_raws(text[:-2], start), Raw(text[-2:], end - 2, end, ("'s",))]
    return [Raw(text, start, start + len(text), _atoms(low))]


def _atoms(text: str) -> tuple[str, ...]:
    known = VOCABULARY.kinds((text.lower(),)) or text.lower() in VOCABULARY.applications
    if known or "'" in text or "." in text or not text[0].isalpha():
        return (text.lower(),)
    parts = (part for piece in text.replace("-", "_").split("_") for part in _CAMEL.findall(piece))
    return tuple(part.lower() for part in parts) or (text.lower(),)


class Names:
    """What a description has names for: each phrase with its kinds and what it refers to."""

    def __init__(self) -> None:
        self._phrases: dict[tuple[str, ...], dict[str, list[object]]] = {}
        self._by_first: dict[str, set[int]] = {}

    def add(self, atoms: tuple[str, ...], kind: str, referent: object) -> None:
        """One more meaning of a phrase."""
        known = self._phrases.setdefault(atoms, {}).setdefault(kind, [])
        if referent not in known:
            known.append(referent)
        self._by_first.setdefault(atoms[0], set()).add(len(atoms))

    def lengths(self, first: str) -> Iterable[int]:
        """How many atoms phrases may have that begin so."""
        return self._by_first.get(first, ())

    def of(self, atoms: tuple[str, ...]) -> dict[str, list[object]]:
        """The kinds and referents of a phrase."""
        return self._phrases.get(atoms, {})

    def phrases(self) -> list[str]:
        """All names that were declared, for the nearest one."""
        declared = {"ENTITY", "FIELD", "STATE"}
        return [" ".join(atoms) for atoms, kinds in self._phrases.items() if declared & {*kinds}]


def lexemes(raws: list[Raw], names: Names | None) -> list[Lexeme]:
    """The lexemes of a statement: the longest phrase at each place, without silent words.

    Without `names` any word that is not closed may be (part of) a name: kind WORD. With them a
    word that nobody knows is of the kind UNKNOWN, which no rule of the grammar takes.
    """
    found: list[Lexeme] = []
    at = 0
    while at < len(raws):
        lexeme, step = _at(raws, at, names)
        if lexeme is not None:
            led = at > 0 and raws[at - 1].atoms[0] in _ARTICLES
            found.append(replace(lexeme, led=True) if led else lexeme)
        at += step
    return found


def _at(raws: list[Raw], at: int, names: Names | None) -> tuple[Lexeme | None, int]:
    first = raws[at]
    best: dict[int, tuple[set[str], dict[str, tuple[object, ...]]]] = {}
    atoms: tuple[str, ...] = ()
    silent = 0
    longest = max(
        VOCABULARY.longest(first.atoms[0]), *(names.lengths(first.atoms[0]) if names else ()), 1
    )
    for count, raw in enumerate(raws[at:], start=1):
        if count > 1 and raw.atoms == ("'s",):
            break
        atoms += raw.atoms
        if len(atoms) > longest:
            break
        kinds = set(VOCABULARY.kinds(atoms)) & (RULE_WORDS if names else DECLARATION_WORDS)
        known = names.of(atoms) if names else {}
        if atoms in VOCABULARY.silent:
            silent = count
        if kinds or known:
            kinds.update(known)
            best[count] = kinds, {kind: tuple(referents) for kind, referents in known.items()}
    count = max(best, default=0)
    if silent and silent >= count:
        return None, silent
    if names is None:
        return _open(raws, at, count, best)
    if not count:
        return _lexeme(raws[at : at + 1], _literal(first) or {"UNKNOWN"}, {}), 1
    kinds, referents = best[count]
    if count == 1:
        kinds |= _literal(first)
    return _lexeme(raws[at : at + count], kinds, referents), count


def _open(
    raws: list[Raw],
    at: int,
    count: int,
    best: Mapping[int, tuple[set[str], dict[str, tuple[object, ...]]]],
) -> tuple[Lexeme, int]:
    kinds = set(best[count][0]) if count else set()
    step = max(count, 1)
    kinds |= _literal(raws[at]) if step == 1 else set()
    nominal = step == 1 or all(kind.startswith("T_") for kind in kinds)
    if nominal and kinds <= VOCABULARY.soft | {"FORM"} and _is_name(raws[at].text):
        kinds |= {"WORD", "FORM"}
    return _lexeme(raws[at : at + step], kinds or {"UNKNOWN"}, {}), step


def _is_name(text: str) -> bool:
    return text[0].isalpha() and "." not in text


def _literal(raw: Raw) -> set[str]:
    if (
        raw.text.isascii()
        and raw.text[0].isdigit()
        and raw.text.replace(",", "").replace(".", "").isdigit()
    ):
        return {"NUMBER"}
    if raw.atoms[0] in VOCABULARY.numbers and len(raw.atoms) == 1:
        return {"NUMBER"}
    return {"FORM"} if any(letter.isdigit() or letter == "-" for letter in raw.text[1:]) else set()


def _lexeme(raws: list[Raw], kinds: set[str], referents: Mapping[str, tuple[Any, ...]]) -> Lexeme:
    atoms = tuple(atom for raw in raws for atom in raw.atoms)
    told = {**referents, "FORM": (raws[0].text,)} if "FORM" in kinds else referents
    return Lexeme(frozenset(kinds), atoms, raws[0].start, raws[-1].end, told)


def atoms(said: Iterable[Lexeme]) -> tuple[str, ...]:
    """All words of some lexemes."""
    return tuple(atom for each in said for atom in each.atoms)


def number_of(lexeme: Lexeme) -> str:
    """The decimal text of a NUMBER."""
    word = lexeme.words
    return str(VOCABULARY.numbers.get(word, word.replace(",", "")))
