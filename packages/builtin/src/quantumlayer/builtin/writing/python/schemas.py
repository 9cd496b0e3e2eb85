"""What the schema module of an entity says: types with their bounds, filters, orders."""

from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.naming import attribute_name, literal
from quantumlayer.builtin.writing.python.kinds import python_code, text_code, type_code
from quantumlayer.builtin.writing.python.sql import SYMBOLS
from quantumlayer.builtin.writing.service.fields import STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.queries import Question, questions, sort_keys
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import literal_value, to_json

_TYPED = (FieldType.EMAIL, FieldType.URL, FieldType.PHONE)


def annotation(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """The field's type with its bounds, its description if it needs one, and an example."""
    arguments = _text_bounds(field) if field.type in STRINGS else _bounds(field)
    if description := view.description(entity, field):
        arguments.append(f"description={literal(description)}")
    arguments.append(f"examples=[{python_code(to_json(sample(entity, field, 1)))}]")
    return f"Annotated[{type_code(field)}, Field({', '.join(arguments)})]"


def _bounds(field: FieldView) -> list[str]:
    contract = field.field
    found = (
        ("ge", contract.minimum, contract.exclusive_minimum),
        ("le", contract.maximum, contract.exclusive_maximum),
    )
    return [
        f"{name.replace('e', 't') if exclusive else name}={_bound_code(field, text)}"
        for name, text, exclusive in found
        if text is not None
    ]


def _bound_code(field: FieldView, text: str) -> str:
    value = literal_value(field, text)
    if isinstance(value, int | Decimal) and value == int(value):
        return str(int(value))
    return python_code(value)


def _text_bounds(field: FieldView) -> list[str]:
    found, typed = [], field.type in _TYPED  # the patterns of these have a length of their own
    if field.min_length and not (typed and field.field.min_length is None):
        found.append(f"min_length={field.min_length}")
    if not typed or field.field.max_length is not None:
        found.append(f"max_length={field.max_length}")
    if field.field.pattern:
        found.append(f"pattern={text_code(field.field.pattern)}")
    return found


def default_code(field: FieldView) -> str:
    """What stands behind the annotation in the model that is written; empty where it must be."""
    if field.computed:
        today = field.computed == "today" and field.type is FieldType.DATE
        now = "lambda: clock.now().date()" if today else "clock.now"
        return _assigned(field, f"default_factory={now}")
    if field.must_be_given:
        return _assigned(field, "")
    default = None if field.default is None else literal_value(field, field.default)
    if isinstance(default, list):
        return _assigned(field, f"default_factory=lambda: {python_code(default)}")
    return _assigned(field, f"default={python_code(default)}")


def patch_code(field: FieldView) -> str:
    """What stands behind the annotation in the model of a change: nothing is required."""
    return _assigned(field, f"default={'None' if field.nullable else 'UNCHANGED'}")


def _assigned(field: FieldView, default: str) -> str:
    """What is assigned to an attribute: its default, and the name on the wire if it differs."""
    alias = f"alias={text_code(field.key)}" if field.attribute != field.key else ""
    if not alias and default.startswith("default="):
        return default.removeprefix("default=")
    arguments = ", ".join(filter(None, (default, alias)))
    return f"Field({arguments})" if arguments else ""


def sorts(entity: EntityView) -> str:
    """By what a list can be sorted, upwards and downwards."""
    return ", ".join(f'"{key}", "-{key}"' for key in sort_keys(entity))


def filters(entity: EntityView) -> list[tuple[str, str, str, str]]:
    """The query parameters of a list: name, attribute, type, and the condition in SQL."""
    return [(name, attribute_name(name), *_asked(each)) for name, each in questions(entity).items()]


def _asked(question: Question) -> tuple[str, str]:
    name, field = question.name, question.fields[0]
    if question.sign is None:
        found = (f'instr(lower("{each.key}"), lower(:q)) > 0' for each in question.fields)
        return "str", f"({' OR '.join(found)})"
    sql = f'"{field.key}" {SYMBOLS[question.sign]} :{name}'
    if field.type is FieldType.TAGS:
        sql = f':{name} IN (SELECT value FROM json_each("{field.key}"))'  # noqa: S608 - not run
    return type_code(field, asked=True), sql
