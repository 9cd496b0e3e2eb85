"""What rules and figures say of records, in words of no language: terms that a printer spells out.

A term holds or does not hold, and nothing in between: a comparison with an empty value does not
hold, and neither does a negation turn it into anything unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from quantumlayer.builtin.conditions import Condition, Operator, Scalar
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import FieldView, is_date_part
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.references import resolve

RECORD, BEFORE, OTHER = "record", "before", "other"
"""The record that is looked at, the same as it was before the change, and another one."""


@dataclass(frozen=True)
class Value:
    """A member of a record, or of the record to which its reference `through` points.

    `part` is that of a date: date, month or year.
    """

    of: str
    field: FieldView
    owner: EntityView
    through: FieldView | None = None
    part: str = ""

    @property
    def nullable(self) -> bool:
        return self.field.nullable or (self.through is not None and self.through.nullable)


@dataclass(frozen=True)
class Literal:
    """A value of a rule, of the type of a field."""

    field: FieldView
    value: Scalar


@dataclass(frozen=True)
class Number:
    """A whole number."""

    value: int


@dataclass(frozen=True)
class Clock:
    """The moment of the change, or its day."""

    day: bool


@dataclass(frozen=True)
class Selection:
    """The records of `entity`, each called `of`, that share the values of pairs and satisfy terms.

    `alike` holds pairs of a value of the selected record and one of the record that is looked at.
    """

    entity: EntityView
    of: str
    alike: tuple[tuple[Value, "Operand"], ...]
    where: tuple["Term", ...] = ()


@dataclass(frozen=True)
class Total:
    """How many records are selected, or the sum of a field over them, where it is set."""

    selected: Selection
    field: FieldView | None = None


@dataclass(frozen=True)
class Identity:
    """The id of a record."""

    of: str


@dataclass(frozen=True)
class Compare:
    """Two operands that are both set, and compare."""

    left: "Operand"
    operator: Operator
    right: "Operand"


@dataclass(frozen=True)
class Among:
    """A value that is one of some literals."""

    value: Value
    literals: tuple[Literal, ...]


@dataclass(frozen=True)
class Empty:
    """A value that is not set; of texts and lists also one with nothing in it, unless `unset`."""

    value: Value
    unset: bool = False


@dataclass(frozen=True)
class Exists:
    """Whether any record is selected."""

    selected: Selection


@dataclass(frozen=True)
class Changed:
    """Whether any of these members is another one than before the change."""

    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class Moved:
    """Whether a choice went from one to the other along one of the allowed pairs."""

    field: FieldView
    allowed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Not:
    """Whether a term does not hold."""

    term: "Term"


@dataclass(frozen=True)
class All:
    """Whether all terms hold."""

    terms: tuple["Term", ...]


@dataclass(frozen=True)
class Any:
    """Whether one of the terms holds."""

    terms: tuple["Term", ...]


Operand: TypeAlias = Value | Literal | Number | Clock | Total | Identity
Term: TypeAlias = Compare | Among | Empty | Exists | Changed | Moved | Not | All | Any

SIGNS = {
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}
"""What every language writes alike."""
OPPOSITE = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
}


def value(view: ServiceView, entity: EntityView, key: str, of: str = RECORD) -> Value:
    """The value that the key of a rule names."""
    field, through, owner = resolve(view, entity, key)
    part = key.rpartition(".")[2] if is_date_part(key) else ""
    return Value(of, field, owner, through, part)


def holds(view: ServiceView, entity: EntityView, test: Condition, of: str = RECORD) -> Term:
    """A condition of a record; those that ask for difference hold of an empty value."""
    tested = value(view, entity, test.field, of)
    literals = tuple(Literal(tested.field, item) for item in test.values)
    match test.operator:
        case Operator.IS_EMPTY:
            return Empty(tested)
        case Operator.IS_SET:
            return Not(Empty(tested))
        case Operator.IN:
            return Among(tested, literals)
        case Operator.NOT_IN:
            return Not(Among(tested, literals))
        case Operator.NOT_EQUAL:
            return Not(Compare(tested, Operator.EQUAL, literals[0]))
        case _:
            return Compare(tested, test.operator, literals[0])


def hold(
    view: ServiceView, entity: EntityView, tests: Iterable[Condition], of: str = RECORD
) -> tuple[Term, ...]:
    """Conditions of a record."""
    return tuple(holds(view, entity, test, of) for test in tests)


def every(*terms: Term) -> Term:
    """All of the terms: one of them as it is, and those inside others beside the rest."""
    flat = [each for term in terms for each in (term.terms if isinstance(term, All) else (term,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def negated(term: Term) -> Term:
    """The opposite of a term."""
    match term:
        case Not():
            return term.term
        case Compare(left=Value(nullable=False), right=Literal()):
            return Compare(term.left, OPPOSITE[term.operator], term.right)
        case _:
            return Not(term)


def compared(left: Value, operator: Operator, right: "Value | Clock") -> Compare:
    """Two values of one kind: of a day and a moment, the moment's day is compared."""
    if _is_day(left) is not _is_day(right):
        left = left if _is_day(left) else replace(left, part="date")
        if isinstance(right, Value) and not _is_day(right):
            right = replace(right, part="date")
    return Compare(left, operator, right)


def _is_day(operand: "Value | Clock") -> bool:
    if isinstance(operand, Clock):
        return operand.day
    return operand.field.type is not FieldType.DATETIME or bool(operand.part)
