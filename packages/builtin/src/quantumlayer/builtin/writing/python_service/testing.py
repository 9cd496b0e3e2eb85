"""What the templates of test modules are given."""

import json
from functools import lru_cache
from typing import Any

from quantumlayer.builtin.writing.python_service.entity_tests import entity_tests
from quantumlayer.builtin.writing.python_service.factory_code import (
    factory_code,
    keyword_argument,
)
from quantumlayer.builtin.writing.python_service.scenario_code import (
    report_test_code,
    tests_code,
)
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import kitchen
from quantumlayer.builtin.writing.service.reports import reports_of
from quantumlayer.builtin.writing.service.scenarios import Scenario
from quantumlayer.builtin.writing.service.stories import (
    report_tests,
    rule_stories,
    unique_stories,
)
from quantumlayer.builtin.writing.service.tracing import general_requirements


def test_context(view: ServiceView, path: str, entity: EntityView | None) -> dict[str, Any]:
    """The context of one test module."""
    if entity is not None:
        return {"tests": entity_tests(view, entity), "keyword_argument": keyword_argument}
    name = path.rpartition("/")[2]
    if name == "factories.py":
        return _factories(view)
    if name == "test_rules.py":
        return _rules(view)
    if name == "test_application.py":
        return _application(view)
    return {}


@lru_cache(maxsize=8)
def scenarios(view: ServiceView) -> tuple[Scenario, ...]:
    """All stories about rules, in the order of the requirements."""
    found = []
    for entity in view.entities:
        for field in entity.fields:
            if field.field.unique:
                found += unique_stories(view, entity, field)
        for rule in entity.rules:
            found += rule_stories(view, entity, rule)
    return tuple(found)


def _factories(view: ServiceView) -> dict[str, Any]:
    code = factory_code(view)
    rules = tests_code(view, scenarios(view))
    return {
        "factory_code": code,
        "varied": "self._numbers" in code,
        "spelled": "spell(" in code,
        "changed_used": "make.changed(" in _all_tests(view) or "self.changed(" in code,
        "races": "at_once(" in rules,
    }


def _all_tests(view: ServiceView) -> str:
    reports = (t for report in reports_of(view) for t in report_tests(view, report))
    facts = (entity_tests(view, entity) for entity in view.entities)
    return "\n".join(
        [
            tests_code(view, scenarios(view)),
            *(report_test_code(view, test) for test in reports),
            *(str(fact) for fact in facts),
        ]
    )


def _rules(view: ServiceView) -> dict[str, Any]:
    reports = [test for report in reports_of(view) for test in report_tests(view, report)]
    code = "\n\n".join(
        [tests_code(view, scenarios(view)), *(report_test_code(view, test) for test in reports)]
    )
    helpers = [
        name for name in ("at", "at_once", "broken_rule") if f"{name}(" in code.replace("test_", "")
    ]
    return {"code": code, "imports": ", ".join([*(["Make"] if "Make" in code else []), *helpers])}


def _application(view: ServiceView) -> dict[str, Any]:
    first = view.entities[0]
    general = general_requirements(view)
    return {
        "first": first,
        "token": "_".join([*(name.lower() for name in general[:4]), ""]) if general else "",
        "paths": json.dumps([entity.path for entity in view.entities]),
    }


__all__ = ["kitchen", "scenarios", "test_context"]
