"""Which requirements stand behind an entity, its rules, and the service as a whole."""

from collections.abc import Callable, Iterator

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of
from quantumlayer.qlayer.requirements import RequirementCategory

_CRUD = (RequirementCategory.OPERATION, RequirementCategory.RELATION)
_Entities = tuple[EntityView, ...]
_Names = Iterator[str | None]


def general_requirements(view: ServiceView) -> tuple[str, ...]:
    """The requirements that no entity, field, rule or report is named with."""
    claimed = requirements_of(view, None, "entities rules reports")
    return tuple(item.id for item in view.requirements.items if item.id not in claimed)


def requirements_of(view: ServiceView, entity: EntityView | None, shows: str) -> tuple[str, ...]:
    """The requirements that a file shows: of `general` matters, of `crud`, of `reports`, of the
    `entities`, of their `rules`, and of the rules that are `checked` by code or `kept` by indexes.

    Without an entity, those of all entities.
    """
    known = {item.id for item in view.requirements.items}
    entities = view.entities if entity is None else (entity,)
    found = (name for wanted in shows.split() for name in _SHOWN[wanted](view, entities))
    return tuple(dict.fromkeys(name for name in found if name is not None and name in known))


def _crud(view: ServiceView, _: _Entities) -> _Names:
    general = general_requirements(view)
    items = (item for item in view.requirements.items if item.category in _CRUD)
    return (item.id for item in items if item.id in general)


def _described(_: ServiceView, entities: _Entities) -> _Names:
    for each in entities:
        yield from (each.entity.requirement, *(field.field.requirement for field in each.fields))


def _ruled(_: ServiceView, entities: _Entities) -> _Names:
    for each in entities:
        yield from (rule.requirement for rule in each.rules)
        yield from (each.requirement_of(field) for field in each.fields if field.field.unique)


def _checked(view: ServiceView, entities: _Entities) -> _Names:
    return (check.rule.requirement for each in entities for check in checks_of(view, each).checks)


_SHOWN: dict[str, Callable[[ServiceView, _Entities], _Names]] = {
    "general": lambda view, _: iter(general_requirements(view)),
    "crud": _crud,
    "reports": lambda view, _: (each.requirement for each in view.aggregations),
    "entities": _described,
    "rules": _ruled,
    "checked": _checked,
    "kept": lambda _, entities: (rule.requirement for e in entities for rule in e.unique_rules),
}
