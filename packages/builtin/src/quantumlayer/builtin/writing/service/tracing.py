"""Which requirements stand behind an entity, its rules, and the service as a whole."""

from collections.abc import Callable, Iterable
from itertools import chain

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of
from quantumlayer.qlayer.requirements import RequirementCategory

_CRUD = (RequirementCategory.OPERATION, RequirementCategory.RELATION)
_Names = Iterable[str | None]


def general_requirements(view: ServiceView) -> tuple[str, ...]:
    """The requirements that no entity, field, rule or report is named with."""
    named = (each(view, entity) for entity in view.entities for each in (_described, _ruled))
    claimed = {*chain.from_iterable(named), *(each.requirement for each in view.aggregations)}
    return tuple(item.id for item in view.requirements.items if item.id not in claimed)


def requirements_of(view: ServiceView, entity: EntityView | None, shows: str) -> tuple[str, ...]:
    """The requirements that a file shows: of `general` matters, of `crud`, of `reports`, of the
    `entities`, of their `rules`, and of the rules that are `checked` by code or `kept` by indexes.

    Without an entity, those of all entities.
    """
    known, general = {item.id: item for item in view.requirements.items}, general_requirements(view)
    of_all: dict[str, _Names] = {
        "general": general,
        "crud": [name for name in general if known[name].category in _CRUD],
        "reports": [each.requirement for each in view.aggregations],
    }
    entities = view.entities if entity is None else (entity,)
    for wanted, names in _OF_ENTITY.items():
        of_all[wanted] = [name for each in entities for name in names(view, each)]
    found = chain.from_iterable(of_all[wanted] for wanted in shows.split())
    return tuple(dict.fromkeys(name for name in found if name is not None and name in known))


def _described(_: ServiceView, entity: EntityView) -> _Names:
    return (entity.entity.requirement, *(field.field.requirement for field in entity.fields))


def _ruled(_: ServiceView, entity: EntityView) -> _Names:
    unique = (entity.requirement_of(field) for field in entity.fields if field.field.unique)
    return (*(rule.requirement for rule in entity.rules), *unique)


_OF_ENTITY: dict[str, Callable[[ServiceView, EntityView], _Names]] = {
    "entities": _described,
    "rules": _ruled,
    "checked": lambda view, entity: [
        check.rule.requirement for check in checks_of(view, entity).checks
    ],
    "kept": lambda _, entity: [rule.requirement for rule in entity.unique_rules],
}
