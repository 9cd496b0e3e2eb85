"""What fields mean, in words."""

from quantumlayer.agents.builtin.writing.naming import sentence
from quantumlayer.agents.builtin.writing.service.model import EntityView, FieldView, ServiceView
from quantumlayer.qlayer.requirements import FieldType


def field_description(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """What a field means, for OpenAPI."""
    if field.field.description:
        return sentence(field.field.description)
    if field.type is FieldType.REFERENCE:
        return f"The id of the {view.target(field).words} that the {entity.words} belongs to."
    return ""
