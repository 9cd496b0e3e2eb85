"""What calls give back: some carry what they are given, some put it into texts, some clean it."""

import re
from collections.abc import Callable
from dataclasses import replace

from tree_sitter import Node

from quantumlayer.parser.rules.calls import Calls
from quantumlayer.parser.rules.model import Sink
from quantumlayer.parser.rules.names import globs, text_of
from quantumlayer.parser.rules.value import (
    HARMLESS,
    HOLE,
    OF_ITS_OWN,
    UNKNOWN,
    Style,
    Value,
    either,
    formatted,
    together,
)
from quantumlayer.parser.rules.vocabulary import Vocabulary, vocabulary

WITH_BARE_FIELDS = frozenset({"java", "go"})
"""Languages in which a field of an object, or of a package, is named without it."""
_MOST_ARGUMENTS = 40
# Functions whose first argument is the text into which the others are put.
_TEXT_FIRST = frozenset({"Sprintf", "format"})
_TEXT_FORMATTERS = re.compile(r"fmt\.Sprintf|String\.format|(?:node:)?util\.format|format")
_FORMAT_METHODS = frozenset({"format", "format_map", "joinpath", "concat", "formatted"})
_APPENDS = frozenset({"append", "resolve", "concat", "joinpath"})
_COUNTED = re.compile(r"\.(?:map|flatMap|forEach|filter)$")
_OWN = re.compile(r"(?:self|cls|this)\b(?:\.\w+)*$")

_Values = Callable[[Node, Sink, int], Value]


class Results:
    """Values of the calls of one file; `value` evaluates what is inside of them."""

    def __init__(self, language: str, calls: Calls, value: _Values) -> None:
        self._words: Vocabulary = vocabulary(language)
        self._python = language == "python"
        self._has_fields = language in WITH_BARE_FIELDS
        self._calls = calls
        self._value = value

    def of(self, node: Node, sink: Sink, depth: int) -> Value:
        """What is known of the result of a call that ends in `sink`."""
        if self._words.sources.match(text_of(node)[:400]):
            return Value(HOLE, dynamic=True, request=True)
        name = self._calls.callee(node)
        cleaned = self._words.cleans.get(Sink.ANY, ()) + self._words.cleans.get(sink, ())
        if globs(cleaned).fullmatch(name):
            return HARMLESS
        return self._carried(node, name, sink, depth)

    def percent(self, text: Value, right: Node, sink: Sink, depth: int) -> Value:
        """Python's `text % right`: by place, or by name."""
        if right.type == "tuple":
            given = [self._value(one, sink, depth) for one in right.named_children[:40]]
            return formatted(text, given, Style.PERCENT)
        if right.type != "dictionary":
            return formatted(text, [self._value(right, sink, depth)], Style.PERCENT)
        named = {}
        for pair in right.named_children[:_MOST_ARGUMENTS]:
            key, value = (pair.child_by_field_name(name) for name in ("key", "value"))
            if key is not None and value is not None:
                named[text_of(key).strip("\"'")] = self._value(value, sink, depth)
        return formatted(text, [], Style.PERCENT, named)

    def _carried(self, node: Node, name: str, sink: Sink, depth: int) -> Value:
        """What of its arguments and of its receiver a call gives on."""
        _, arguments = self._calls.parts(node)
        receiver = self._calls.receiver(node)
        if name.endswith(".map") and arguments and (body := _expression_of(arguments[0])):
            return replace(self._value(body, sink, depth), built=False)
        given = [self._value(_plain(one), sink, depth) for one in arguments[:_MOST_ARGUMENTS]]
        if globs(self._words.formats).fullmatch(name):
            names = [_keyword(one) for one in arguments[:_MOST_ARGUMENTS]]
            return self._formatted(name, receiver, names, given, sink, depth)
        if globs(self._words.passes).fullmatch(name):
            return together(given) if len(given) > 1 else either(given)
        last = name.rsplit(".", 1)[-1]
        if receiver is None or last not in self._words.keeps_receiver:
            return OF_ITS_OWN if not arguments and self._of_its_own(receiver) else UNKNOWN
        inner = self._value(receiver, sink, depth)
        return together([inner, *given]) if last in _APPENDS and given else inner

    def _of_its_own(self, receiver: Node | None) -> bool:
        """Whether a method without arguments tells what its own object holds: `self.table()`."""
        return self._has_fields if receiver is None else is_own(receiver)

    def _formatted(
        self,
        name: str,
        receiver: Node | None,
        names: list[str],
        given: list[Value],
        sink: Sink,
        depth: int,
    ) -> Value:
        last = name.rsplit(".", 1)[-1]
        if last in _TEXT_FIRST and (receiver is None or _TEXT_FORMATTERS.fullmatch(name)):
            return formatted(given[0], given[1:], Style.PERCENT) if given else UNKNOWN
        if last == "join" and receiver is not None and len(given) == 1:
            # Python joins what is passed, others what it is called on.
            parts = given[0] if self._python else self._value(receiver, sink, depth)
            return replace(parts, built=parts.dynamic)
        base = self._value(receiver, sink, depth) if receiver is not None else UNKNOWN
        if last not in _FORMAT_METHODS or base == UNKNOWN:
            return together(given)
        named = {name: one for name, one in zip(names, given, strict=True) if name}
        plain = [one for name, one in zip(names, given, strict=True) if not name]
        style = Style.PERCENT if last == "formatted" else Style.BRACES
        return formatted(base, plain, style, named)


def is_own(node: Node) -> bool:
    """Whether the expression is the object itself, or something that it holds."""
    return _OWN.match(text_of(node)[:200]) is not None


def is_index(function: Node, parameter: Node) -> bool:
    """Whether it is the number that `map` and its likes count for their callback."""
    call = function.parent.parent if function.parent is not None else None
    if function.type != "arrow_function" or call is None or call.type != "call_expression":
        return False
    called, given = call.child_by_field_name("function"), parameter.parent
    if called is None or given is None or not _COUNTED.search(text_of(called)[-20:]):
        return False
    return [one.id for one in given.named_children].index(parameter.id) == 1


def _expression_of(function: Node) -> Node | None:
    """The expression that an arrow function is, where it is one."""
    body = function.child_by_field_name("body") if function.type == "arrow_function" else None
    return body if body is not None and body.type != "statement_block" else None


def _keyword(node: Node) -> str:
    name = node.child_by_field_name("name") if node.type == "keyword_argument" else None
    return "" if name is None else text_of(name)


def _plain(node: Node) -> Node:
    if node.type == "keyword_argument":
        return node.child_by_field_name("value") or node
    return node
