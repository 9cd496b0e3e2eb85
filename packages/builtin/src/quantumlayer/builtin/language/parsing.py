"""The grammar, and all meanings that a sentence has by it.

lark's Earley parser gives every derivation as one shared forest. Each node is given its meanings by
the function that has the name of its rule's alias; equal meanings are one, and a function that
returns None says that its words do not go together. So a sentence with two derivations of one
meaning is not ambiguous, and one with two meanings always is.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from threading import Lock
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedEOF, UnexpectedToken
from lark.grammar import NonTerminal, Rule, Symbol
from lark.lexer import Lexer
from lark.parsers import earley
from lark.parsers.earley_forest import PackedNode, SymbolNode, TokenNode

from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.vocabulary import (
    DECLARATION_WORDS,
    DECLARATIONS,
    RULE_WORDS,
    RULES,
)

Action = Callable[..., Hashable | None]
Actions = Mapping[str, Action]
_KEPT = frozenset(("WORD", "NUMBER", "FORM", "UNIT", "ENTITY", "FIELD", "STATE", "VERB", "LINK"))
_KEPT |= {"DEED", "DAY", "MONTH", "YEAR", "PERIOD", "LANGUAGE", "WRITTEN"}
_WHOLE = frozenset(("name", "value", "inline_choices", "choices", "char_class", "form_part"))
_MOST_MEANINGS = 64
_ANY = frozenset(("anything",))


class NoReading(Exception):  # noqa: N818 - a refusal, not a fault
    """The sentence is not in the language.

    `read` are the lexemes before the one where that shows, which is `at`: None at the end.
    `start` is the rule that was to be read.
    """

    def __init__(self, read: Sequence[Lexeme], at: Lexeme | None, start: str) -> None:
        self.read = tuple(read)
        self.at = at
        self.start = start
        super().__init__("not in the language")

    @property
    def expected(self) -> frozenset[str]:
        """The terminals that could have stood there."""
        waiting = grammar().waiting(self.read, self.start)
        return frozenset(rule.expansion[place].name for rule, place in waiting)

    @property
    def under_way(self) -> frozenset[str]:
        """The rules in which the reading ended."""
        waiting = grammar().waiting(self.read, self.start)
        return frozenset(str(rule.origin.name) for rule, _ in waiting)

    @property
    def place(self) -> float:
        """How far the statement was understood."""
        return float("inf") if self.at is None else self.at.start


def further(one: NoReading | None, other: NoReading) -> NoReading:
    """Of two attempts at the same words the one that came further."""
    return one if one is not None and one.place >= other.place else other


class NoSense(NoReading):
    """The words are known and stand where they may, but `wrong` of them do not go together."""

    def __init__(self, read: Sequence[Lexeme], wrong: Sequence[Lexeme], rule: str) -> None:
        super().__init__(read, None, rule)
        self.wrong = tuple(wrong)

    @property
    def under_way(self) -> frozenset[str]:
        """The rule whose words do not go together."""
        return frozenset((self.start,))


class _NoText(Lexer):
    """Lexemes are made before the parser is called, so lark reads no text."""

    __future_interface__ = 2

    def __init__(self, _configuration: object) -> None:
        pass

    def lex(self, _lexer_state: object, _parser_state: object) -> Iterator[Any]:
        return iter(())


class _Ahead:
    """A statement's lexemes, and the rules that can begin with the one that comes next.

    Without looking ahead, Earley's predictor tries every rule of the grammar at every lexeme.
    """

    def __init__(self, chart: earley.Parser) -> None:
        self._all = dict(chart.predictions)
        self._first = chart.FIRST
        self._known: dict[tuple[NonTerminal, frozenset[str]], list[Rule]] = {}
        self._next: frozenset[str] = frozenset()

    def lex(self, lexemes: Sequence[Lexeme]) -> Iterator[Lexeme]:
        """The lexemes one by one, each remembered while the parser predicts before it."""
        for lexeme in lexemes:
            self._next = lexeme.kinds
            yield lexeme
        self._next = frozenset()

    def open(self, lexemes: Sequence[Lexeme]) -> None:
        """What is known of the first lexeme, before the parser asks."""
        self._next = lexemes[0].kinds

    def __getitem__(self, symbol: NonTerminal) -> list[Rule]:
        key = symbol, self._next
        if key not in self._known:
            self._known[key] = [
                rule for rule in self._all[symbol] if self._begins(rule.expansion[0])
            ]
        return self._known[key]

    def _begins(self, symbol: Symbol) -> bool:
        if self._next is _ANY:
            return True
        if symbol.is_term:
            return symbol.name in self._next
        return any(first.name in self._next for first in self._first[symbol])


class _Stream:
    def __init__(self, ahead: _Ahead, lexemes: Sequence[Lexeme]) -> None:
        self._ahead, self._lexemes = ahead, lexemes

    def lex(self, _expected: object) -> Iterator[Lexeme]:
        return self._ahead.lex(self._lexemes)


class Grammar:
    """The grammar of the language, ready to parse."""

    def __init__(self) -> None:
        rules = f"{DECLARATIONS}\n{RULES}"
        terminals = sorted(DECLARATION_WORDS | RULE_WORDS)
        built = Lark(
            f"{rules}\n%declare {' '.join(terminals)}\n",
            parser="earley",
            lexer=_NoText,
            ambiguity="forest",
            start=["declaration", "field", "rule"],
            maybe_placeholders=False,
        )
        self._chart: Any = built.parser.parser
        self._chart.term_matcher = lambda terminal, lexeme: terminal.name in lexeme.kinds
        self._ahead = _Ahead(self._chart)
        self._chart.predictions = self._ahead
        self._alone = Lock()

    def meanings(self, lexemes: Sequence[Lexeme], start: str, actions: Actions) -> tuple[Any, ...]:
        """All meanings of a statement, one at least; else raises NoReading."""
        try:
            evaluation = _Evaluation(actions, lexemes)
            return evaluation.of(self._parsed(lexemes, start)) or evaluation.fail()
        except UnexpectedToken as fault:
            count = next(at for at, each in enumerate(lexemes) if each is fault.token)
        except UnexpectedEOF:
            count = len(lexemes)
        raise NoReading(lexemes[:count], lexemes[count] if count < len(lexemes) else None, start)

    def _parsed(self, lexemes: Sequence[Lexeme], start: str) -> SymbolNode:
        # What comes next is remembered beside the parser, which is one for all threads.
        with self._alone:
            self._ahead.open(lexemes)
            forest: SymbolNode = self._chart.parse(_Stream(self._ahead, lexemes), start)
            return forest

    def waiting(self, read: Sequence[Lexeme], start: str) -> Iterable[tuple[Rule, int]]:
        """Where the grammar stopped: asked again with a word that could be anything, and is not."""
        end = read[-1].end if read else 0
        try:
            self._parsed((*read, Lexeme(_ANY, (), end, end)), start)
        except UnexpectedToken as fault:
            stopped: Iterable[tuple[Rule, int]] = fault.state
        return stopped


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The one grammar, built when it is first needed."""
    return Grammar()


class _Spliced(tuple[Hashable, ...]):
    """The children of a rule that has no meaning of its own."""

    __slots__ = ()


class _Evaluation:
    def __init__(self, actions: Actions, lexemes: Sequence[Lexeme]) -> None:
        self._actions = actions
        self._lexemes = lexemes
        self._known: dict[int, tuple[Hashable, ...]] = {}
        self._senseless: list[tuple[int, int, str]] = []

    def fail(self) -> tuple[Hashable, ...]:
        """Names the words that reached furthest and have no meaning together."""
        end, start, rule = max(self._senseless, default=(len(self._lexemes), 0, ""))
        raise NoSense(self._lexemes, self._lexemes[start:end], rule)

    def of(self, node: SymbolNode) -> tuple[Hashable, ...]:
        """The meanings of a complete symbol; what it is made of comes first, however deep."""
        waiting = [node]
        while waiting:
            needed = self._begun(waiting[-1])
            waiting += needed
            if not needed:
                done = waiting.pop()
                self._known[id(done)] = self._known[id(done)] or self._meanings(done)
        return self._known[id(node)]

    def _begun(self, node: SymbolNode) -> list[SymbolNode]:
        """The symbols below one that nobody has asked for, asked once."""
        if self._known.get(id(node)) is not None:
            return []
        self._known[id(node)] = ()
        parts, found = list(node.children), []
        while parts:
            packed = parts.pop()
            parts += packed.left.children if packed.left is not None else ()
            if not isinstance(packed.right, TokenNode) and id(packed.right) not in self._known:
                found.append(packed.right)
        return found

    def _meanings(self, node: SymbolNode) -> tuple[Hashable, ...]:
        found: dict[Hashable, None] = {}
        for packed in node.children:
            for children in self._sequences(packed):
                meaning = self._meaning(packed.rule, children)
                if meaning is None:
                    origin = str(packed.rule.origin.name)
                    self._senseless.append((node.end, node.start, origin))
                elif len(found) < _MOST_MEANINGS:
                    found[meaning] = None
        return tuple(found)

    def _sequences(self, packed: PackedNode) -> Iterator[tuple[Hashable, ...]]:
        left: Sequence[tuple[Hashable, ...]] = [()]
        if packed.left is not None:
            left = [children for each in packed.left.children for children in self._sequences(each)]
        right = self._values(packed)
        for before, last in product(left, right):
            yield (*before, *last) if isinstance(last, _Spliced) else (*before, last)

    def _values(self, packed: PackedNode) -> tuple[Hashable, ...]:
        if not isinstance(packed.right, TokenNode):
            return self._known[id(packed.right)]
        rule, at = (
            packed.s if isinstance(packed.s, tuple) else (packed.rule, len(packed.rule.expansion))
        )
        terminal = rule.expansion[at - 1].name
        named = str(rule.origin.name).strip("_").partition("_plus_")[0]
        kept = terminal in _KEPT or named in _WHOLE
        return (packed.right.token,) if kept else (_Spliced(),)

    def _meaning(self, rule: Rule, children: tuple[Hashable, ...]) -> Hashable | None:
        origin = str(rule.origin.name)
        if origin.startswith("_"):
            return _Spliced(children)
        action = self._actions.get(rule.alias or origin)
        if action is not None:
            return action(*children)
        return children[0] if len(children) == 1 else _Spliced(children)
