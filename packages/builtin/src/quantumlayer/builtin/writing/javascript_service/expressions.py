"""Conditions of rules as JavaScript over records."""

from collections.abc import Iterable
from dataclasses import dataclass

from quantumlayer.builtin.domain import Condition, FieldType, Operator
from quantumlayer.builtin.writing.javascript_service.literals import comma, stored_literal
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.service.model import (
    DATE_PARTS,
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
    is_date_part,
)
from quantumlayer.builtin.writing.service.references import resolve

_SYMBOLS = {
    Operator.EQUAL: "===",
    Operator.NOT_EQUAL: "!==",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}
_ORDERED = frozenset(_SYMBOLS) - {Operator.EQUAL, Operator.NOT_EQUAL}
_NEGATED = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
}
_FEW = 2


@dataclass(frozen=True)
class Expression:
    """The value of a key in code."""

    code: str
    nullable: bool
    field: FieldView


def value_of(view: ServiceView, entity: EntityView, key: str, record: str) -> Expression:
    """The value that a key names: of the record, of a part of its date, or of another record."""
    field, reference, target = resolve(view, entity, key)
    if reference is None:
        code = f"{record}.{field.key}"
        if is_date_part(key):
            code = _part(code, key, nullable=field.nullable)
        return Expression(code, field.nullable, field)
    table = f"tables.{names_of(view)[target.name].table}"
    owner = f"{record}.{reference.key}"
    if reference.nullable:
        code = f"({table}.find({owner})?.{field.key} ?? null)"
        return Expression(code, nullable=True, field=field)
    return Expression(f"{table}.get({owner}).{field.key}", field.nullable, field)


def _part(code: str, key: str, *, nullable: bool) -> str:
    length = DATE_PARTS[key.rpartition(".")[2]]
    return f"({code}?.slice(0, {length}) ?? null)" if nullable else f"{code}.slice(0, {length})"


def test_code(view: ServiceView, entity: EntityView, test: Condition, record: str) -> str:
    """A condition; of an empty value it is false, but for those that ask for emptiness."""
    value = value_of(view, entity, test.field, record)
    literals = [stored_literal(value.field, item) for item in test.values]
    match test.operator:
        case Operator.IS_EMPTY:
            return _empty(value)
        case Operator.IS_SET:
            return _set(value)
        case Operator.IN:
            return _among(value.code, literals)
        case Operator.NOT_IN:
            return " && ".join(f"{value.code} !== {literal}" for literal in literals)
        case _:
            return _compared(value, test.operator, literals[0])


def _compared(value: Expression, operator: Operator, literal: str) -> str:
    code = value.code
    if operator in _ORDERED:
        present = f"{code} !== null && " if value.nullable else ""
        return f"{present}{code} {_SYMBOLS[operator]} {literal}"
    if value.field.type is FieldType.BOOLEAN and not value.nullable:
        wanted = (literal == "true") is (operator is Operator.EQUAL)
        return code if wanted else f"!{code}"
    return f"{code} {_SYMBOLS[operator]} {literal}"


def _empty(value: Expression) -> str:
    if value.field.type is FieldType.TAGS:
        return f"!{value.code}?.length" if value.nullable else f"{value.code}.length === 0"
    return f"!{value.code}" if value.field.type in STRINGS else f"{value.code} === null"


def _set(value: Expression) -> str:
    if value.field.type is FieldType.TAGS:
        code = f"{value.code}?.length" if value.nullable else f"{value.code}.length > 0"
        return f"Boolean({code})" if value.nullable else code
    return f"Boolean({value.code})" if value.field.type in STRINGS else f"{value.code} !== null"


def _among(code: str, literals: list[str]) -> str:
    if len(literals) <= _FEW:
        tests = " || ".join(f"{code} === {literal}" for literal in literals)
        return f"({tests})" if len(literals) > 1 else tests
    return f"[{comma(literals)}].some((known) => known === {code})"


def tests_code(
    view: ServiceView, entity: EntityView, tests: Iterable[Condition], record: str
) -> list[str]:
    """Conditions, to be joined by and."""
    return [test_code(view, entity, test, record) for test in tests]


def symbol(operator: Operator, *, negated: bool = False) -> str:
    """The sign of a comparison."""
    return _SYMBOLS[_NEGATED[operator] if negated else operator]


def same_kind(left: Expression, right: Expression) -> tuple[str, str]:
    """Codes that compare: of a day and a moment, the moment's day."""
    if {left.field.type, right.field.type} != {FieldType.DATE, FieldType.DATETIME}:
        return left.code, right.code
    day = DATE_PARTS["date"]
    moment = FieldType.DATETIME
    return (
        f"{left.code}.slice(0, {day})" if left.field.type is moment else left.code,
        f"{right.code}.slice(0, {day})" if right.field.type is moment else right.code,
    )
