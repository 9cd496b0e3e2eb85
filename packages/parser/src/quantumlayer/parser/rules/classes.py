"""What a class may be: through variables, imports and the classes of the file it derives from."""

from collections.abc import Iterator

from tree_sitter import Node, QueryCursor

from quantumlayer.parser.rules.catalogue import compiled
from quantumlayer.parser.rules.names import canonical, text_of
from quantumlayer.parser.rules.scopes import Scopes

_MAX_DEPTH = 12
_QUOTES = "\"'"
_CHOICES = frozenset({"conditional_expression", "boolean_operator", "parenthesized_expression"})
_CLASSES = "(class_definition name: (identifier) @name superclasses: (argument_list) @bases)"


class Classes:
    """Names of the classes that expressions of one file may stand for; Python only."""

    def __init__(self, root: Node, scopes: Scopes, imports: dict[str, str]) -> None:
        self._root = root
        self._scopes = scopes
        self._imports = imports
        self._bases: dict[str, list[Node]] | None = None

    def of(self, node: Node) -> frozenset[str]:
        """Canonical names: the class's own, and those of the classes that it derives from.

        Of what a name was given before, every possibility; of what cannot be followed, its name.
        """
        return frozenset(self._names(node, 0, set()))

    def _names(self, node: Node, depth: int, seen: set[str]) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            return
        if node.type in _CHOICES:
            for child in node.named_children:
                yield from self._names(child, depth + 1, seen)
        elif node.type == "call":
            yield from self._looked_up(node, depth, seen)
        elif node.type == "identifier":
            yield from self._named(node, depth, seen)
        else:
            yield canonical(text_of(node), self._imports)

    def _named(self, node: Node, depth: int, seen: set[str]) -> Iterator[str]:
        name = text_of(node)
        if name in seen:
            return
        seen.add(name)
        held = self._scopes.parameter(node, name)
        default = held and held[1].child_by_field_name("value")
        sources = [one.value for one in self._scopes.bindings(node, name)]
        sources += self._derived_from().get(name, [])
        if not sources and default is not None:
            sources = [default]
        for source in sources:
            yield from self._names(source, depth + 1, seen - {name})
        if name in self._imports or not sources:
            yield canonical(name, self._imports)

    def _looked_up(self, call: Node, depth: int, seen: set[str]) -> Iterator[str]:
        """`getattr(yaml, "CSafeLoader", yaml.SafeLoader)` is either; other calls make their own."""
        called, given = (call.child_by_field_name(name) for name in ("function", "arguments"))
        arguments = given.named_children if given is not None else []
        if called is None or text_of(called) != "getattr" or len(arguments) < 2:
            yield text_of(call)[:80]
            return
        module = canonical(text_of(arguments[0]), self._imports)
        name = text_of(arguments[1]).strip(_QUOTES)
        yield f"{module}.{name}"
        for default in arguments[2:]:
            yield from self._names(default, depth + 1, seen)

    def _derived_from(self) -> dict[str, list[Node]]:
        """Class of the file → what it derives from."""
        if self._bases is None:
            self._bases = {}
            for _, captures in QueryCursor(compiled("python", _CLASSES)).matches(self._root):
                name, bases = captures["name"][0], captures["bases"][0]
                plain = [one for one in bases.named_children if one.type != "keyword_argument"]
                self._bases.setdefault(text_of(name), []).extend(plain)
        return self._bases
