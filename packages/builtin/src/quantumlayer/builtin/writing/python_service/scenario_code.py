"""Scenarios as the code of tests."""

import json
import keyword
from collections.abc import Iterable
from textwrap import indent

from quantumlayer.builtin.writing.naming import docstring, unshadowed
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Given,
    Parent,
    Ref,
)
from quantumlayer.builtin.writing.service.samples import json_code
from quantumlayer.builtin.writing.service.scenarios import (
    Delete,
    Make,
    Patch,
    Post,
    Race,
    Reason,
    ReportTest,
    Scenario,
    Step,
    given_names,
    merged,
)

_INDENT = "    "
_TAKEN = frozenset({"client", "make", "response", "bodies", "responses", "statuses", "at", "rows"})


def tests_code(view: ServiceView, scenarios: Iterable[Scenario]) -> str:
    """Test functions, each name once."""
    found: dict[str, str] = {}
    for scenario in scenarios:
        name = test_name(scenario)
        if name not in found:
            found[name] = _test(view, scenario, name)
    return "\n\n".join(found.values())


def report_test_code(view: ServiceView, test: ReportTest) -> str:
    """The test of a report over a few records."""
    steps = list(test.steps)
    used = frozenset(given_names(steps))
    used |= {value.name for row in test.rows for value in row.values() if isinstance(value, Ref)}
    rows = ", ".join(json_object(view, row) for row in test.rows)
    lines = [line for step in merged(steps, used) for line in _step(view, step, used, {})]
    lines.append(f'rows = client.get("/reports{test.report.path}").json()["items"]')
    lines.append(f"assert rows == [{rows}]")
    body = "\n".join(f"{_INDENT}{line}" for line in lines)
    makes = "make." in body
    arguments = "client: TestClient, make: Make" if makes else "client: TestClient"
    token = test.report.aggregation.requirement.lower()
    return (
        f"def test_{token}_{test.report.aggregation.name}_{test.name}({arguments}) -> None:\n"
        f"{_said(test.report.statement, test.report.aggregation.requirement)}\n{body}\n"
    )


def test_name(scenario: Scenario) -> str:
    """The name of a test: the requirement comes first."""
    token = f"{scenario.requirement.lower()}_" if scenario.requirement else ""
    return f"test_{token}{scenario.slug}"


def _test(view: ServiceView, scenario: Scenario, name: str) -> str:
    used = frozenset(given_names(scenario.steps))
    owners = {
        step.name: step.entity for step in scenario.steps if isinstance(step, Make) and step.name
    }
    lines = [
        line for step in merged(scenario.steps, used) for line in _step(view, step, used, owners)
    ]
    body = "\n".join(f"{_INDENT}{line}" for line in lines)
    asks = "client." in body or "(client," in body
    arguments = "client: TestClient, make: Make" if asks else "make: Make"
    said = _said(scenario.statement, scenario.requirement)
    return f"def {name}({arguments}) -> None:\n{said}\n{body}\n"


def _said(statement: str, requirement: str | None) -> str:
    return indent(docstring(statement, f"Show {requirement or 'a rule'}.", 88), _INDENT)


def _step(
    view: ServiceView, step: Step, used: frozenset[str], owners: dict[str, EntityView]
) -> list[str]:
    match step:
        case Make():
            call = f"make.{step.entity.maker}({arguments(view, step.changes)})"
            if step.times > 1:
                return [f"for _ in range({step.times}):", f"{_INDENT}{call}"]
            return [f"{variable(step.name)} = {call}" if step.name in used else call]
        case Post():
            body = f"make.{step.entity.slug}_body({arguments(view, step.changes)})"
            return _expected(f'client.post("{step.entity.path}", json={body})', 201, step.refused)
        case Patch():
            where = f'at("{owners[step.name].path}", {variable(step.name)})'
            body = json_object(view, step.changes)
            return _expected(f"client.patch({where}, json={body})", 200, step.refused)
        case Delete():
            where = f'at("{owners[step.name].path}", {variable(step.name)})'
            lines = _expected(f"client.delete({where})", 204, step.refused)
            if step.gone:
                gone = f'at("{owners[step.gone].path}", {variable(step.gone)})'
                lines.append(f"assert client.get({gone}).status_code == 404")
            return lines
        case Race():
            return _race(view, step)


def _expected(call: str, status: int, refused: Reason | None) -> list[str]:
    if refused is None:
        return [f"response = {call}", f"assert response.status_code == {status}, response.text"]
    if refused.requirement is None:
        return [f"assert {call}.status_code == 409"]
    return [f'assert broken_rule({call}) == "{refused.requirement}"']


def _race(view: ServiceView, step: Race) -> list[str]:
    body = f"make.{step.entity.slug}_body({arguments(view, step.changes)})"
    refused = step.requests - step.accepted
    return [
        f"bodies = [{body} for _ in range({step.requests})]",
        f'responses = at_once(client, "{step.entity.path}", bodies)',
        "statuses = sorted(response.status_code for response in responses)",
        f"assert statuses == [201] * {step.accepted} + [409] * {refused}",
    ]


def variable(name: str) -> str:
    """The variable of a named record."""
    return unshadowed(name, _TAKEN)


def arguments(view: ServiceView, changes: Changes) -> str:
    """Changes as keyword arguments of a factory."""
    plain = {k: v for k, v in changes.items() if not keyword.iskeyword(k) and k != "self"}
    others = {k: v for k, v in changes.items() if k not in plain}
    found = [f"{key}={value_code(view, value)}" for key, value in plain.items()]
    if others:
        found.append(f"**{json_object(view, others)}")
    return ", ".join(found)


def json_object(view: ServiceView, changes: Changes) -> str:
    """Changes as a dictionary."""
    pairs = (f"{json.dumps(k)}: {value_code(view, v)}" for k, v in changes.items())
    return "{" + ", ".join(pairs) + "}"


def value_code(view: ServiceView, value: Given) -> str:
    """A value as it stands in a body."""
    if isinstance(value, Ref):
        return f'{variable(value.name)}["id"]'
    if isinstance(value, Parent):
        return f'{parent_code(view, value)}["id"]'
    return json_code(value)


def parent_code(view: ServiceView, parent: Parent, maker: str = "make") -> str:
    """The expression that makes a record in a state."""
    entity = view.entity(parent.entity)
    code = f"{maker}.{entity.maker}({arguments(view, dict(parent.changes))})"
    for patch in parent.patches:
        code = f'{maker}.changed("{entity.path}", {code}, {arguments(view, dict(patch))})'
    return code
