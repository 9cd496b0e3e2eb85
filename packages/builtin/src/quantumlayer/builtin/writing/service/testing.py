"""What the templates of test modules and of the README are given, whatever the language."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Parent
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import kitchen
from quantumlayer.builtin.writing.service.samples import Variation, sample, variation
from quantumlayer.builtin.writing.service.scenarios import Scenario
from quantumlayer.builtin.writing.service.stories import scenarios
from quantumlayer.builtin.writing.service.stories.entities import EntityTests
from quantumlayer.builtin.writing.service.tracing import general_requirements

_MOST_REQUIREMENTS = 4


@dataclass(frozen=True)
class Factory:
    """How a valid body is made up: the members in order, then the records that it points to."""

    members: tuple[tuple[str, Variation | Given], ...]
    parents: tuple[tuple[str, Parent], ...]
    varied: bool


def factory(view: ServiceView, entity: EntityView) -> Factory:
    """The factory of an entity."""
    recipe = kitchen(view).recipes[entity.name]
    constants = dict(recipe.constants)
    members: dict[str, Variation | Given] = {
        key: variation(entity, entity.field(key)) for key in recipe.varied
    }
    members |= {key: value for key, value in constants.items() if not isinstance(value, Parent)}
    parents = ((key, value) for key, value in constants.items() if isinstance(value, Parent))
    ordered = tuple((f.key, members[f.key]) for f in entity.fields if f.key in members)
    return Factory(ordered, tuple(parents), bool(recipe.varied))


def beside(view: ServiceView, entity: EntityView) -> Changes:
    """What makes a second record that stands beside the first of another factory."""
    return {
        key: sample(entity, entity.field(key), 5)
        for key in kitchen(view).recipes[entity.name].varied
    }


@lru_cache(maxsize=16)
def entity_tests(view: ServiceView) -> dict[str, EntityTests]:
    """What the tests of each entity state."""
    return {entity.name: EntityTests(view, entity) for entity in view.entities}


def _all(view: ServiceView) -> Iterator[Scenario]:
    for tests in entity_tests(view).values():
        yield from tests.scenarios
    yield from scenarios(view)


def stepwise(view: ServiceView) -> bool:
    """Whether tests make records that are changed on the spot."""
    given: list[Changes] = [
        *(dict(kitchen(view).recipes[entity.name].constants) for entity in view.entities),
        *(tests.full for tests in entity_tests(view).values()),
        *(step.changes for scenario in _all(view) for step in scenario.steps),
    ]
    return any(
        isinstance(value, Parent) and bool(value.patches)
        for changes in given
        for value in changes.values()
    )


def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    told = scenarios(view)
    return {
        "tests_of": lambda entity: entity_tests(view)[entity.name],
        "factory": lambda entity: factory(view, entity),
        "beside": lambda entity: beside(view, entity),
        "stepwise": stepwise(view),
        "scenarios": told,
        "races": any(step.action == "race" for scenario in told for step in scenario.steps),
        "general": general_requirements(view)[:_MOST_REQUIREMENTS],
    }
