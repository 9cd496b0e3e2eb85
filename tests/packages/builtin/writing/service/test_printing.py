"""The same values, in the words of each language."""

from datetime import date
from decimal import Decimal

import pytest

from quantumlayer.builtin.writing.javascript.testing import (
    test_context as javascript_context,
)
from quantumlayer.builtin.writing.python.testing import test_context as python_context
from quantumlayer.builtin.writing.service.field_cases import Repeated, Several
from quantumlayer.builtin.writing.service.model import service_view
from quantumlayer.builtin.writing.service.samples import Framed, Picked, Spelled
from quantumlayer.builtin.writing.service.scenarios import Parameter, Parent, Ref
from tests.support.service_domains import library

VALUES = [
    (86_400, "86_400", "86_400"),
    (Decimal("1.5"), "1.5", "1.5"),
    (True, "True", "true"),
    (None, "None", "null"),
    ('say "x"', '"say \\"x\\""', "'say \"x\"'"),
    (date(2026, 3, 2), '"2026-03-02"', '"2026-03-02"'),
    (["a", "b"], '["a", "b"]', '["a", "b"]'),
    (Repeated(201), '"x" * 201', '"x".repeat(201)'),
    (Repeated(3, "@b.c"), '"x" * 3 + "@b.c"', '"x".repeat(3) + "@b.c"'),
    (Several(51), "[str(number) for number in range(51)]", "Array.from({ length: 51 }, String)"),
    (Parameter("value"), "value", "value"),
    (Ref("late_book"), 'late_book["id"]', "lateBook.id"),
    (Ref("make"), 'make_["id"]', "makeRecord.id"),
    (Picked((False, True)), "[False, True][number % 2]", "[false, true][number % 2]"),
    (Framed("{a} "), 'f"{{a}} {number}"', "`{a} ${number}`"),
    (Spelled(("ab", "ab")), 'spell(number, [("ab", 2)])', 'spell(number, [["ab", 2]])'),
    ({"name": "x", "due": None}, '{"name": "x", "due": None}', '{ name: "x", due: null }'),
]


@pytest.mark.parametrize(("value", "python", "javascript"), VALUES)
def test_each_value_is_said_in_both_languages(value: object, python: str, javascript: str) -> None:
    view = service_view(library())
    assert python_context(view)["code"].value(value) == python
    assert javascript_context(view)["code"].value(value) == javascript


def test_a_record_is_made_and_changed_on_the_spot() -> None:
    view = service_view(library())
    lent = Parent("Loan", {"class": 1}, ({"returned_on": None},))
    assert python_context(view)["code"].value(lent) == (
        'make.changed("/loans", make.loan(**{"class": 1}), returned_on=None)["id"]'
    )
    assert javascript_context(view)["code"].value(lent) == (
        '(await make.changed("/loans", await make.loan({ class: 1 }), { returned_on: null })).id'
    )
