"""The words that the language knows, as its tables say them."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from itertools import product

_SIGNS = frozenset("()[]{},;:/|+-=?<>")


@dataclass(frozen=True)
class Phrases:
    """Every phrase with its terminals; which are silent, and which words may be in names too."""

    terminals: dict[tuple[str, ...], frozenset[str]]
    silent: frozenset[tuple[str, ...]]
    soft: frozenset[str]
    applications: frozenset[str]
    values: frozenset[str]
    numbers: dict[str, int]
    verbs: dict[str, tuple[str, ...]]
    _longest: dict[str, int]

    def kinds(self, atoms: tuple[str, ...]) -> frozenset[str]:
        """The terminals that a phrase may be."""
        return self.terminals.get(atoms, frozenset())

    def longest(self, first: str) -> int:
        """How many atoms the longest phrase has that begins so."""
        return self._longest.get(first, 1)


def atoms_of(phrase: str) -> tuple[str, ...]:
    """The atoms of a phrase of a table."""
    if phrase[0] in _SIGNS or not any(letter.isalpha() for letter in phrase):
        return (phrase,)
    return tuple(atom for word in phrase.split() for atom in _pieces(word))


def _pieces(word: str) -> list[str]:
    if "/" in word and len(word) > 1:
        return [piece for part in word.split("/") for piece in (part, "/")][:-1]
    return word.split("-") if word[0].isalpha() and "'" not in word else [word]


def phrases_of(text: str) -> list[tuple[str, ...]]:
    """The phrases of a cell, each way to choose at a "~" is one; " -" ends a note of none."""
    cells = (cell.strip() for cell in " ".join(text.split()).split(" | "))
    said = (cell for cell in cells if cell and not (cell.endswith(" -") and len(cell) > 2))
    ways = (way for cell in said for way in product(*(word.split("~") for word in cell.split())))
    return [atoms_of(" ".join(words)) for words in ways]


def _read() -> Phrases:
    table = tomllib.loads((files(__package__) / "vocabulary.toml").read_text("utf-8"))
    terminals: dict[tuple[str, ...], set[str]] = {}
    for terminal, cell in table["terminals"].items():
        for phrase in phrases_of(cell):
            terminals.setdefault(phrase, set()).add(terminal)
    verbs: dict[str, tuple[str, ...]] = {}
    for cell in table["verbs"].values():
        forms, nouns = (part.split() for part in cell.split("|"))
        for form in forms:
            phrase = tuple(form.split("_"))
            verbs[" ".join(phrase)] = tuple(each.replace("_", " ") for each in nouns)
            terminals.setdefault(phrase, set()).add("LINK")
    silent = frozenset(phrases_of(table["silent"]))
    longest: dict[str, int] = {}
    for phrase in (*terminals, *silent):
        longest[phrase[0]] = max(longest.get(phrase[0], 1), len(phrase))
    return Phrases(
        {phrase: frozenset(kinds) for phrase, kinds in terminals.items()},
        silent,
        frozenset(table["soft"].split()),
        frozenset(table["applications"].split()),
        frozenset(table["values"].split()),
        {word: 10 * at for at, word in enumerate(table["tens"].split(), start=1)}
        | {word: at for at, word in enumerate(table["numbers"].split())},
        verbs,
        longest,
    )


VOCABULARY = _read()


def grammar_text(name: str) -> str:
    """A file of the grammar."""
    return (files(__package__) / name).read_text("utf-8")


def terminals_of(rules: str) -> frozenset[str]:
    """The terminals that a text of grammar rules names."""
    code = " ".join(line.partition("//")[0] for line in rules.splitlines())
    for sign in "()*+?|":
        code = code.replace(sign, " ")
    return frozenset(word for word in code.split() if word.isupper())


DECLARATIONS, RULES = grammar_text("declarations.lark"), grammar_text("rules.lark")
DECLARATION_WORDS = terminals_of(DECLARATIONS) | {"FOREIGN"}
RULE_WORDS = terminals_of(RULES) | {"UNIT"}
