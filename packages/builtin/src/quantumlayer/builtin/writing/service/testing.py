"""What the templates of test modules and of the README are given, whatever the language."""

from functools import lru_cache
from typing import Any

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import empty_stage
from quantumlayer.builtin.writing.service.samples import Variation, sample, variation
from quantumlayer.builtin.writing.service.scenarios import Changes, Given, Parent
from quantumlayer.builtin.writing.service.stories import scenarios
from quantumlayer.builtin.writing.service.stories.entities import EntityTests
from quantumlayer.builtin.writing.service.tracing import general_requirements

_MOST_REQUIREMENTS = 4


def factory(view: ServiceView, entity: EntityView) -> dict[str, Any]:
    """How a valid body is made up: the members in order, then the records that it points to."""
    recipe = empty_stage(view).recipes[entity.name]
    made: dict[str, Variation | Given] = {
        **{key: variation(entity, entity.field(key)) for key in recipe.varied},
        **recipe.constants,
    }
    parents = {key: value for key, value in recipe.constants.items() if isinstance(value, Parent)}
    own = [field.key for field in entity.fields if field.key in made.keys() - parents.keys()]
    members = {key: made[key] for key in own}
    return {"members": members, "parents": parents, "varied": bool(recipe.varied)}


@lru_cache(maxsize=8)
def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    told, recipes = scenarios(view), empty_stage(view).recipes
    tests = {entity.name: EntityTests(view, entity) for entity in view.entities}
    steps = [step for each in tests.values() for test in each.scenarios for step in test.steps]
    steps += [step for scenario in told for step in scenario.steps]
    given: list[Changes] = [
        *(recipe.constants for recipe in recipes.values()),
        *(each.full for each in tests.values()),
        *(step.changes for step in steps),
    ]
    values = [value for changes in given for value in changes.values()]
    return {
        "tests_of": lambda entity: tests[entity.name],
        "factory": lambda entity: factory(view, entity),
        # What makes a second record that stands beside the first of another factory.
        "beside": lambda entity: {
            key: sample(entity, entity.field(key), 5) for key in recipes[entity.name].varied
        },
        # Whether tests make records that are changed on the spot.
        "stepwise": any(isinstance(value, Parent) and value.patches for value in values),
        "scenarios": told,
        "races": any(step.action == "race" for step in steps),
        "general": general_requirements(view)[:_MOST_REQUIREMENTS],
    }
