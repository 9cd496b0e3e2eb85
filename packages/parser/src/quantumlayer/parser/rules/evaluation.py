"""What is known of an expression: a small evaluation inside one function, constants folded."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from tree_sitter import Node

from quantumlayer.parser.occurrences import occurrences
from quantumlayer.parser.rules.calls import Calls, last_expression
from quantumlayer.parser.rules.model import Sink
from quantumlayer.parser.rules.names import text_of
from quantumlayer.parser.rules.results import WITH_BARE_FIELDS, Results, is_index, is_own
from quantumlayer.parser.rules.scopes import Binding, Scopes
from quantumlayer.parser.rules.value import (
    HARMLESS,
    HOLE,
    OF_ITS_OWN,
    OWN,
    UNKNOWN,
    Value,
    either,
    joined,
    together,
)
from quantumlayer.parser.rules.vocabulary import Vocabulary, guard, vocabulary

_MAX_DEPTH = 14
_MAX_STEPS = 400
# Of a check, this much stands around the name that is checked.
_GUARD_BEFORE, _GUARD_AFTER = 160, 80
_CONSTANT_NAME = re.compile(r"(?:^|\.)_?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$")
_ROUTE = re.compile(
    r"@\s*(?:\w+\.)*(?:route|get|post|put|delete|patch|head|websocket|api_route|api_view"
    r"|(?:Get|Post|Put|Delete|Patch|Request)Mapping)\b\s*\("
)
_REQUEST_PARAMETER = re.compile(
    r"@(?:RequestParam|PathVariable|RequestHeader|RequestBody|CookieValue|QueryParam|PathParam"
    r"|Query|Param|Body|Headers)\b"
)
_Step = Callable[[Node, Sink, int], Value]
_ARGUMENTS = ("argument_list", "arguments")
_BINARIES = ("binary_operator", "binary_expression", "boolean_operator")
_CHOICES = ("conditional_expression", "ternary_expression")
_COMPREHENSIONS = ("list_comprehension", "generator_expression", "set_comprehension")
_SIGNS = ("unary_operator", "unary_expression", "not_operator", "comparison_operator")
_BASES = ("object", "value", "operand", "array")
_SUBSCRIPTS = frozenset({"subscript", "subscript_expression", "index_expression", "array_access"})
# Languages in which nothing but a number can be added to a number.
_STRICT = frozenset({"python", "go"})
_SPREADS = ("spread_element", "list_splat")


class Evaluation:
    """Evaluates expressions of one file."""

    def __init__(
        self, language: str, scopes: Scopes, calls: Calls, imports: dict[str, str], data: bytes
    ) -> None:
        self._words: Vocabulary = vocabulary(language)
        self._python = language == "python"
        self._strict = language in _STRICT
        self._has_fields = language in WITH_BARE_FIELDS
        self._scopes = scopes
        self._calls = calls
        self._imports = imports
        self._data = data
        self._known: dict[tuple[int, Sink], Value] = {}
        self._steps = 0
        self._results = Results(language, calls, self._value)
        self._steps_by_type = self._by_type()

    def of(self, node: Node, sink: Sink = Sink.ANY) -> Value:
        """What is known of `node` when it ends in `sink`."""
        self._steps = 0
        return self._value(node, sink, 0)

    def _value(self, node: Node, sink: Sink, depth: int) -> Value:
        key = (node.id, sink)
        known = self._known.get(key)
        if known is not None:
            return known
        self._steps += 1
        if depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return UNKNOWN
        self._known[key] = UNKNOWN  # what refers to itself ends here
        value = self._known[key] = self._evaluate(node, sink, depth + 1)
        return value

    def _evaluate(self, node: Node, sink: Sink, depth: int) -> Value:
        kind, words = node.type, self._words
        if kind in words.literals:
            return Value(text_of(node)[:200], number=_number(text_of(node)))
        step = self._steps_by_type.get(kind)
        return UNKNOWN if step is None else step(node, sink, depth)

    def _by_type(self) -> dict[str, _Step]:
        words = self._words
        steps: tuple[tuple[Iterable[str], _Step], ...] = (
            (_ARGUMENTS, self._collection),
            (_COMPREHENSIONS, self._comprehension),
            (_SIGNS, _harmless),
            (_CHOICES, self._choice),
            (_BINARIES, self._binary),
            (_SPREADS, self._first),
            (words.collections, self._collection),
            (words.members, self._member),
            (words.calls, self._results.of),
            (words.transparent, self._transparent),
            (words.names, self._name),
            (words.strings, self._string),
        )
        return {kind: step for kinds, step in steps for kind in kinds}

    def _collection(self, node: Node, sink: Sink, depth: int) -> Value:
        only = node.child_by_field_name("value")
        parts = [only] if only is not None else node.named_children[:60]
        return joined([self._value(one, sink, depth) for one in parts])

    def _comprehension(self, node: Node, sink: Sink, depth: int) -> Value:
        body = node.child_by_field_name("body")
        return UNKNOWN if body is None else replace(self._value(body, sink, depth), built=False)

    def _first(self, node: Node, sink: Sink, depth: int) -> Value:
        inner = node.named_children
        return self._value(inner[0], sink, depth) if inner else UNKNOWN

    def _transparent(self, node: Node, sink: Sink, depth: int) -> Value:
        inner = node.child_by_field_name("value") or last_expression(node)
        return UNKNOWN if inner is None else self._value(inner, sink, depth)

    def _string(self, node: Node, sink: Sink, depth: int) -> Value:
        parts = []
        for child in node.children:
            if child.type in self._words.interpolations:
                inner = child.child_by_field_name("expression") or last_expression(child)
                parts.append(UNKNOWN if inner is None else self._value(inner, sink, depth))
            elif child.is_named and child.type not in {"string_start", "string_end"}:
                parts.append(Value(text_of(child)))
        if not node.named_children:
            return Value(text_of(node)[1:-1])
        return together(parts)

    def _binary(self, node: Node, sink: Sink, depth: int) -> Value:
        left, right = (node.child_by_field_name(side) for side in ("left", "right"))
        sign = node.child_by_field_name("operator")
        if left is None or right is None or sign is None:
            return UNKNOWN
        operator = text_of(sign)
        one = self._value(left, sink, depth)
        other = self._value(right, sink, depth)
        if operator == "%" and self._python:
            return self._results.percent(one, right, sink, depth)
        counts = self._strict and not one.number is other.number is None
        if (operator == "+" and not counts) or (operator == "/" and self._python):
            return together([one, other])
        if operator in {"or", "and", "||", "&&", "??"}:
            return either([one, other])
        if operator == "*":
            return one if not one.dynamic else replace(other, built=False)
        return HARMLESS

    def _choice(self, node: Node, sink: Sink, depth: int) -> Value:
        named = [
            found
            for field in ("consequence", "alternative")
            if (found := node.child_by_field_name(field)) is not None
        ]
        # Python's has no fields: value, condition, other value.
        chosen = named or [one for n, one in enumerate(node.named_children) if n != 1]
        return either([self._value(one, sink, depth) for one in chosen])

    def _member(self, node: Node, sink: Sink, depth: int) -> Value:
        written = text_of(node)[:400]
        if self._words.sources.match(written):
            return Value(HOLE, dynamic=True, request=True)
        if _CONSTANT_NAME.search(written):
            found = self._scopes.bindings(node, written.rsplit(".", 1)[-1])
            # By the way it is spelled a constant, wherever it is.
            return self._folded(found, sink, depth) if found else Value("0")
        found = self._scopes.bindings(node, written)
        if found:
            return self._folded(found, sink, depth)
        return self._part(node, sink, depth)

    def _part(self, node: Node, sink: Sink, depth: int) -> Value:
        fields = (node.child_by_field_name(name) for name in _BASES)
        base = next((one for one in fields if one is not None), None)
        if base is None:
            return UNKNOWN
        inner = self._value(base, sink, depth)
        if node.type in _SUBSCRIPTS or not inner.dynamic:
            # A choice out of what is written down is as harmless as what is written down.
            return replace(inner, built=False)
        if not inner.request and (is_own(base) or inner.text == OWN):
            return OF_ITS_OWN
        return Value(HOLE, dynamic=True, request=inner.request)

    def _name(self, node: Node, sink: Sink, depth: int) -> Value:
        name = text_of(node)
        if self._checked(node, name):
            return HARMLESS
        found = self._scopes.bindings(node, name)
        if found:
            return self._folded(found, sink, depth)
        held = self._scopes.parameter(node, name)
        if held is None:
            imported = self._imports.get(name, "")
            if _CONSTANT_NAME.search(imported or name):
                return HARMLESS
            # Neither given nor made in sight: a field of its object, or of its module.
            return OF_ITS_OWN if self._has_fields and self._scopes.function(node) else UNKNOWN
        function, parameter = held
        return self._parameter(function, parameter)

    def _parameter(self, function: Node, parameter: Node) -> Value:
        written = text_of(parameter)
        harmless = self._words.harmless_types
        declared = parameter.child_by_field_name("type")
        if declared is not None and harmless.search(text_of(declared)):
            return HARMLESS
        if is_index(function, parameter):
            return HARMLESS
        if _REQUEST_PARAMETER.search(written):
            return Value(HOLE, dynamic=True, request=True)
        if self._python and declared is None and "=" not in written and self._route(function):
            return Value(HOLE, dynamic=True, request=True)
        if self._python and declared is not None and self._route(function):
            plain = re.search(r"\b(?:str|bytes|Path|Url|HttpUrl|AnyUrl|Any)\b", text_of(declared))
            return Value(HOLE, dynamic=True, request=plain is not None)
        return UNKNOWN

    def _route(self, function: Node) -> bool:
        outer = function.parent
        if outer is None or outer.type != "decorated_definition":
            return False
        decorators = (text_of(one) for one in outer.named_children if one.type == "decorator")
        return any(_ROUTE.match(one) for one in decorators)

    def _checked(self, node: Node, name: str) -> bool:
        function = self._scopes.function(node)
        start = 0 if function is None else function.start_byte
        before = self._data[max(start, node.start_byte - 20_000) : node.start_byte]
        if function is None:
            return False
        found = _guard(name)
        return any(
            found.search(before[max(0, at - _GUARD_BEFORE) : end + _GUARD_AFTER])
            for at, end in occurrences(before, name.encode())
        )

    def _folded(self, found: Iterable[Binding], sink: Sink, depth: int) -> Value:
        """The value after these bindings, which are given latest first."""
        choices: list[Value] = []
        suffix: list[Value] = []
        for one in found:
            value = self._value(one.value, sink, depth)
            if one.kind == "augment":
                suffix.insert(0, value)
            elif one.kind == "loop":
                choices.append(together([replace(value, built=False), *suffix]))
            else:
                choices.append(together([value, *suffix]))
        if not choices:
            return together([UNKNOWN, *suffix]) if suffix else UNKNOWN
        return either(choices)


def _number(written: str) -> float | None:
    text = written.replace("_", "").rstrip("nL").lower()
    try:
        if text.startswith("0o") or re.fullmatch(r"0[0-7]+", text):
            return int(text.removeprefix("0o"), 8)
        return (
            int(text, 0) if not re.search(r"[.e]", text) or text.startswith("0x") else float(text)
        )
    except ValueError:
        return None


def _harmless(_: Node, __: Sink, ___: int) -> Value:
    return HARMLESS


@lru_cache(maxsize=500)
def _guard(name: str) -> re.Pattern[bytes]:
    return guard(name)
