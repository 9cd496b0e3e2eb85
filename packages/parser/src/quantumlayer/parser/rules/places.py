"""Weighs the conditions of a match at one place."""

import re
from dataclasses import dataclass
from functools import cache

from tree_sitter import Node

from quantumlayer.parser.rules.calls import Calls
from quantumlayer.parser.rules.classes import Classes
from quantumlayer.parser.rules.evaluation import Evaluation
from quantumlayer.parser.rules.model import Condition, Match, Sink, State
from quantumlayer.parser.rules.names import globs, text_of
from quantumlayer.parser.rules.scopes import MAX_CLIMB, Scopes
from quantumlayer.parser.rules.value import Value

_MAX_TEXT = 20_000
_MAX_BESIDE = 2_000
# Node types of decisions, in any language: `if_statement`, `conditional_expression`, `switch_case`.
_DECIDING = re.compile(
    r"^(?:if|elif|else|case|switch|match|when)_|conditional|ternary|_case$|^catch_"
)
_OBJECTS = frozenset({"object", "dictionary", "composite_literal", "literal_value"})


@dataclass(frozen=True)
class Surroundings:
    """What is known of the file beside the tree."""

    path: str
    words: frozenset[bytes]
    scopes: Scopes
    calls: Calls
    values: Evaluation
    classes: Classes


class Place:
    """One match of a query: its captures, and what is around them."""

    def __init__(self, match: Match, captures: dict[str, list[Node]], around: Surroundings) -> None:
        self.node = captures["match"][0]
        self._captures = captures
        self._sink: Sink = match.sink
        self._around = around

    def holds(self, condition: Condition) -> bool:
        """Whether everything that the condition names is so."""
        return (
            (not condition.file_has or self._file_has(condition.file_has))
            and (not condition.path or _found(condition.path, self._around.path))
            and (not condition.callee or self._called(condition.callee))
            and (not condition.context or _found(condition.context, self._context()))
            and (not condition.function_has or _found(condition.function_has, self._function()))
            and (not condition.always or self._is_always())
            and (not condition.beside or _found(condition.beside, self._beside()))
            and (not condition.any or any(self.holds(one) for one in condition.any))
            and not any(self.holds(one) for one in condition.none)
            and self._subjects_fit(condition)
        )

    def subject(
        self, condition_capture: str | None, argument: tuple[int | str, ...]
    ) -> Node | None:
        """The node that a fix speaks of."""
        if condition_capture is not None:
            return next(iter(self._captures.get(condition_capture, ())), None)
        return self._argument(argument)

    def _subjects_fit(self, condition: Condition) -> bool:
        if not (
            condition.state
            or condition.matches
            or condition.text
            or condition.type
            or condition.derives
            or condition.below is not None
        ):
            return True
        if condition.each_argument:
            _, arguments = self._around.calls.parts(self.node)
            return any(self._fits(condition, one) for one in arguments)
        if condition.argument:
            subject = self._argument(condition.argument)
        elif condition.receiver:
            subject = self._around.calls.receiver(self.node)
        elif condition.capture:
            subject = next(iter(self._captures.get(condition.capture, ())), None)
        else:
            subject = self.node
        if subject is None:
            return State.MISSING in condition.state
        return self._fits(condition, subject)

    def _fits(self, condition: Condition, subject: Node) -> bool:
        if condition.type and subject.type not in condition.type:
            return False
        if condition.text and not _found(condition.text, text_of(subject)[:_MAX_TEXT]):
            return False
        if condition.derives and not self._derives(condition.derives, subject):
            return False
        if condition.state or condition.matches is not None or condition.below is not None:
            return self._is_valued(condition, subject)
        return True

    def _derives(self, wanted: tuple[str, ...], subject: Node) -> bool:
        names = self._around.classes.of(subject)
        return any(globs(wanted).fullmatch(name) for name in names)

    def _is_valued(self, condition: Condition, subject: Node) -> bool:
        if subject.type == "keyword_argument":
            subject = subject.child_by_field_name("value") or subject
        value = self._around.values.of(subject, self._sink)
        if condition.state and not any(_is(value, state) for state in condition.state):
            return False
        if condition.below is not None and not (
            value.number is not None and value.number < condition.below
        ):
            return False
        return condition.matches is None or _found(condition.matches, value.text)

    def _called(self, wanted: tuple[str, ...]) -> bool:
        calls = self._around.calls
        if globs(wanted).fullmatch(calls.callee(self.node)):
            return True
        makers = _makers(wanted)
        if makers.isdisjoint(self._around.words):
            return False
        made = calls.made_by(self.node)
        return made is not None and globs(wanted).fullmatch(made) is not None

    def _argument(self, wanted: tuple[int | str, ...]) -> Node | None:
        _, arguments = self._around.calls.parts(self.node)
        for want in wanted:
            found = (
                _positional(arguments, want)
                if isinstance(want, int)
                else self._named(arguments, want)
            )
            if found is not None:
                return found
        return None

    def _named(self, arguments: list[Node], name: str) -> Node | None:
        for argument in arguments:
            if argument.type == "keyword_argument":
                key = argument.child_by_field_name("name")
                if key is not None and text_of(key) == name:
                    return argument.child_by_field_name("value")
            found = self._key(argument, name.split("."))
            if found is not None:
                return found
        return None

    def _key(self, node: Node, path: list[str]) -> Node | None:
        if node.type == "identifier":
            bound = self._around.scopes.bindings(node, text_of(node))
            if len(bound) == 1 and bound[0].value.type in _OBJECTS:
                node = bound[0].value
        if node.type not in _OBJECTS:
            return None
        for pair in node.named_children:
            if pair.type == "shorthand_property_identifier" and [text_of(pair)] == path:
                return pair
            key, value = (pair.child_by_field_name(name) for name in ("key", "value"))
            if key is not None and value is not None and _bare(key) == path[0]:
                return value if len(path) == 1 else self._key(value, path[1:])
        return None

    def _context(self) -> str:
        """The names that the place is assigned to, and those of the functions around it."""
        found: list[str] = []
        node = self.node
        for _ in range(MAX_CLIMB):
            outer = node.parent
            if outer is None:
                break
            for field in ("name", "left", "key"):
                name = outer.child_by_field_name(field)
                if name is not None and name.id != node.id and len(found) < 20:
                    found.append(text_of(name)[:80])
            node = outer
        return " ".join(found)

    def _beside(self) -> str:
        outer = self.node.parent
        return "" if outer is None else text_of(outer)[:_MAX_BESIDE]

    def _is_always(self) -> bool:
        function = self._around.scopes.function(self.node)
        node = self.node.parent
        for _ in range(MAX_CLIMB):
            if node is None or (function is not None and node.id == function.id):
                return True
            if _DECIDING.search(node.type):
                return False
            node = node.parent
        return False

    def _function(self) -> str:
        function = self._around.scopes.function(self.node)
        return "" if function is None else text_of(function)[:_MAX_TEXT]

    def _file_has(self, words: tuple[str, ...]) -> bool:
        return any(word.encode() in self._around.words for word in words)


@cache
def _makers(wanted: tuple[str, ...]) -> frozenset[bytes]:
    """First parts of globs such as `httpx.*`, `smtplib.SMTP.login`: what made the receiver."""
    heads = (
        name.partition(".")[0] for name in wanted if name.endswith(".*") or name.count(".") > 1
    )
    return frozenset(re.split("[/*]", head)[-1].encode() for head in heads if head != "*")


def _positional(arguments: list[Node], index: int) -> Node | None:
    plain = [one for one in arguments if one.type not in {"keyword_argument", "dictionary_splat"}]
    try:
        found = plain[index]
    except IndexError:
        return None
    return None if found.type in {"list_splat", "spread_element"} else found


def _bare(key: Node) -> str:
    return text_of(key).strip("\"'`")


def _is(value: Value, state: State) -> bool:
    if state is State.CONSTANT:
        return not value.dynamic
    if state is State.DYNAMIC:
        return value.dynamic
    if state is State.BUILT:
        return value.built
    return state is State.REQUEST and value.request


def _found(pattern: str, text: str) -> bool:
    return _pattern(pattern).search(text) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
