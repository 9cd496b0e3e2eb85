"""Why a statement was not understood: the words where that shows, and what could stand there.

Two grammars read every statement, declarations and rules. The one that was meant, told by the words
that only one of them has, or else the one that came further, says what is wrong.
"""

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

from quantumlayer.builtin.language.asking import Group, asked_by
from quantumlayer.builtin.language.constructs import nearest_example
from quantumlayer.builtin.language.parsing import NoReading, NoSense
from quantumlayer.builtin.language.printing import rule_line
from quantumlayer.builtin.language.reading import Read
from quantumlayer.builtin.language.refusal import Problem, problem_at
from quantumlayer.builtin.language.said import FieldSaid, Relation, Said
from quantumlayer.builtin.language.spoken import Outcomes
from quantumlayer.builtin.language.tokens import Lexeme, Names
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import is_plural, listed, many, singular

_TABLE: dict[str, Any] = tomllib.loads((files(__package__) / "explaining.toml").read_text("utf-8"))
_DECLARES = frozenset(_TABLE["declares"].split())
_RULES = frozenset(_TABLE["rules"].split())
_CAN_STAND: dict[str, str] = _TABLE["can_stand"]
_KEPT = "as in “Rooms have a name and a capacity”"
_MOST_TOLD, _SHORTEST, _NEAR = 3, 3, 0.8

Trouble = NoReading | tuple[Outcomes, ...]


@dataclass(frozen=True)
class Unread:
    """A statement that was read neither as a declaration nor as a rule, with why not as a rule."""

    read: Read
    trouble: Trouble
    leading: bool = False


def explained(text: str, unread: list[Unread], names: Names) -> tuple[list[Problem], list[Problem]]:
    """The problem of each statement; apart, those that say no more than another does.

    That are rules about what a refused declaration was to declare, and further sentences that ask
    for the same that no service does.
    """
    failed = [each.read for each in unread if _declares(each)]
    known = {singular(raw.text.lower()) for read in failed for raw in read.statement.raws}
    told: list[Problem] = []
    follow: list[Problem] = []
    asked: set[str] = set()
    for each in unread:
        explanation = _Explanation(text, each, names)
        asks = explanation.asked()
        consequence = not asks and not _declares(each) and _stops_at(each.trouble) in known
        wish = asks[1].asks if asks else ""
        again = wish in asked
        (follow if consequence or again else told).append(explanation.problem(asks))
        asked |= {wish} - {""}
    return (told, follow) if told else (follow, told)


def _stops_at(trouble: Trouble) -> str:
    """The name at which a rule ended that nobody declared."""
    at = trouble.at if isinstance(trouble, NoReading) else None
    return singular(at.words) if at is not None and "UNKNOWN" in at.kinds else ""


def _declares(unread: Unread) -> bool:
    """Whether a statement was meant as a declaration: the grammar of these came to say so."""
    declared, ruled = unread.read.trouble, unread.trouble
    if len(unread.read.readings) > 1:
        return True
    if declared is None or isinstance(ruled, tuple):
        return False
    ends_as_rule = declared.at is not None and bool(declared.at.kinds & _RULES)
    if not any(each.kinds & _DECLARES for each in declared.read):
        return unread.leading and not ends_as_rule and not ruled.read
    rather_rule = ends_as_rule and ruled.read
    return not rather_rule and declared.place >= ruled.place


@dataclass(frozen=True)
class _Explanation:
    text: str
    said: Unread
    names: Names

    def asked(self) -> tuple[str, Group] | None:
        """What no service does, asked for where the statement was no longer understood."""
        meant = self.said.read.trouble if _declares(self.said) else None
        begun = meant.at.start if meant is not None and meant.at is not None else 0
        return asked_by(
            [
                raw.text
                for raw in self.said.read.statement.raws
                if (raw.start >= begun or self.said.leading) and not self.names.of(raw.atoms)
            ]
        )

    def problem(self, asks: tuple[str, Group] | None) -> Problem:
        """The one problem of a statement."""
        if asks is not None:
            words, group = asks
            return self._problem(group.told(f"“{words}”"), group.instead)
        read, ruled = self.said.read, self.said.trouble
        if read.missing:
            name, several = " ".join(read.missing), " ".join(many(read.missing))
            return self._problem(
                f"“{name}” is not declared, and nothing tells what it holds",
                f"say “{several} have a name”, or its type, as in “{name} (text)”",
            )
        if len(read.readings) > 1:
            return self._unclear([_said(said) for said in read.readings])
        if isinstance(ruled, tuple):
            return self._unclear(["; ".join(_line(each) for each in way) for way in ruled])
        meant = read.trouble if read.trouble is not None and _declares(self.said) else ruled
        return self._stopped(meant)

    def _problem(self, reason: str, instead: str) -> Problem:
        said = self.said.read.statement
        return problem_at(self.text, said.start, self._words(), reason, instead)

    def _unclear(self, ways: list[str]) -> Problem:
        different = list(dict.fromkeys(ways))[:2]
        if len(different) < len(ways[:2]):
            return self._problem("this can be read in several ways", "say it in two sentences")
        reason = f"this can be read as {' or '.join(f'“{way}”' for way in different)}"
        return self._problem(reason, "use parentheses, or name the record")

    def _stopped(self, trouble: NoReading) -> Problem:
        example = _KEPT
        if trouble.at is None or trouble.read:
            example = f"as in “{nearest_example(self._words(), trouble.under_way)}”"
        if isinstance(trouble, NoSense):
            return self._problem(self._senseless(trouble), example)
        if trouble.at is None and self.said.leading and trouble is self.said.read.trouble:
            return self._problem("this does not say what is kept", _KEPT)
        after = f" after “{self._quoted(trouble.read[-1:])}”" if trouble.read else ""
        can = [said for terminal, said in _CAN_STAND.items() if terminal in trouble.expected]
        expected = example
        if can and trouble.read:
            expected = f"{listed(can[:_MOST_TOLD], 'or')} can stand here, {example}"
        if trouble.at is None:
            return self._problem(f"something is missing{after}", expected)
        return self._problem(*self._wrong(trouble.at, trouble, after, expected))

    def _wrong(self, at: Lexeme, trouble: NoReading, after: str, expected: str) -> tuple[str, str]:
        """What is wrong with a word, and what could stand there instead."""
        word = self._quoted((at,))
        nearest = self._nearest(at, trouble.expected)
        if nearest:
            return f"“{word}” is not known", f"did you mean “{nearest}”?"
        if "UNKNOWN" not in at.kinds:
            return f"“{word}” is not understood{after}", expected
        if not trouble.read and is_plural(word.lower()):
            return f"“{word}” is not declared", f"say what it is, as in “{word} have a name”"
        return f"“{word}” is not known{after}", expected

    def _senseless(self, trouble: NoSense) -> str:
        if len(trouble.wrong) in {0, len(trouble.read)}:
            return "these words are known, but do not go together so"
        return f"“{self._quoted(trouble.wrong)}” does not make sense here"

    def _nearest(self, at: Lexeme, expected: frozenset[str]) -> str:
        """A name of the description, or a word that could stand here, that is nearly the same."""
        closed = at.kinds - {"UNKNOWN", "WORD", "FORM"}
        if closed or len(at.words) < _SHORTEST or not at.words.isalpha():
            return ""
        spoken = [
            phrase[0]
            for phrase, kinds in VOCABULARY.terminals.items()
            if len(phrase) == 1 and len(phrase[0]) >= _SHORTEST and kinds & expected - {"LINK"}
        ]
        near = [
            each
            for each in (*self.names.phrases(), *spoken)
            if each[0] == at.words[0] and singular(each) != singular(at.words)
        ]
        return next(iter(get_close_matches(at.words, near, n=1, cutoff=_NEAR)), "")

    def _words(self) -> str:
        return self.text[self.said.read.statement.start : self.said.read.statement.end]

    def _quoted(self, said: tuple[Lexeme, ...]) -> str:
        return self.text[said[0].start : said[-1].end]


def _said(said: Said) -> str:
    """What a reading of a declaration comes to, in short."""
    return "; ".join(_part(part) for part in said if not isinstance(part, str))[:200]


def _part(part: object) -> str:
    if isinstance(part, Relation):
        return " ".join((*part.one.words, part.verb or part.kind, *part.other.words))
    held = [" ".join(each.words) for each in getattr(part, "links", ())]
    held += [_field(each) for each in getattr(part, "fields", ())]
    name = " ".join(getattr(part, "words", ()))
    return f"{name}: {', '.join(held)}" if held else name


def _field(said: FieldSaid) -> str:
    specs = [key if value is True else f"{key} {_value(value)}" for key, value in said.specs]
    return f"{' '.join(said.words)} ({', '.join(specs)})" if specs else " ".join(said.words)


def _value(said: object) -> str:
    if not isinstance(said, tuple):
        return str(said)
    return "/".join(_value(each) for each in said if each is not False)


def _line(outcome: object) -> str:
    return rule_line(outcome) or str(getattr(outcome, "spec", outcome))[:60]
