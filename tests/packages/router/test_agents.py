"""What a configuration says of agents holds for them; what is wrong with it is said with lines."""

from decimal import Decimal
from pathlib import Path

import pytest

from quantumlayer.core.settings import ModelSettings, SettingsError
from quantumlayer.router import AgentRules, agent_rules
from quantumlayer.router.guardrails import Exchange, Refusal
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.money import Limit, Period, Scope, ScopeKind
from quantumlayer.router.routing import Wishes

CONFIGURATION = """\
providers:
  openai: {api_key: "${KEY}"}
modules:
  personal: {module: personal-data}
  keys: {module: secrets}
organisations:
  acme:
    models: ["openai/*"]
    modules: [personal]
    budgets: [{usd: 10, per: day}]
    projects:
      search: {modules: [keys], budgets: [{usd: 2, per: month}]}
      plain: {}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "gateway.yaml"


def rules(file: Path, text: str) -> AgentRules:
    file.write_text(text)
    settings = ModelSettings(_env_file=None, model_configuration=file)
    return agent_rules(settings, {"KEY": "sk-of-the-test"})


async def refusal(found: AgentRules, text: str) -> str | None:
    assert found.pipeline is not None
    seen = await found.pipeline.open().before(Exchange("openai/x", (text,)))
    return seen.module if isinstance(seen, Refusal) else None


def test_without_a_configuration_nothing_holds() -> None:
    assert agent_rules(ModelSettings(_env_file=None)) == AgentRules()


def test_a_configuration_without_agents_only_brings_its_groups(file: Path) -> None:
    found = rules(file, CONFIGURATION)
    assert found.configuration is not None
    assert (found.pipeline, found.limits("run"), found.models) == (None, (), ())


def test_what_holds_for_the_organisation_holds_for_its_agents(file: Path) -> None:
    found = rules(file, f"{CONFIGURATION}agents: {{organisation: acme}}\n")
    scope = Scope("acme", ScopeKind.ORGANISATION, "acme", Period.DAY)
    assert found.limits(None) == (Limit(scope, Decimal(10)),)
    assert found.models == (("openai/*",), None)
    assert found.pipeline is not None


async def test_a_project_has_modules_and_budgets_of_its_own(file: Path) -> None:
    found = rules(file, f"{CONFIGURATION}agents: {{organisation: acme, project: search}}\n")
    assert [str(limit.scope) for limit in found.limits(None)] == [
        "organisation acme, day",
        "project acme/search, month",
    ]
    assert await refusal(found, "AKIAZ7Q3MNOPLKJH2RTY") == "keys"
    assert ("keys", "request", "refused", 1) in list(found.counted())


async def test_a_project_without_modules_has_those_of_its_organisation(file: Path) -> None:
    found = rules(file, f"{CONFIGURATION}agents: {{organisation: acme, project: plain}}\n")
    assert await refusal(found, "AKIAZ7Q3MNOPLKJH2RTY") is None
    assert {module for module, *_ in found.counted()} == {"personal"}


def test_a_budget_for_each_run_is_of_that_run_alone(file: Path) -> None:
    text = CONFIGURATION.replace("{usd: 10, per: day}", "{usd: 3, per: run}")
    found = rules(file, f"{text}agents: {{organisation: acme}}\n")
    assert [str(limit.scope) for limit in found.limits("r1")] == ["run acme:r1, lifetime"]
    assert found.limits(None) == ()


def test_rates_and_routes_of_organisation_and_project_hold_together(file: Path) -> None:
    text = CONFIGURATION.replace(
        "    modules: [personal]\n",
        "    modules: [personal]\n"
        "    rates: {requests_a_minute: 600}\n"
        "    routes: {regions: [eu, us], only: true}\n",
    ).replace(
        "plain: {}", "plain: {rates: {concurrent: 2}, routes: {regions: [us], tags: [small]}}"
    )
    models = (
        "models: {fast: {deployments: [{model: openai/x, region: eu, tags: [small]},"
        " {model: openai/x, region: us}]}}\n"
    )
    found = rules(file, f"{text}{models}agents: {{organisation: acme, project: plain}}\n")
    assert found.rates == (
        RateLimit("project:acme/plain", concurrent=2),
        RateLimit("organisation:acme", requests_per_minute=600),
    )
    assert found.wishes == Wishes(
        tags=frozenset({"small"}), regions=("us", "eu"), region_required=True
    )


@pytest.mark.parametrize(
    ("agents", "said"),
    [
        ("{organisation: acne}", "there is no organisation 'acne'; did you mean 'acme'?"),
        ("{organisation: acme, project: serch}", "there is no project 'serch'; did you mean"),
        ("{}", "agents.organisation: this is missing"),
    ],
)
def test_what_leads_nowhere_is_said_with_its_line(file: Path, agents: str, said: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        rules(file, f"{CONFIGURATION}agents: {agents}\n")
    assert str(wrong.value).startswith("QL_MODEL_CONFIGURATION: gateway.yaml:14:")
    assert said in str(wrong.value)


def test_a_module_that_cannot_be_made_is_said(file: Path) -> None:
    text = CONFIGURATION.replace("{module: secrets}", "{module: secrets, settings: {remedy: eat}}")
    with pytest.raises(SettingsError, match=r"modules\.keys\.settings: remedy: "):
        rules(file, f"{text}agents: {{organisation: acme, project: search}}\n")


def test_so_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    settings = ModelSettings(_env_file=None, model_configuration=tmp_path / "none.yaml")
    with pytest.raises(SettingsError, match=r"none\.yaml.*this file cannot be read"):
        agent_rules(settings)
