"""Every rule is shown from both sides, by steps that a world of records has taken before."""

from functools import cache

import pytest

from quantumlayer.builtin.writing.service.model import service_view
from quantumlayer.builtin.writing.service.scenarios import Changes, Ref, Scenario, Step
from quantumlayer.builtin.writing.service.stories import scenarios
from tests.support.service_domains import DOMAINS, library


@cache
def _scenarios(name: str) -> tuple[Scenario, ...]:
    return scenarios(service_view(DOMAINS[name]()))


def _told(name: str) -> dict[str | None, list[Scenario]]:
    told: dict[str | None, list[Scenario]] = {}
    for each in _scenarios(name):
        told.setdefault(each.requirement, []).append(each)
    return told


def _refused(scenario: Scenario) -> bool:
    return any(step.refused is not None for step in scenario.steps)


@pytest.mark.parametrize("name", DOMAINS)
def test_each_rule_accepts_something_and_refuses_something(name: str) -> None:
    told = _told(name)
    view = service_view(DOMAINS[name]())
    for rule in view.rules:
        sides = {_refused(scenario) for scenario in told.get(rule.requirement, [])}
        assert True in sides, rule.statement
        always = view.entity(rule.entity).never_changed or view.entity(rule.entity).never_deleted
        assert always or False in sides, rule.statement


@pytest.mark.parametrize("name", DOMAINS)
def test_no_two_scenarios_have_the_same_name(name: str) -> None:
    names = [(each.requirement, each.topic, each.name) for each in _scenarios(name)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", DOMAINS)
def test_only_records_that_are_used_have_names(name: str) -> None:
    for scenario in _scenarios(name):
        changes = [*(step.changes for step in scenario.steps), *scenario.rows]
        used = {v.name for each in changes for v in each.values() if isinstance(v, Ref)}
        used |= {step.name for step in scenario.steps if step.action != "make"}
        named = {step.name for step in scenario.steps if step.action == "make"} - {""}
        assert named <= used


def test_a_limit_is_reached_and_one_more_is_refused() -> None:
    view = service_view(library())
    named = {each.name: each for each in scenarios(view) if each.topic.startswith("members_can")}
    loan, member = view.entity("Loan"), view.entity("Member")
    of_member: Changes = {"member_id": Ref("member")}
    makes = Step("make", member, name="member")
    assert named["accepts_the_limit"].steps == (
        makes,
        Step("make", loan, of_member, times=4),
        Step("post", loan, of_member),
    )
    refused = named["refuses_one_more"].steps
    assert refused[:2] == (makes, Step("make", loan, of_member, times=5))
    assert [(step.action, step.changes, step.status) for step in refused[2:]] == [
        ("post", of_member, 409)
    ]
    assert {step.status for step in named["frees_a_place_by_a_deletion"].steps[3:]} == {204, 201}


def test_a_report_is_told_over_records_and_over_none() -> None:
    told = [each for each in scenarios(service_view(library())) if each.path]
    assert {each.name for each in told} == {"adds_up", "of_nothing"}
    assert all(each.rows for each in told if each.name == "adds_up")
    assert all(not each.steps for each in told if each.name == "of_nothing")
