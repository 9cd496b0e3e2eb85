"""Values on both sides of a check, and a second reading of what breaks it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_tool import reference
from quantumlayer.agents.builtin.writing.python_tool.options import (
    identifier,
)
from quantumlayer.qlayer.requirements.tool import (
    Check,
    CheckRule,
)


def breaks(check: Check, value: str) -> bool:  # noqa: C901, PLR0911, PLR0912 - one branch a kind
    """Whether a value breaks a check; the second reading of the rules."""
    if check.rule is CheckRule.REQUIRED:
        return not value
    if not value or check.rule is CheckRule.UNIQUE:
        return False
    number = Decimal(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else None
    bound = check.values[0] if check.values else ""
    match check.rule:
        case CheckRule.NUMBER:
            return number is None
        case CheckRule.INTEGER:
            return not re.fullmatch(r"-?\d+", value)
        case CheckRule.AT_LEAST:
            return number is None or number < Decimal(bound)
        case CheckRule.AT_MOST:
            return number is None or number > Decimal(bound)
        case CheckRule.ABOVE:
            return number is None or number <= Decimal(bound)
        case CheckRule.BELOW:
            return number is None or number >= Decimal(bound)
        case CheckRule.ONE_OF:
            return value not in check.values
        case CheckRule.MIN_LENGTH:
            return len(value) < int(bound)
        case CheckRule.MAX_LENGTH:
            return len(value) > int(bound)
        case CheckRule.DATE:
            return reference.moment_of(value) is None
        case CheckRule.EMAIL:
            return re.fullmatch(r"[^@ ]+@[^@. ]+(\.[^@. ]+)+", value) is None
        case CheckRule.URL:
            return not value.startswith(("http://", "https://"))
        case _:
            return re.fullmatch(bound, value) is None


def bad_values(check: Check) -> Iterator[tuple[str, str]]:  # noqa: C901, PLR0912 - one branch a kind
    bound = Decimal(check.values[0]) if check.rule in _BOUNDED else Decimal(0)
    match check.rule:
        case CheckRule.REQUIRED:
            yield "an_empty_cell", ""
        case CheckRule.EMAIL:
            yield "text_without_at", "ann.example.org"
            yield "a_domain_without_dot", "ann@example"
        case CheckRule.URL:
            yield "text_without_scheme", "example.org"
        case CheckRule.DATE:
            yield "a_day_that_does_not_exist", "2024-02-30"
        case CheckRule.NUMBER:
            yield "text", "many"
        case CheckRule.INTEGER:
            yield "a_fraction", "1.5"
        case CheckRule.AT_LEAST:
            yield "one_below", format(bound - 1, "f")
        case CheckRule.AT_MOST:
            yield "one_above", format(bound + 1, "f")
        case CheckRule.ABOVE | CheckRule.BELOW:
            yield "the_bound_itself", format(bound, "f")
        case CheckRule.ONE_OF:
            yield "another_value", "unknown"
        case CheckRule.MIN_LENGTH if int(check.values[0]) > 1:
            yield "one_character_less", "x" * (int(check.values[0]) - 1)
        case CheckRule.MAX_LENGTH if int(check.values[0]) <= 300:
            yield "one_character_more", "x" * (int(check.values[0]) + 1)
        case _:
            return


def edge_values(check: Check) -> Iterator[tuple[str, str]]:
    bound = Decimal(check.values[0]) if check.rule in _BOUNDED else Decimal(0)
    match check.rule:
        case CheckRule.AT_LEAST | CheckRule.AT_MOST:
            yield "the_bound_itself", format(bound, "f")
        case CheckRule.ABOVE:
            yield "one_above", format(bound + 1, "f")
        case CheckRule.BELOW:
            yield "one_below", format(bound - 1, "f")
        case CheckRule.ONE_OF:
            for value in check.values[:4]:
                yield identifier(value).replace("-", "_"), value
        case CheckRule.EMAIL:
            yield "an_address", "ann.lee+x@mail.example.org"
            yield "an_empty_cell", ""
        case CheckRule.MIN_LENGTH | CheckRule.MAX_LENGTH if int(check.values[0]) <= 300:
            yield "the_bound_itself", "x" * int(check.values[0])
        case _:
            return


_BOUNDED = frozenset({CheckRule.AT_LEAST, CheckRule.AT_MOST, CheckRule.ABOVE, CheckRule.BELOW})
