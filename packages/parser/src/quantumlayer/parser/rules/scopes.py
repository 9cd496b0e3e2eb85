"""Which values a name was given before a place, inside its function and at the top of the file."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from tree_sitter import Node, Query, QueryCursor

from quantumlayer.parser.rules.catalogue import compiled
from quantumlayer.parser.rules.names import text_of
from quantumlayer.parser.rules.vocabulary import Vocabulary, vocabulary

_MAX_BINDINGS = 2_000
_TOP_DEPTH = 5
MAX_CLIMB = 100


@dataclass(frozen=True)
class Binding:
    """`name` was given `value` at `place`; within `block` it is known to have happened."""

    kind: str
    place: int
    value: Node
    block: tuple[int, int]


class Scopes:
    """The bindings of one file, found when they are asked for."""

    def __init__(self, language: str, root: Node) -> None:
        self._language = language
        self._words: Vocabulary = vocabulary(language)
        self._root = root
        self._known: dict[int, dict[str, list[Binding]]] = {}

    def function(self, node: Node) -> Node | None:
        """The innermost function around `node`."""
        return _around(node, self._words.functions)

    def bindings(self, node: Node, name: str) -> tuple[Binding, ...]:
        """What may have given the name the value that it has at `node`, latest first.

        Looks outwards through the functions; ends at an assignment that no path goes around.
        """
        scope = self.function(node)
        while scope is not None:
            found = self._in(scope).get(name)
            if found:
                return _reaching(found, node)
            if name in self.parameters(scope):
                return ()
            scope = self.function(scope)
        return _reaching(self._in(self._root).get(name, []), node)

    def parameters(self, function: Node) -> dict[str, Node]:
        """Parameter name → its node."""
        given = function.child_by_field_name("parameters") or function.child_by_field_name(
            "parameter"
        )
        if given is None:
            return {}
        nodes = given.named_children if given.type != "identifier" else [given]
        found: dict[str, Node] = {}
        for node in nodes:
            for name in _parameter_names(node):
                found[name] = node
        return found

    def parameter(self, node: Node, name: str) -> tuple[Node, Node] | None:
        """The function around `node` that has a parameter `name`, and the parameter."""
        scope = self.function(node)
        while scope is not None:
            found = self.parameters(scope).get(name)
            if found is not None:
                return scope, found
            scope = self.function(scope)
        return None

    def _in(self, scope: Node) -> dict[str, list[Binding]]:
        known = self._known.get(scope.id)
        if known is None:
            known = self._known[scope.id] = self._find(scope)
        return known

    def _find(self, scope: Node) -> dict[str, list[Binding]]:
        found: dict[str, list[Binding]] = defaultdict(list)
        if not self._words.bindings:
            return found
        cursor = QueryCursor(_bindings(self._language))
        if scope.id == self._root.id:
            cursor.set_max_start_depth(_TOP_DEPTH)
        count = 0
        for _, captures in cursor.matches(scope):
            kind = next(key for key in captures if key in {"assign", "augment", "loop"})
            place, value = captures[kind][0], captures["value"][0]
            inner = self.function(place)
            if (inner.id if inner else self._root.id) != scope.id:
                continue
            block = self._block(place)
            for name in _names(captures["name"][0]):
                found[name].append(Binding(kind, place.end_byte, value, block))
                count += 1
            if count > _MAX_BINDINGS:
                break
        for bindings in found.values():
            bindings.sort(key=lambda one: -one.place)
        return found

    def _block(self, node: Node) -> tuple[int, int]:
        outer = _around(node, self._words.blocks) or self._root
        return outer.start_byte, outer.end_byte


def _around(node: Node, types: frozenset[str]) -> Node | None:
    """The nearest node around that is of one of the types.

    Not further than people nest: each step up costs as much as the place is deep.
    """
    outer = node.parent
    for _ in range(MAX_CLIMB):
        if outer is None or outer.type in types:
            return outer
        outer = outer.parent
    return None


def _reaching(found: list[Binding], node: Node) -> tuple[Binding, ...]:
    """Those before the place, latest first, up to one that always happens; else all."""
    before = [one for one in found if one.place <= node.start_byte or one.kind == "loop"]
    reaching = []
    for one in before or found:
        reaching.append(one)
        start, end = one.block
        if one.kind == "assign" and start <= node.start_byte < end:
            break
    return tuple(reaching)


def _names(target: Node) -> list[str]:
    """The names that a target binds: `a`, `a, b`, `{ a, b: c }`, `self.a`."""
    if not target.named_children:
        return [text_of(target)]
    if target.type in {"attribute", "member_expression", "selector_expression", "field_access"}:
        return [text_of(target)]
    if target.type in {"subscript", "subscript_expression", "index_expression"}:
        return []
    names: list[str] = []
    for child in target.named_children[:50]:
        if child.type == "pair_pattern":
            value = child.child_by_field_name("value")
            names += _names(value) if value is not None else []
        elif child.type in {"identifier", "shorthand_property_identifier_pattern"}:
            names.append(text_of(child))
        elif child.type in {"object_assignment_pattern", "assignment_pattern"}:
            names += _names(child.named_children[0])
        elif child.type in {"pattern_list", "tuple_pattern", "object_pattern", "array_pattern"}:
            names += _names(child)
    return names


def _parameter_names(node: Node) -> list[str]:
    if node.type == "identifier":
        return [text_of(node)]
    names = [text_of(one) for one in node.children_by_field_name("name")]
    if names:
        return names
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left")
    if pattern is not None:
        return _names(pattern)
    if node.type in {"object_pattern", "array_pattern"}:
        return _names(node)
    first = next((child for child in node.named_children if child.type == "identifier"), None)
    return [] if first is None else [text_of(first)]


@cache
def _bindings(language: str) -> Query:
    return compiled(language, vocabulary(language).bindings)
