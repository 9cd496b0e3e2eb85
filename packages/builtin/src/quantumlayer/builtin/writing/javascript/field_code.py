"""The fields of an entity as calls of the generated module of fields."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript import literals
from quantumlayer.builtin.writing.javascript.names import camel
from quantumlayer.builtin.writing.javascript.printing import array, call, record
from quantumlayer.builtin.writing.javascript.regexes import regex_code
from quantumlayer.builtin.writing.layout import Doc, layout
from quantumlayer.builtin.writing.service.fields import STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import literal_value

BUILDERS = {kind: camel(kind.value) for kind in FieldType}
"""The functions that make fields."""
_COMPUTED = {FieldType.DATE: "dayOf", FieldType.TIME: "timeOf", FieldType.DATETIME: "momentOf"}
_UNBOUNDED = (FieldType.BOOLEAN, FieldType.TAGS, FieldType.REFERENCE)
_WITHOUT_EXAMPLE = (FieldType.CHOICE, FieldType.BOOLEAN)


def field_code(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """A member of the object of fields."""
    about = [*_default(field), *_about(view, entity, field)]
    made = call(BUILDERS[field.type], [*_bounds(field), *([record(about)] if about else [])])
    whole = call("optional", [made]) if field.nullable else made
    return layout((f"{field.key}: ", whole, ","), indent=2).removesuffix(",")


def _bounds(field: FieldView) -> list[Doc]:
    """The first argument: what bounds the values, in the words of JSON schema."""
    if field.type is FieldType.CHOICE:
        return [array(literals.quoted(choice) for choice in field.field.choices)]
    if field.type in _UNBOUNDED:
        return []
    return [record(_text_bounds(field) if field.type in STRINGS else _range(field))]


def _text_bounds(field: FieldView) -> list[Doc]:
    found: list[Doc] = [f"maxLength: {literals.number(field.max_length)}"]
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        if field.min_length:
            found.insert(0, f"minLength: {field.min_length}")
        if field.field.pattern:
            found.append(f"pattern: {regex_code(field.field.pattern)}")
    return found


def _range(field: FieldView) -> list[Doc]:
    contract = field.field
    found: list[Doc] = [f"places: {field.places}"] if field.type is FieldType.DECIMAL else []
    for name, text, exclusive in (
        ("minimum", contract.minimum, contract.exclusive_minimum),
        ("maximum", contract.maximum, contract.exclusive_maximum),
    ):
        if text is not None:
            word = f"exclusive{name.capitalize()}" if exclusive else name
            found.append(f"{word}: {literals.bound_literal(field, text)}")
    return found


def _default(field: FieldView) -> list[Doc]:
    if field.computed and field.type in _COMPUTED:
        return [f"default: {_COMPUTED[field.type]}"]
    if field.default is None:
        return []
    return [literals.member("default", literals.stored(literal_value(field, field.default)))]


def _about(view: ServiceView, entity: EntityView, field: FieldView) -> list[Doc]:
    description = view.description(entity, field)
    found: list[Doc] = []
    if description:
        found.append(literals.member("description", literals.quoted(description)))
    if field.type not in _WITHOUT_EXAMPLE:
        found.append(literals.member("example", literals.sent(sample(entity, field, 1))))
    return found
