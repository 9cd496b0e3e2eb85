"""Values of fields: valid, different from record to record, and at the edges."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.field_cases import Repeated, accepted, refused
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, service_view
from quantumlayer.builtin.writing.service.samples import Counted, sample, variation
from quantumlayer.builtin.writing.service.values import is_valid
from tests.support.service_domains import DOMAINS, every_type

NUMBERS = (0, 1, 2, 7, 61)


def _fields(name: str) -> Iterator[tuple[EntityView, FieldView]]:
    for entity in service_view(DOMAINS[name]()).entities:
        yield from ((entity, each) for each in entity.fields)


@pytest.mark.parametrize("name", DOMAINS)
def test_samples_are_valid(name: str) -> None:
    for entity, field in _fields(name):
        values = [sample(entity, field, number) for number in NUMBERS]
        assert all(is_valid(field, value) for value in values), field.key
        assert len({str(value) for value in values}) > 1 or len(field.field.choices) == 1


@pytest.mark.parametrize("name", DOMAINS)
def test_a_formula_computes_what_the_sample_is(name: str) -> None:
    counted = [
        (each, field)
        for entity, field in _fields(name)
        if isinstance(each := variation(entity, field), Counted)
    ]
    for each, field in counted:
        for number in NUMBERS:
            units = eval(each.formula, {"number": number})  # noqa: S307 - our own formula
            again = Counted(each.type, units, scale=each.scale).at(0)
            assert again == each.at(number), field.key


def test_edges_of_numbers_are_tried_from_both_sides() -> None:
    view = service_view(every_type())
    found = 0
    for entity in view.entities:
        for field in entity.fields:
            limit = field.field.maximum
            if field.type not in (FieldType.INTEGER, FieldType.DECIMAL) or limit is None:
                continue
            found += 1
            inside = [c for c in accepted(view, entity, field) if isinstance(c, int | Decimal)]
            outside = [c for c in refused(field) if isinstance(c, int | Decimal)]
            assert all(is_valid(field, case) for case in inside)
            assert any(case >= Decimal(limit) for case in outside if not isinstance(case, bool))
    assert found


def test_texts_are_tried_as_long_as_they_may_be_and_longer() -> None:
    view = service_view(every_type())
    for entity, field in _fields("every_type"):
        if field.type is FieldType.TEXT and not field.field.pattern:
            assert Repeated(field.max_length) in accepted(view, entity, field)
            assert Repeated(field.max_length + 1) in refused(field)


def test_a_truth_is_no_number_among_the_cases() -> None:
    for _, field in _fields("every_type"):
        if field.type is FieldType.BOOLEAN:
            assert [type(case) for case in refused(field)[:2]] == [str, int]
