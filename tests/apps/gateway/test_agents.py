"""Runs and the gateway's clients of one organisation spend from the same budgets."""

from pathlib import Path

from quantumlayer.core.settings import ModelSettings
from quantumlayer.gateway.tenants import callers
from quantumlayer.router import agent_rules
from quantumlayer.router.configuration import read_text

HASH = "a" * 64
CONFIGURATION = f"""\
providers: {{here: {{wire: in_process}}}}
organisations:
  acme:
    budgets: [{{usd: 10, per: day}}, {{usd: 100, per: month}}]
    projects:
      search: {{budgets: [{{usd: 2, per: lifetime}}]}}
    keys:
      ci: {{hash: "sha256:{HASH}", project: search}}
agents: {{organisation: acme, project: search}}
"""


def test_the_scopes_of_agents_are_those_of_a_key_of_their_project(tmp_path: Path) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text(CONFIGURATION)
    rules = agent_rules(ModelSettings(_env_file=None, model_configuration=file), {})
    client = callers(read_text(CONFIGURATION, {})).by_hash[HASH]
    assert set(rules.limits(None)) == set(client.budgets)
    assert len(rules.limits(None)) == 3
