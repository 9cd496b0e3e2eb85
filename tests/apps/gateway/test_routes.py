"""Where a call goes, and how much of all is left for it: tags, regions, prices, rates, runs."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.apps.gateway.test_completions import CONFIGURATION, ask, rows, said, served
from tests.support.gateway import ADMIN
from tests.support.model_server import TextReply

ONE, TWO = TextReply(content="one", times=None), TextReply(content="two", times=None)
CHEAP = """\
state: STATE
providers: {one: {base_url: "ONE"}, two: {base_url: "TWO"}}
models:
  fast:
    strategy: lowest_cost
    deployments:
      - {model: one/a, tags: [safe], region: us, price: {input: 2, output: 1}}
      - {model: two/b, tags: [safe, small], region: eu, price: {input: 1, output: 4}}
organisations:
  acme:
    projects: {search: {}}
    keys: {ci: {hash: "KEY", project: search}}
"""


async def answered(client: httpx.AsyncClient, **more: object) -> str:
    response = await ask(client, **more)
    return said(response) if response.status_code == 200 else str(response.status_code)


async def test_the_cheapest_deployment_for_what_is_asked_goes_first(tmp_path: Path) -> None:
    async with served(tmp_path, [ONE], [TWO], CHEAP) as (client, *_):
        # Few words in and many out are dear with the second, and the other way round.
        assert await answered(client, max_tokens=1_000) == "one"
        long = [{"role": "user", "content": "word " * 4_000}]
        assert await answered(client, max_tokens=1, messages=long) == "two"


async def test_what_a_long_prompt_costs_counts_where_it_is_long(tmp_path: Path) -> None:
    dear = "price: {input: 0.1, output: 1, tiers: [{from_tokens: 5000, input: 9, output: 9}]}"
    tiered = CHEAP.replace("price: {input: 2, output: 1}", dear)
    async with served(tmp_path, [ONE], [TWO], tiered) as (client, *_):
        for words, expected in ((1_000, "one"), (4_000, "two")):
            said = [{"role": "user", "content": "word " * words}]
            assert await answered(client, max_tokens=1, messages=said) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-ql-tags": "small"}, "two"),
        ({"x-ql-tags": "safe , small"}, "two"),
        ({"x-ql-regions": "eu, us"}, "two"),
        ({"x-ql-regions": "us"}, "one"),
        ({"x-ql-regions": "mars"}, "one"),
        ({"x-ql-tags": "huge"}, "400"),
        ({"x-ql-strategy": "cheapest"}, "400"),
    ],
)
async def test_a_request_says_which_deployments_it_wants(
    tmp_path: Path, headers: dict[str, str], expected: str
) -> None:
    async with served(tmp_path, [ONE], [TWO], CHEAP) as (client, *_):
        assert await answered(client, max_tokens=1_000, headers=headers) == expected


async def test_what_nobody_offers_is_said(tmp_path: Path) -> None:
    async with served(tmp_path, [ONE], [TWO], CHEAP) as (client, one, two):
        response = await ask(client, headers={"x-ql-tags": "huge"})
        assert "no deployment of 'fast' has the tag 'huge'" in response.text
        assert not one.requests + two.requests
        assert [row.error for row in rows(tmp_path)] == ["bad_request"]


async def test_an_organisation_that_must_stay_in_a_region_stays_in_it(tmp_path: Path) -> None:
    kept = CHEAP.replace("  acme:\n", "  acme:\n    routes: {regions: [eu], only: true}\n")
    async with served(tmp_path, [ONE], [TWO], kept) as (client, one, _):
        for headers in ({}, {"x-ql-regions": "us"}, {"x-ql-strategy": "weighted"}):
            assert await answered(client, max_tokens=1_000, headers=headers) == "two"
        assert not one.requests


@pytest.mark.parametrize(
    ("level", "owner"),
    [("  acme:\n", "the organisation 'acme'"), ("{search: {", "the project 'search'")],
    ids=["organisation", "project"],
)
async def test_rates_of_project_and_organisation_hold_for_all_their_keys_together(
    tmp_path: Path, level: str, owner: str
) -> None:
    rates = "rates: {requests_a_minute: 3}"
    more = f"{level}    {rates}\n" if level.endswith("\n") else level + rates
    limited = CHEAP.replace(level, more).replace(
        "project: search}}", 'project: search}, other: {hash: "ADMIN", project: search}}'
    )
    async with served(tmp_path, [ONE], [TWO], limited) as (client, *_):
        other = {"authorization": f"Bearer {ADMIN}"}
        many = await asyncio.gather(
            *(ask(client, headers=other if n % 2 else None) for n in range(10))
        )
        assert Counter(one.status_code for one in many) == {200: 3, 429: 7}
        refused = next(one for one in many if one.status_code == 429)
        assert owner in refused.text


async def test_every_run_has_a_budget_of_its_own(tmp_path: Path) -> None:
    # Each call costs 18 dollars, and holds more back until that is known.
    budget = CONFIGURATION.replace('hash: "KEY"', 'hash: "KEY", budgets: [{usd: 100, per: run}]')
    async with served(tmp_path, [ONE], configuration=budget) as (client, *_):

        async def of_run(name: str) -> Counter[int]:
            headers = {"x-ql-run": name}
            many = [await ask(client, max_tokens=1, headers=headers) for _ in range(8)]
            return Counter(one.status_code for one in many)

        first, second = await of_run("r1"), await of_run("r2")
        assert first == second
        assert 0 < first[200] <= 5
        assert first[402] == 8 - first[200]
        unnamed = await ask(client)
        assert unnamed.status_code == 400
        assert "name the run in `X-QL-Run`" in unnamed.text
