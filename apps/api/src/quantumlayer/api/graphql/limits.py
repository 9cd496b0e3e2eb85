"""How much one operation may ask for, judged before anything is executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

MAX_DEPTH = 10
# The usual introspection query goes this deep.
MAX_INTROSPECTION_DEPTH = 16
MAX_COST = 5_000
MAX_ALIASES = 20
MAX_DIRECTIVES = 20
MAX_TOKENS = 2_000

# How many items a list is taken to have where the operation does not say how many it wants.
_LIST_SIZES: Mapping[str, int] = {
    "runs": 20,
    "files": 20,
    "findings": 20,
    "tests": 20,
    "events": 20,
    "projects": 20,
}


@dataclass(frozen=True)
class Measure:
    """What an operation asks for. `cost` counts fields, times the lists that they stand in."""

    depth: int = 0
    introspection_depth: int = 0
    cost: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Measure") -> "Measure":
        """Both in one selection."""
        return Measure(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            self.cost + other.cost,
            self.aliases + other.aliases,
            self.directives + other.directives,
        )


def measure(document: DocumentNode, variables: Mapping[str, object]) -> Measure:
    """The measure of all operations of a document together; fragments count at each spread."""
    ruler = _Ruler(document, variables)
    total = Measure()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            total = total.beside(ruler.of_selections(definition.selection_set))
    return total


def excess(found: Measure) -> str | None:
    """What is too much, said for the client; None when all is within limits."""
    limits = (
        ("nested", found.depth, MAX_DEPTH),
        ("nested", found.introspection_depth, MAX_INTROSPECTION_DEPTH),
        ("costly", found.cost, MAX_COST),
        ("aliased", found.aliases, MAX_ALIASES),
        ("decorated with directives", found.directives, MAX_DIRECTIVES),
    )
    for name, value, limit in limits:
        if value > limit:
            return (
                f"The operation is too much at once: {name} {value}, at most {limit}."
                " Ask for less, or in several operations."
            )
    return None


class OperationLimits(SchemaExtension):
    """Refuses operations that ask for too much."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = MAX_TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if context.graphql_document is not None:
            too_much = excess(measure(context.graphql_document, context.variables or {}))
            if too_much is not None:
                context.pre_execution_errors = [GraphQLError(too_much)]
        yield


class _Ruler:
    """Measures selections; each fragment once, so that fragments of fragments cost no time."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, object]) -> None:
        self._variables = variables
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Measure] = {}

    def of_selections(self, selections: SelectionSetNode | None) -> Measure:
        total = Measure()
        for node in selections.selections if selections else ():
            directives = Measure(directives=len(node.directives or ()))
            total = total.beside(directives)
            if isinstance(node, FieldNode):
                total = total.beside(self._of_field(node))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._of_fragment(node.name.value))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(self.of_selections(node.selection_set))
        return total

    def _of_fragment(self, name: str) -> Measure:
        if name not in self._known:
            # A fragment within itself is an error that validation reports.
            self._known[name] = Measure()
            if name in self._fragments:
                self._known[name] = self.of_selections(self._fragments[name].selection_set)
        return self._known[name]

    def _of_field(self, node: FieldNode) -> Measure:
        inner = self.of_selections(node.selection_set)
        aliases = inner.aliases + (1 if node.alias else 0)
        if node.name.value.startswith("__"):
            deepest = 1 + max(inner.depth, inner.introspection_depth)
            return Measure(0, deepest, 1 + inner.cost, aliases, inner.directives)
        return Measure(
            1 + inner.depth,
            inner.introspection_depth,
            1 + self._list_size(node) * inner.cost,
            aliases,
            inner.directives,
        )

    def _list_size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value: object = None
                if isinstance(argument.value, IntValueNode):
                    value = int(argument.value.value)
                elif isinstance(argument.value, VariableNode):
                    value = self._variables.get(argument.value.name.value)
                if isinstance(value, int):
                    return max(1, value)
        return _LIST_SIZES.get(node.name.value, 1)
