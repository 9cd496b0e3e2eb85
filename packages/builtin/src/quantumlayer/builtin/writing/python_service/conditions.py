"""Conditions of rules, as Python over a record and as SQL over its row."""

import json
from collections.abc import Iterable
from decimal import Decimal

from quantumlayer.builtin.domain import Condition, FieldType, Operator
from quantumlayer.builtin.writing.service.model import (
    DATE_PARTS,
    OTHER_PLACES,
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.references import resolve, truth

_SYMBOLS = {
    Operator.EQUAL: "==",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}
NEGATED = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
}
_ORDERED = frozenset(NEGATED) - {Operator.EQUAL, Operator.NOT_EQUAL}


def symbol(operator: Operator) -> str:
    """The sign of a comparison in Python, which SQL shares but for equality."""
    return _SYMBOLS[operator]


def python_literal(field: FieldView, value: str | int | bool) -> str:
    """A value of a rule as Python code of the field's type."""
    text = str(value)
    match field.type:
        case FieldType.DECIMAL:
            return decimal_code(text)
        case FieldType.INTEGER | FieldType.REFERENCE:
            return str(int(text))
        case FieldType.BOOLEAN:
            return str(truth(value))
        case FieldType.DATE | FieldType.TIME | FieldType.DATETIME:
            return moment_code(field, text)
        case _:
            return json.dumps(text, ensure_ascii=False)


def moment_code(field: FieldView, text: str) -> str:
    """A day, a time of day or a moment as Python code; a moment without offset is in UTC."""
    if field.type is not FieldType.DATETIME:
        return f'{field.type.value}.fromisoformat("{text}")'
    moment = text.replace("Z", "+00:00") if "T" in text or " " in text else f"{text}T00:00:00"
    zone = "" if "+" in moment[10:] or "-" in moment[10:] else "+00:00"
    return f'datetime.fromisoformat("{moment}{zone}")'


def decimal_code(text: str) -> str:
    """A decimal as Python code."""
    value = Decimal(text)
    whole = value == int(value)
    return f"Decimal({int(value)})" if whole else f'Decimal("{value}")'


def sql_literal(field: FieldView, value: str | int | bool) -> str:
    """A value of a rule as it is stored."""
    text = str(value)
    if field.type is FieldType.DECIMAL:
        return str(int(Decimal(text).scaleb(OTHER_PLACES)))
    if field.type in (FieldType.INTEGER, FieldType.REFERENCE):
        return str(int(text))
    if field.type is FieldType.BOOLEAN:
        return str(int(truth(value)))
    return "'" + text.replace("'", "''") + "'"


def python_value(
    view: ServiceView, entity: EntityView, key: str, record: str
) -> tuple[str, bool, FieldView]:
    """Code for the value of `key`, whether it may be None, and its field."""
    field, reference, target = resolve(view, entity, key)
    if reference is None:
        return f"{record}.{field.attribute}", field.nullable, field
    if reference.nullable:
        parent = parent_variable(entity, reference, target)
        return f"({parent}.{field.attribute} if {parent} else None)", True, field
    return f"{parent_variable(entity, reference, target)}.{field.attribute}", field.nullable, field


def parent_variable(entity: EntityView, reference: FieldView, target: EntityView) -> str:
    """The local name of the record to which a reference points."""
    same_target = [f for f in entity.references if f.field.references == target.name]
    if len(same_target) == 1 and target.variable != entity.variable:
        return target.variable
    return f"{reference.field.name}_record"


def python_test(  # noqa: PLR0911 - a case for each operator
    view: ServiceView, entity: EntityView, test: Condition, record: str
) -> str:
    """A condition as a Python expression."""
    value, nullable, field = python_value(view, entity, test.field, record)
    literals = [python_literal(field, item) for item in test.values]
    falsy_when_empty = field.type in STRINGS or field.type is FieldType.TAGS
    match test.operator:
        case Operator.IS_EMPTY:
            return f"not {value}" if falsy_when_empty else f"{value} is None"
        case Operator.IS_SET:
            return f"bool({value})" if falsy_when_empty else f"{value} is not None"
        case Operator.IN:
            return f"{value} in {{{', '.join(literals)}}}"
        case Operator.NOT_IN:
            return f"{value} not in {{{', '.join(literals)}}}"
        case _ if field.type is FieldType.BOOLEAN and test.operator not in _ORDERED:
            return _python_truth(value, literals[0], test.operator, nullable=nullable)
        case _ if test.operator in _ORDERED and nullable:
            compared = f"{value} {_SYMBOLS[test.operator]} {literals[0]}"
            return f"({value} is not None and {compared})"
        case _:
            return f"{value} {_SYMBOLS[test.operator]} {literals[0]}"


def _python_truth(value: str, literal: str, operator: Operator, *, nullable: bool) -> str:
    wanted = (literal == "True") is (operator is Operator.EQUAL)
    if nullable:
        return f"{value} is {'not ' * (operator is Operator.NOT_EQUAL)}{literal}"
    return value if wanted else f"not {value}"


def python_all(
    view: ServiceView, entity: EntityView, tests: Iterable[Condition], record: str
) -> str:
    """All conditions, joined."""
    return " and ".join(python_test(view, entity, test, record) for test in tests)


def python_none(
    view: ServiceView, entity: EntityView, tests: tuple[Condition, ...], record: str
) -> str:
    """The negation of all conditions together, as short as it can be said."""
    if len(tests) == 1 and (opposite := _opposite(view, entity, tests[0])):
        return python_test(view, entity, opposite, record)
    return f"not ({python_all(view, entity, tests, record)})"


def _opposite(view: ServiceView, entity: EntityView, test: Condition) -> Condition | None:
    swaps = {
        Operator.EQUAL: Operator.NOT_EQUAL,
        Operator.NOT_EQUAL: Operator.EQUAL,
        Operator.IN: Operator.NOT_IN,
        Operator.NOT_IN: Operator.IN,
        Operator.IS_EMPTY: Operator.IS_SET,
        Operator.IS_SET: Operator.IS_EMPTY,
    }
    _, nullable, _ = python_value(view, entity, test.field, "")
    if test.operator in _ORDERED and not nullable:
        return test.model_copy(update={"operator": NEGATED[test.operator]})
    if test.operator in swaps:
        return test.model_copy(update={"operator": swaps[test.operator]})
    return None


def column(key: str, table: str = "") -> str:
    """A key as SQL: a column, or the part of a date."""
    name, _, part = key.partition(".")
    quoted = f'"{table}"."{name}"' if table else f'"{name}"'
    return f"substr({quoted}, 1, {DATE_PARTS[part]})" if part else quoted


def parameter(key: str) -> str:
    """The bound counterpart of `column`: `:member_id`, or the part of a bound date."""
    name, _, part = key.partition(".")
    return f"substr(:{name}, 1, {DATE_PARTS[part]})" if part else f":{name}"


def sql_test(  # noqa: PLR0911 - a case for each operator
    view: ServiceView, entity: EntityView, test: Condition, table: str = ""
) -> str:
    """A condition as SQL over a row of the entity's table; an empty value makes it false."""
    field, reference, target = resolve(view, entity, test.field)
    value = column(test.field, table) if reference is None else ""
    if reference is not None:
        owner = f'"{table or entity.table}"."{reference.key}"'
        value = looked_up(field.key, target, owner)
    literals = [sql_literal(field, item) for item in test.values]
    nothing = "[]" if field.type is FieldType.TAGS else ""
    textual = field.type in STRINGS or field.type is FieldType.TAGS
    match test.operator:
        case Operator.IS_EMPTY:
            return (
                f"coalesce({value}, '{nothing}') = '{nothing}'" if textual else f"{value} IS NULL"
            )
        case Operator.IS_SET:
            filled = f"coalesce({value}, '{nothing}') <> '{nothing}'"
            return filled if textual else f"{value} IS NOT NULL"
        case Operator.IN:
            return f"{value} IN ({', '.join(literals)})"
        case Operator.NOT_IN:
            return f"({value} IS NULL OR {value} NOT IN ({', '.join(literals)}))"
        case Operator.NOT_EQUAL:
            return f"{value} IS NOT {literals[0]}"
        case Operator.EQUAL:
            return f"{value} = {literals[0]}"
        case _:
            return f"{value} {_SYMBOLS[test.operator]} {literals[0]}"


def looked_up(key: str, target: EntityView, owner: str) -> str:
    """SQL for a column of the record whose id is `owner`."""
    return (
        f'(SELECT "target"."{key}" FROM "{target.table}" AS "target"'  # noqa: S608 - code, not run
        f'\n        WHERE "target"."id" = {owner})'
    )


def sql_all(
    view: ServiceView, entity: EntityView, tests: Iterable[Condition], table: str = ""
) -> tuple[str, ...]:
    """All conditions as terms of a WHERE clause."""
    return tuple(sql_test(view, entity, test, table) for test in tests)
