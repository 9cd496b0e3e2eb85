"""Which requirements stand behind an entity, its rules, and the service as a whole."""

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.qlayer.requirements import RequirementCategory


def entity_requirements(view: ServiceView, entity: EntityView) -> tuple[str, ...]:
    """The requirements that speak of an entity and its fields."""
    own = [entity.entity.requirement, *(field.field.requirement for field in entity.fields)]
    return known(view, own)


def rule_requirements(view: ServiceView, entity: EntityView) -> tuple[str, ...]:
    """The requirements behind the rules about an entity."""
    return known(view, [rule.requirement for rule in entity.rules])


def general_requirements(view: ServiceView) -> tuple[str, ...]:
    """The requirements that no entity, field, rule or report is named with."""
    claimed = {
        *(name for entity in view.entities for name in entity_requirements(view, entity)),
        *(name for entity in view.entities for name in rule_requirements(view, entity)),
        *(report.requirement for report in view.reports),
    }
    return tuple(item.id for item in view.requirements.items if item.id not in claimed)


def crud_requirements(view: ServiceView) -> tuple[str, ...]:
    """Of the general ones, those that speak of operations."""
    operations = {
        item.id
        for item in view.requirements.items
        if item.category in (RequirementCategory.OPERATION, RequirementCategory.RELATION)
    }
    return tuple(name for name in general_requirements(view) if name in operations)


def known(view: ServiceView, names: list[str | None]) -> tuple[str, ...]:
    """Of some names, those that are requirements, each once."""
    known = {item.id for item in view.requirements.items}
    return tuple(dict.fromkeys(name for name in names if name in known and name is not None))
