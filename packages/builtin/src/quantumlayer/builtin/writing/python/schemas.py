"""What the schema module of an entity says: types with their bounds, filters, orders."""

import json
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.naming import literal
from quantumlayer.builtin.writing.python.literals import (
    moment_code,
    python_literal,
)
from quantumlayer.builtin.writing.service.descriptions import field_description
from quantumlayer.builtin.writing.service.model import (
    MONEY_PLACES,
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
    attribute_name,
    bound,
    query_name,
)
from quantumlayer.builtin.writing.service.queries import range_names, searched
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import json_code

_TYPES = {
    FieldType.TEXT: "str",
    FieldType.LONG_TEXT: "str",
    FieldType.INTEGER: "Integer",
    FieldType.BOOLEAN: "Boolean",
    FieldType.DATE: "IsoDate",
    FieldType.TIME: "IsoTime",
    FieldType.DATETIME: "UtcDatetime",
    FieldType.EMAIL: "Email",
    FieldType.URL: "Url",
    FieldType.PHONE: "Phone",
    FieldType.TAGS: "Tags",
    FieldType.REFERENCE: "Identifier",
}
_QUERY_TYPES = {
    FieldType.INTEGER: "QueryInteger",
    FieldType.REFERENCE: "QueryInteger",
    FieldType.BOOLEAN: "bool",
    FieldType.TAGS: "str",
}


@dataclass(frozen=True)
class Filter:
    """A query parameter of a list, and the SQL condition that it stands for."""

    name: str
    type: str
    sql: str

    @property
    def attribute(self) -> str:
        return attribute_name(self.name)


def type_name(field: FieldView) -> str:
    """The type of the field before its own bounds."""
    if field.type is FieldType.CHOICE:
        return (
            f"Literal[{', '.join(json.dumps(c, ensure_ascii=False) for c in field.field.choices)}]"
        )
    if field.type is FieldType.DECIMAL:
        return "Money" if field.places == MONEY_PLACES else "Number"
    return _TYPES[field.type]


def annotation(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """The field's type with its bounds, description and an example."""
    arguments = _bounds(field)
    description = field_description(view, entity, field)
    if description:
        arguments.append(f"description={literal(description)}")
    arguments.append(f"examples=[{json_code(sample(entity, field, 1))}]")
    return f"Annotated[{type_name(field)}, Field({', '.join(arguments)})]"


def _bounds(field: FieldView) -> list[str]:
    contract = field.field
    if field.type in STRINGS:
        return _text_bounds(field)
    found: list[str] = []
    for name, text, exclusive in (
        ("g", contract.minimum, contract.exclusive_minimum),
        ("l", contract.maximum, contract.exclusive_maximum),
    ):
        if text is not None:
            found.append(f"{name}{'t' if exclusive else 'e'}={_bound_code(field, text)}")
    return found


def _text_bounds(field: FieldView) -> list[str]:
    found = []
    typed = field.type in (FieldType.EMAIL, FieldType.URL, FieldType.PHONE)
    if field.min_length and not (typed and field.field.min_length is None):
        found.append(f"min_length={field.min_length}")  # their patterns have a length of their own
    if not typed or field.field.max_length is not None:
        found.append(f"max_length={field.max_length}")
    if field.field.pattern:
        found.append(f"pattern={pattern_code(field.field.pattern)}")
    return found


def pattern_code(pattern: str) -> str:
    """A regular expression as a raw string where one can hold it."""
    plain = '"' not in pattern and not pattern.endswith("\\") and "\n" not in pattern
    return f'r"{pattern}"' if plain and "\\" in pattern else json.dumps(pattern, ensure_ascii=False)


def _bound_code(field: FieldView, text: str) -> str:
    if field.type in NUMBERS:
        number = bound(field, text)
        whole = number == int(number)
        return str(int(number)) if whole else f'Decimal("{number}")'
    return moment_code(field, text)


def default_code(field: FieldView) -> str:
    """What stands behind the annotation in the model that is written; empty where it must be."""
    if field.computed:
        maker = "today" if field.computed == "today" and field.type is FieldType.DATE else "now"
        return f"Field(default_factory=clock.{maker}{_alias_argument(field)})"
    default = literal_default(field)
    if default is None and field.must_be_given:
        return f"Field(alias={field.key!r})" if field.attribute != field.key else ""
    value = "None" if default is None else default
    return f"Field(default={value}, alias={field.key!r})" if field.attribute != field.key else value


def patch_code(field: FieldView) -> str:
    """What stands behind the annotation in the model of a change: nothing is required."""
    default = "None" if field.nullable else "UNCHANGED"
    alias = _alias_argument(field)
    return f"Field(default={default}{alias})" if alias else default


def _alias_argument(field: FieldView) -> str:
    return f", alias={field.key!r}" if field.attribute != field.key else ""


def literal_default(field: FieldView) -> str | None:
    """The default as code, or None."""
    if field.default is None:
        return None
    if field.type is FieldType.TAGS:
        tags = [tag.strip() for tag in str(field.default).split(",") if tag.strip()]
        return f"Field(default_factory=lambda: {json.dumps(tags, ensure_ascii=False)})"
    return python_literal(field, field.default)


def filters(entity: EntityView) -> tuple[Filter, ...]:
    """The query parameters of the entity's list, each name once."""
    found: dict[str, Filter] = {}
    for field in entity.fields:
        if query_name(field.key) and field.type is not FieldType.LONG_TEXT:
            found[field.key] = Filter(field.key, _query_type(field), _equality(field))
    for field in entity.fields:
        for name, sign in range_names(field):
            if name not in found and query_name(name):
                sql = f'"{field.key}" {sign} :{name}'
                found[name] = Filter(name, _query_type(field), sql)
    if texts := searched(entity):
        terms = [f'instr(lower("{field.key}"), lower(:q)) > 0' for field in texts]
        found["q"] = Filter("q", "str", " OR ".join(terms))
    return tuple(found.values())


def _query_type(field: FieldView) -> str:
    return _QUERY_TYPES.get(field.type) or type_name(field)


def _equality(field: FieldView) -> str:
    if field.type is FieldType.TAGS:
        every = f'SELECT value FROM json_each("{field.key}")'  # noqa: S608 - code, not run
        return f":{field.key} IN ({every})"
    return f'"{field.key}" = :{field.key}'
