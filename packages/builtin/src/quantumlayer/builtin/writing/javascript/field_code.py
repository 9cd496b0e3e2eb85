"""The fields of an entity as data: their kinds, and the words of JSON schema."""

import re

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript.names import camel, names_of
from quantumlayer.builtin.writing.javascript.printing import member, plain, record, stored
from quantumlayer.builtin.writing.layout import layout
from quantumlayer.builtin.writing.service.fields import MOMENTS, STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import to_json

KINDS = {kind: camel(kind.value) for kind in FieldType}
"""What the generated module of fields calls them."""
_PART = re.compile(r"\\.|\(\?P<|.", re.DOTALL)
_KNOWN = frozenset("^$\\.*+?()[]{}|/dDwWsSbBnrtfv0123456789")
_RENAMED = {"(?P<": "(?<", "\\A": "^", "\\Z": "$"}
_SHAPELESS = (FieldType.TEXT, FieldType.LONG_TEXT)
_WITHOUT_EXAMPLE = (FieldType.CHOICE, FieldType.BOOLEAN)


def field_code(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """A member of the object of fields."""
    contract, is_text = field.field, field.type in STRINGS
    computed = bool(field.computed) and field.type in MOMENTS
    target = view.target(field) if field.type is FieldType.REFERENCE else None
    words: dict[str, object] = {
        "to": target and names_of(view)[target.name].table,
        "cascades": (target and view.cascades(entity, field)) or None,
        "nullable": field.nullable or None,
        "enum": contract.choices or None,
        "places": field.places if field.type is FieldType.DECIMAL else None,
        **(_lengths(field) if is_text else _range(field)),
        "pattern": contract.pattern and unicode_pattern(contract.pattern),
        "computed": computed or None,
        "default": None if computed or field.default is None else stored(field, field.default),
        "description": view.description(entity, field) or None,
        "examples": _examples(entity, field),
    }
    said = (member(word, plain(value)) for word, value in words.items() if value is not None)
    return layout((f"{field.key}: ", record([f"kind: {KINDS[field.type]}", *said]), ","), indent=4)


def _lengths(field: FieldView) -> dict[str, object]:
    """The lengths of a text; a kind with a shape has lengths of its own."""
    if field.type in _SHAPELESS:
        return {"minLength": field.min_length or None, "maxLength": field.max_length}
    return {"minLength": field.field.min_length, "maxLength": field.field.max_length}


def _range(field: FieldView) -> dict[str, object]:
    contract = field.field
    least = "exclusiveMinimum" if contract.exclusive_minimum else "minimum"
    most = "exclusiveMaximum" if contract.exclusive_maximum else "maximum"
    bounds = {least: contract.minimum, most: contract.maximum}
    return {word: None if text is None else stored(field, text) for word, text in bounds.items()}


def _examples(entity: EntityView, field: FieldView) -> list[object] | None:
    shown = field.type not in _WITHOUT_EXAMPLE
    return [to_json(sample(entity, field, 1))] if shown else None


def unicode_pattern(pattern: str) -> str:
    """A pattern under the flag `u`, under which needless escapes are errors."""
    found, in_class = "", False
    for part in _PART.findall(pattern):
        in_class = part == "[" or (in_class and part != "]")
        needless = part[0] == "\\" and part[1:] not in _KNOWN and not (in_class and part == "\\-")
        found += _RENAMED.get(part, part[1:] if needless else part)
    return found
