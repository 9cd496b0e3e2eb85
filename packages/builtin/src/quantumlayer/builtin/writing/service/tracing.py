"""Which requirements stand behind an entity, its rules, and the service as a whole."""

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of
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


def requirements_of(view: ServiceView, entity: EntityView | None, shows: str) -> tuple[str, ...]:
    """The requirements that a file shows: of `general` matters, of `crud`, of `reports`, of the
    `entities`, of their `rules`, and of the rules that are `checked` by code or `kept` by indexes.

    Without an entity, those of all entities.
    """
    entities = view.entities if entity is None else (entity,)
    found: list[str | None] = []
    for wanted in shows.split():
        match wanted:
            case "general":
                found += general_requirements(view)
            case "crud":
                found += crud_requirements(view)
            case "reports":
                found += [report.requirement for report in view.reports]
            case "entities":
                found += [name for each in entities for name in entity_requirements(view, each)]
            case "rules":
                unique = [(e, f) for e in entities for f in e.fields if f.field.unique]
                found += [name for each in entities for name in rule_requirements(view, each)]
                found += [each.requirement_of(field) for each, field in unique]
            case "checked":
                checks = (check for each in entities for check in checks_of(view, each).checks)
                found += [check.rule.requirement for check in checks]
            case "kept":
                found += [rule.requirement for each in entities for rule in each.unique_rules]
    return known(view, found)


def known(view: ServiceView, names: list[str | None]) -> tuple[str, ...]:
    """Of some names, those that are requirements, each once."""
    known = {item.id for item in view.requirements.items}
    return tuple(dict.fromkeys(name for name in names if name in known and name is not None))
