"""Conditions that rules and reports ask of a record: a field, an operator, values."""

from enum import StrEnum

from quantumlayer.qlayer import Noun

Scalar = str | int | bool
"""A literal in a rule or default; decimals travel as strings."""


class Operator(StrEnum):
    """How a condition compares a field."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    IN = "in"
    NOT_IN = "not_in"
    IS_EMPTY = "is_empty"
    IS_SET = "is_set"
    LESS = "less"
    LESS_OR_EQUAL = "less_or_equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater_or_equal"

    @property
    def contrary(self) -> "Operator":
        """What holds where this does not."""
        return _CONTRARY[self]


_CONTRARY = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.IN: Operator.NOT_IN,
    Operator.IS_SET: Operator.IS_EMPTY,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
}
_CONTRARY |= {other: one for one, other in _CONTRARY.items()}


class Condition(Noun):
    """A test of one field (its key) of a record: `status in (open, late)`."""

    field: str
    operator: Operator
    values: tuple[Scalar, ...] = ()

    @property
    def contrary(self) -> "Condition":
        """What holds of all records of which this does not."""
        return self.model_copy(update={"operator": self.operator.contrary})
