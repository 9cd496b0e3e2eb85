"""The fields of an entity as calls of the generated module of fields."""

from datetime import datetime

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript.literals import (
    bound_literal,
    member,
    number,
    plain,
    quoted,
    sent,
    stored,
)
from quantumlayer.builtin.writing.javascript.printing import (
    Doc,
    array,
    call,
    layout,
    record,
)
from quantumlayer.builtin.writing.javascript.regexes import regex_code
from quantumlayer.builtin.writing.service.descriptions import field_description
from quantumlayer.builtin.writing.service.fields import STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import literal_value

BUILDERS = {
    FieldType.TEXT: "text",
    FieldType.LONG_TEXT: "longText",
    FieldType.INTEGER: "integer",
    FieldType.DECIMAL: "decimal",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.TIME: "time",
    FieldType.DATETIME: "datetime",
    FieldType.EMAIL: "email",
    FieldType.URL: "url",
    FieldType.PHONE: "phone",
    FieldType.CHOICE: "choice",
    FieldType.TAGS: "tags",
    FieldType.REFERENCE: "reference",
}
_COMPUTED = {FieldType.DATE: "dayOf", FieldType.TIME: "timeOf", FieldType.DATETIME: "momentOf"}
_USUAL_LENGTHS = {
    FieldType.TEXT: 200,
    FieldType.LONG_TEXT: 10_000,
    FieldType.EMAIL: 254,
    FieldType.URL: 2_000,
    FieldType.PHONE: 32,
}


def field_code(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """A member of the object of fields."""
    made = call(BUILDERS[field.type], _arguments(view, entity, field))
    whole = call("optional", [made]) if field.nullable else made
    return layout((f"{field.key}: ", whole, ","), indent=2).removesuffix(",")


def computed_by(field: FieldView) -> str | None:
    """The function that makes the default of a field, where it is computed."""
    return _COMPUTED.get(field.type) if field.computed else None


def _arguments(view: ServiceView, entity: EntityView, field: FieldView) -> list[Doc]:
    options = [
        *_bounds(field),
        *_default(field),
        *_about(view, entity, field),
    ]
    first: list[Doc] = []
    if field.type is FieldType.CHOICE:
        first = [array(quoted(choice) for choice in field.field.choices)]
    return [*first, *([record(options)] if options else [])]


def _bounds(field: FieldView) -> list[Doc]:
    contract = field.field
    found: list[Doc] = []
    if field.type is FieldType.DECIMAL:
        found.append(f"places: {field.places}")
    if field.type in STRINGS:
        return _text_bounds(field)
    for text, name, exclusive_name, exclusive in (
        (contract.minimum, "minimum", "above", contract.exclusive_minimum),
        (contract.maximum, "maximum", "below", contract.exclusive_maximum),
    ):
        if text is not None:
            found.append(f"{exclusive_name if exclusive else name}: {bound_literal(field, text)}")
    return found


def _text_bounds(field: FieldView) -> list[Doc]:
    found: list[Doc] = []
    bounded = field.type in (FieldType.TEXT, FieldType.LONG_TEXT)
    if bounded and field.min_length:
        found.append(f"minLength: {field.min_length}")
    if field.max_length != _USUAL_LENGTHS[field.type]:
        found.append(f"maxLength: {number(field.max_length)}")
    if bounded and field.field.pattern:
        found.append(f"pattern: {regex_code(field.field.pattern)}")
    return found


def _default(field: FieldView) -> list[Doc]:
    computed = computed_by(field)
    if computed is not None:
        return [f"default: {computed}"]
    if field.default is None:
        return []
    value = literal_value(field, field.default)
    return [member("default", stored(value))]


def _about(view: ServiceView, entity: EntityView, field: FieldView) -> list[Doc]:
    description = field_description(view, entity, field)
    value = sample(entity, field, 1)
    example = stored(value) if isinstance(value, datetime) else sent(value)
    if isinstance(value, datetime):
        example = plain(value.isoformat().replace("+00:00", "Z"))
    found: list[Doc] = [member("description", quoted(description))] if description else []
    return (
        found
        if field.type in (FieldType.CHOICE, FieldType.BOOLEAN)
        else [
            *found,
            member("example", example),
        ]
    )
