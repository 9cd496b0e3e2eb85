"""Whose calls are held against which budget."""

from uuid import uuid4

import pytest

from quantumlayer.gateway.audit import Payer
from quantumlayer.gateway.audit.spending import payer_of
from quantumlayer.gateway.dialects import Asked
from quantumlayer.gateway.serving.accounts import limits_of
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.tenants import callers
from quantumlayer.router.configuration import read_text

BUDGETS = "budgets: [{usd: 1}, {usd: 2, per: run}]"
TEXT = f"""\
providers: {{one: {{}}}}
organisations:
  acme:
    {BUDGETS}
    projects: {{search: {{{BUDGETS}}}}}
    keys:
      ci: {{hash: "sha256:{"a" * 64}", project: search, {BUDGETS}}}
      cd: {{hash: "sha256:{"b" * 64}", {BUDGETS}}}
"""
RUN = "run:1/2"


@pytest.mark.parametrize(
    ("key", "owners"),
    [
        ("ci", [("acme", None, None), ("acme", "search", None), ("acme", "search", "ci")]),
        ("cd", [("acme", None, None), ("acme", None, "cd")]),
    ],
)
def test_a_budget_is_paid_from_by_those_whom_the_configuration_puts_under_it(
    key: str, owners: list[tuple[str, str | None, str | None]]
) -> None:
    known = callers(read_text(TEXT, {})).by_hash.values()
    caller = next(one for one in known if one.key == key)
    call = Call(uuid4(), "chat", caller, Asked(model="fast", body={}), run=RUN)
    payers = [payer_of(limit.scope) for limit in limits_of(call)]
    assert payers == [Payer(*owner, run) for run in (None, RUN) for owner in owners]
