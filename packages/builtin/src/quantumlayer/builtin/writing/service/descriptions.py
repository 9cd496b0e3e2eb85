"""What fields mean, in words."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView


def field_description(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """What a field means, for OpenAPI."""
    if field.field.description:
        return sentence(field.field.description)
    if field.type is FieldType.REFERENCE:
        return f"The id of the {view.target(field).words} that the {entity.words} belongs to."
    return ""
