"""What the templates of test modules are given."""

import re
from functools import lru_cache
from typing import Any

from quantumlayer.builtin.writing.javascript_service.entity_tests import (
    FieldTest,
    field_tests,
)
from quantumlayer.builtin.writing.javascript_service.factory_code import factory_methods
from quantumlayer.builtin.writing.javascript_service.literals import quoted, sent
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.printing import (
    Doc,
    array,
    layout,
)
from quantumlayer.builtin.writing.javascript_service.scenario_code import (
    object_code,
    report_test,
    scenario_tests,
)
from quantumlayer.builtin.writing.service import facts
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import Changes, Parent
from quantumlayer.builtin.writing.service.reports import reports_of
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.stories import (
    report_tests,
    rule_stories,
    unique_stories,
)
from quantumlayer.builtin.writing.service.tracing import general_requirements

_HELPERS = ("answers", "at", "fails", "has", "invalid", "refuses", "startService")
_MOST_REQUIREMENTS = 4


def test_context(view: ServiceView, path: str, entity: EntityView | None) -> dict[str, Any]:
    """The context of one test module."""
    if entity is not None:
        return _entity(view, entity)
    match path:
        case "tests/factories.js":
            return _factories(view)
        case "tests/rules.test.js":
            tests = _rule_tests(view)
            code = "\n".join(tests)
            return {
                "tests": tests,
                "helpers": [name for name in _HELPERS if re.search(rf"\b{name}\(", code)],
            }
        case "tests/application.test.js" | "tests/store.test.js":
            return _whole(view)
        case _:
            return {}


@lru_cache(maxsize=8)
def scenarios(view: ServiceView) -> tuple[Scenario, ...]:
    """All stories about rules, in the order of the entities."""
    found: list[Scenario] = []
    for entity in view.entities:
        for field in entity.fields:
            if field.field.unique:
                found += unique_stories(view, entity, field)
        for rule in entity.rules:
            found += rule_stories(view, entity, rule)
    return tuple(found)


@lru_cache(maxsize=8)
def _rule_tests(view: ServiceView) -> tuple[str, ...]:
    reports = [test for report in reports_of(view) for test in report_tests(view, report)]
    stories = scenario_tests(view, scenarios(view))
    return (*stories, *(report_test(view, test) for test in reports))


def _factories(view: ServiceView) -> dict[str, Any]:
    methods = factory_methods(view)
    code = "\n".join(methods)
    given = [facts.full_record(view, entity) for entity in view.entities]
    given += [_referring(view, entity) for entity in view.entities]
    stepwise = any(
        isinstance(value, Parent) and value.patches for each in given for value in each.values()
    )
    changed = "make.changed(" in "\n".join(_rule_tests(view)) or "this.changed(" in code
    return {
        "methods": methods,
        "varied": "this.#next()" in code,
        "changed_used": changed or stepwise,
        "days_used": "dayIn(" in code or "momentIn(" in code,
        "dayin_used": "dayIn(" in code,
        "moments_used": "momentIn(" in code,
        "times_used": "timeAt(" in code,
        "spelled": "spell(" in code,
    }


def _whole(view: ServiceView) -> dict[str, Any]:
    general = general_requirements(view)[:_MOST_REQUIREMENTS]
    first = view.entities[0]
    names = names_of(view)[first.name]
    return {
        "first": first,
        "first_maker": names.maker,
        "first_table": names.table,
        "other_first": _other(view, first),
        "t": f"{', '.join(general)}: " if general else "",
        "paths": layout(array(quoted(entity.path) for entity in view.entities), indent=2),
    }


def _other(view: ServiceView, entity: EntityView) -> str:
    """What makes a second record that stands beside the first of another factory."""
    recipe = Stage.empty(view).kitchen.recipes[entity.name]
    changes: Changes = {key: sample(entity, entity.field(key), 5) for key in recipe.varied}
    return layout(object_code(view, changes), indent=2) if changes else ""


def _entity(view: ServiceView, entity: EntityView) -> dict[str, Any]:
    full = facts.full_record(view, entity)
    expected: Changes = {k: v for k, v in full.items() if not isinstance(v, Parent)}
    cleared = facts.cleared(view, entity)
    order = facts.sorted_by(view, entity)
    required = [quoted(field.key) for field in entity.fields if field.must_be_given]
    user = facts.user(view, entity)
    looks: list[tuple[Changes, ...]] = [
        ({look.key: look.first}, {look.key: look.second}, {look.parameter: look.wanted})
        for look in facts.lookups(view, entity)
    ]
    return {
        "full": _object(view, full),
        "expected": _object(view, expected),
        "defaults": _object(view, facts.defaults(view, entity)),
        "change": _object(view, facts.change(view, entity)),
        "cleared": {"key": next(iter(cleared)), "changes": _object(view, cleared)}
        if cleared
        else None,
        "required": layout(array(required)) if required else "",
        "fields": [_field(test) for test in field_tests(view, entity)],
        "lookups": layout(array(array(object_code(view, each) for each in look) for look in looks))
        if looks
        else "",
        "together": facts.stands_together(view, entity),
        "sorted_by": {
            "key": order[0],
            "first": _code(sent(order[1])),
            "second": _code(sent(order[2])),
        }
        if order
        else None,
        "moments": list(facts.moments(view, entity)),
        "referring": [
            (key, _object(view, {key: parent} if parent else {}))
            for key, parent in facts.referring(view, entity).items()
        ],
        "user": {
            "maker": names_of(view)[user.entity.name].maker,
            "key": user.key,
            "changes": _object(view, user.changes),
        }
        if user
        else None,
        "deletable": facts.deletable(view, entity),
        "replaceable": facts.replaceable(view, entity),
    }


def _referring(view: ServiceView, entity: EntityView) -> Changes:
    return {key: parent for key, parent in facts.referring(view, entity).items() if parent}


def _field(test: FieldTest) -> dict[str, Any]:
    return {
        "key": test.field.key,
        "t": f"{test.requirement}: " if test.requirement else "",
        "accepted": layout(array(test.accepted)) if test.accepted else "",
        "refused": layout(array(test.refused), indent=2),
    }


def _object(view: ServiceView, changes: Changes) -> str:
    return _code(object_code(view, changes)) if changes else ""


def _code(doc: Doc) -> str:
    return layout(doc, indent=2)
