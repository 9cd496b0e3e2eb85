"""How much one operation may ask for, judged before anything is executed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    get_variable_values,
    is_list_type,
)
from graphql.execution.values import VariableValues
from strawberry.extensions import SchemaExtension

MAX_DEPTH = 10
# The usual introspection query goes this deep.
MAX_INTROSPECTION_DEPTH = 16
MAX_COST = 5_000
MAX_ALIASES = 20
MAX_DIRECTIVES = 20
MAX_TOKENS = 2_000

# How many items a list is taken to have where nothing says how many are wanted.
_LIST_SIZE = 20
# Arguments, and members of arguments, that say how many items are wanted.
_SIZES = ("first", "last", "limit")


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


def measure(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, object]
) -> Measure:
    """The measure of all operations of a document together; fragments count at each spread.

    Arguments have the values that execution will give them: defaults of variables and of the
    schema count as what they are.
    """
    total = Measure()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            root = schema.get_root_type(definition.operation)
            ruler = _Ruler(schema, document, _coerced(schema, definition, variables))
            total = total.beside(ruler.of_selections(definition.selection_set, root))
    return total


def _coerced(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, object]
) -> VariableValues | None:
    """The variables' values; none when they are wrong, because then nothing is executed."""
    values = get_variable_values(schema, operation.variable_definitions or (), dict(given))
    return values if isinstance(values, VariableValues) else None


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
            schema = context.schema._schema  # noqa: SLF001 - strawberry has no other way to it
            found = measure(schema, context.graphql_document, context.variables or {})
            too_much = excess(found)
            if too_much is not None:
                context.pre_execution_errors = [GraphQLError(too_much)]
        yield


class _Ruler:
    """Measures selections; each fragment once, so that fragments of fragments cost no time."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues | None
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Measure] = {}

    def of_selections(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None
    ) -> Measure:
        total = Measure()
        for node in selections.selections if selections else ():
            total = total.beside(Measure(directives=len(node.directives or ())))
            if isinstance(node, FieldNode):
                total = total.beside(self._of_field(node, parent))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._of_fragment(node.name.value))
            elif isinstance(node, InlineFragmentNode):
                narrowed = self._named(node.type_condition) or parent
                total = total.beside(self.of_selections(node.selection_set, narrowed))
        return total

    def _named(self, node: NamedTypeNode | None) -> GraphQLNamedType | None:
        return self._schema.get_type(node.name.value) if node else None

    def _of_fragment(self, name: str) -> Measure:
        if name not in self._known:
            # A fragment within itself is an error that validation reports.
            self._known[name] = Measure()
            if fragment := self._fragments.get(name):
                parent = self._named(fragment.type_condition)
                self._known[name] = self.of_selections(fragment.selection_set, parent)
        return self._known[name]

    def _of_field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        fields = parent.fields if isinstance(parent, GraphQLObjectType) else {}
        definition = fields.get(node.name.value)
        inner = self.of_selections(
            node.selection_set, get_named_type(definition.type) if definition else None
        )
        aliases = inner.aliases + (1 if node.alias else 0)
        if node.name.value.startswith("__"):
            deepest = 1 + max(inner.depth, inner.introspection_depth)
            return Measure(0, deepest, 1 + inner.cost, aliases, inner.directives)
        return Measure(
            1 + inner.depth,
            inner.introspection_depth,
            1 + self._list_size(node, definition, parent) * inner.cost,
            aliases,
            inner.directives,
        )

    def _list_size(
        self, node: FieldNode, definition: GraphQLField | None, parent: GraphQLNamedType | None
    ) -> int:
        if definition is None:
            return 1
        try:
            values = get_argument_values(definition, node, self._variables)
        except GraphQLError:
            values = {}
        sizes = list(_sizes(values))
        if sizes:
            return max(1, *sizes)
        return _LIST_SIZE if _is_long(definition, parent) else 1


def _is_long(definition: GraphQLField, parent: GraphQLNamedType | None) -> bool:
    """Whether a field may give many items that nobody has counted yet.

    Those of a page are as many as the field wanted that the page is of; those of the schema's
    description are counted by its depth.
    """
    name = parent.name if parent else ""
    counted = name.endswith("Connection") or name.startswith("__")
    return is_list_type(get_nullable_type(definition.type)) and not counted


def _sizes(values: Mapping[str, object]) -> Iterator[int]:
    for name, value in values.items():
        if name in _SIZES and isinstance(value, int):
            yield value
        elif isinstance(value, Mapping):
            yield from _sizes(value)
