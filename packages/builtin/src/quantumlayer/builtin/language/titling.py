"""What an application may be called: every word of its name is accounted for."""

import unicodedata
from collections.abc import Iterator

from quantumlayer.builtin.language import asking
from quantumlayer.builtin.language.draft import Draft
from quantumlayer.builtin.language.tokens import Lexeme, lexemes, raw_tokens
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import is_plural, singular

_TITLES = {key: frozenset(cell.split()) for key, cell in asking.TABLE["titles"].items()}
_KEEPERS = _TITLES["keepers"] | _TITLES["places"]
_HEADS = _KEEPERS | _TITLES["services"] | VOCABULARY.applications
_ENDINGS = tuple(_TITLES["endings"])
_DEEDS = frozenset(name for names in VOCABULARY.verbs.values() for name in names)
_UNKNOWN = "it is not known what this asks for"
_RATHER = "leave it out, or name it after the records that it keeps"

Refused = tuple[int, int, str, str]
"""Where the words stand, why they are refused, and what to do instead."""


class Titling:
    """The names of applications, beside the names that a description declares."""

    def __init__(self, draft: Draft) -> None:
        entities = draft.entities.values()
        self._records = {singular(each.words[-1]) for each in entities}
        self._heads = {singular(word) for each in entities for word in each.said} | _HEADS
        self._plain = self._heads | _TITLES["attributes"] | _TITLES["activities"]
        self._known = self._plain | _DEEDS

    def refused(self, title: str, offset: int, *, leads: bool) -> Refused | None:
        """The first words not accounted for; one that `leads` records may be any plural."""
        spoken = lexemes(raw_tokens(title, offset), None)
        parts = list(_parts(spoken))
        for each in (word for part in parts for word in part):
            asked = None if self._is_known(each, self._plain) else _asked(each)
            if asked is not None:
                return each.start, each.end, *asked
        alone = leads and len(spoken) == 1 and is_plural(spoken[0].words)
        if alone or (all(map(self._is_named, parts)) and not self._is_program(spoken, parts)):
            return None
        return spoken[0].start, spoken[-1].end, _UNKNOWN, _RATHER

    def _is_known(self, said: Lexeme, known: frozenset[str] | set[str]) -> bool:
        silent = said.kinds & {"TRACK", "LANGUAGE", "SYSTEM"}
        return bool(silent) or all(known & _forms(atom) for atom in said.atoms)

    def _is_named(self, part: list[Lexeme]) -> bool:
        """Whether nouns name an application, a keeper of any records, a place, or what is kept.

        What follows "for tracking" is kept, whatever it is.
        """
        words = [_forms(atom) for each in part for atom in each.atoms]
        if "WORD" not in part[0].kinds and len(part) > 1:
            return True
        named = bool(part[-1].kinds & {"LANGUAGE"}) or bool(words[-1] & self._known)
        kept = any(each & _KEEPERS for each in words) or bool(words[-1] & self._records)
        return named and (kept or all(self._is_known(each, self._known) for each in part))

    def _is_program(self, spoken: list[Lexeme], parts: list[list[Lexeme]]) -> bool:
        """Whether what could be a place is none: "a Python library", "a library for dates"."""
        if not parts or not _forms(parts[0][-1].atoms[-1]) & _TITLES["programs"]:
            return False
        written = any("LANGUAGE" in each.kinds for each in parts[0])
        served = any("FOR" in each.kinds for each in spoken) and parts[1:]
        return written or bool(served and _forms(parts[1][-1].atoms[-1]) & self._records)


def _parts(spoken: list[Lexeme]) -> Iterator[list[Lexeme]]:
    """The nouns between the closed words of a title, with the deed of keeping before them."""
    part: list[Lexeme] = []
    for each in spoken:
        if "WORD" not in each.kinds and part:
            yield part
            part = []
        if each.kinds & {"WORD", "TRACK"}:
            part.append(each)
    if part:
        yield part


def _forms(atom: str) -> set[str]:
    """A word, its stem, and the records that keep what it says: "blogging" is of a blog."""
    one = singular(unicodedata.normalize("NFKD", atom).encode("ascii", "ignore").decode())
    stem = one.removesuffix("ing")
    stems = {stem, f"{stem}e", stem[:-1]} if stem != one else set()
    return {one, *stems, *(name.split()[-1] for name in VOCABULARY.verbs.get(atom, ()))}


def _asked(said: Lexeme) -> tuple[str, str] | None:
    """Why a word of a title asks for more than records."""
    asks = asking.asked_by(said.atoms)
    if asks is not None:
        return asks[1].told(), asks[1].instead
    return (asking.UNCLEAR, "") if any(map(_is_active, said.atoms)) else None


def _is_active(atom: str) -> bool:
    """Whether a word tells of a deed that is no mere keeping of records."""
    deed = (
        atom.endswith(_ENDINGS)
        and singular(atom) not in _TITLES["activities"] | _DEEDS | VOCABULARY.verbs.keys()
    )
    return (
        deed or asking.is_attribute(atom) or asking.looks_asked(atom) or asking.names_nothing(atom)
    )
