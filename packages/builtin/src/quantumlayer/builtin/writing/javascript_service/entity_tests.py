"""The values that the tests of an entity's fields try, from both sides, as code."""

from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.builtin.writing.javascript_service import field_cases
from quantumlayer.builtin.writing.service.model import EntityView, FieldView, ServiceView
from quantumlayer.builtin.writing.service.scenarios import Stage


@dataclass(frozen=True)
class FieldTest:
    """The code of values of a field, from both sides."""

    requirement: str | None
    field: FieldView
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


def field_tests(view: ServiceView, entity: EntityView) -> Iterator[FieldTest]:
    """The values of each field, from both sides."""
    for field in entity.fields:
        accepted = [
            case.code
            for case in field_cases.accepted(entity, field)
            if Stage.empty(view).make(entity, {field.key: case.value})
        ]
        requirement = entity.requirement_of(field)
        yield FieldTest(requirement, field, tuple(accepted), field_cases.refused(field))
