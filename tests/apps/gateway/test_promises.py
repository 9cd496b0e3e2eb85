"""What the gateway promises holds when many ask at once and servers go away in between."""

import asyncio
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from tests.apps.gateway.test_completions import ASKED, CONFIGURATION, LONG, ask, rows, said, served
from tests.support.gateway import ADMIN, KEY, gateway, hashed, written
from tests.support.model_server import ErrorReply, ModelServer, TextReply
from tests.support.redis_server import redis_server

ALWAYS = TextReply(content="Hello, Ada.", times=None)
CACHED = CONFIGURATION + "cache: {seconds: 60}\n"


def with_key(more: str, base: str = CONFIGURATION) -> str:
    """The configuration with more said of its key."""
    return base.replace('hash: "KEY"', f'hash: "KEY", {more}')


@pytest.mark.parametrize("shared", [False, True], ids=["memory", "redis"])
async def test_of_two_hundred_calls_against_money_for_ten_ten_are_paid(
    tmp_path: Path, redis_url: str, *, shared: bool
) -> None:
    # Each of them costs 18 dollars, and holds more back until that is known.
    budget = with_key("budgets: [{usd: 180, per: lifetime}]")
    configuration = (f"redis: {redis_url}\n" if shared else "") + budget
    configuration = configuration.replace("acme", tmp_path.name)
    slow = TextReply(content="x", times=None, delay_seconds=0.2)
    async with served(tmp_path, [slow], configuration=configuration) as (client, one, _):
        answers: Counter[int] = Counter()
        while True:
            many = await asyncio.gather(*(ask(client, max_tokens=1) for _ in range(200)))
            wave = Counter(response.status_code for response in many)
            answers += wave
            if not wave[200]:
                break
        assert len(one.requests) == answers[200]
        spent = sum((Decimal(row.cost or 0) for row in rows(tmp_path)), Decimal(0)) / 10**12
    assert set(answers) == {200, 402}
    assert 100 < spent <= 180


async def test_as_many_calls_at_once_as_come_are_answered_over_one_redis(
    tmp_path: Path, redis_url: str
) -> None:
    # given: a key whose every call asks Redis for money, for a place and for an answer
    budget = with_key("budgets: [{usd: 1000000}], rates: {concurrent: 1000}", CACHED)
    configuration = f"redis: {redis_url}\n" + budget.replace("acme", tmp_path.name)
    async with served(tmp_path, [ALWAYS], [ALWAYS], configuration=configuration) as (client, *_):
        # when: more calls come at once than a client of Redis has connections
        asked = (ask(client, user=f"{number}", max_tokens=1) for number in range(150))
        many = await asyncio.gather(*asked)
    # then: nobody is turned away
    assert Counter(response.status_code for response in many) == {200: 150}


async def test_a_model_without_a_price_fits_into_no_budget(tmp_path: Path) -> None:
    configuration = with_key("budgets: [{usd: 1}]").replace(", PRICE", "")
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, one, _):
        response = await ask(client)
        assert response.status_code == 402
        assert "give its deployments a price" in response.json()["error"]["message"]
        assert one.requests == []


async def test_a_key_asks_no_more_than_its_limit_and_is_told_when_to_come_back(
    tmp_path: Path,
) -> None:
    configuration = with_key("rates: {requests_a_minute: 3}")
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, one, _):
        responses = await asyncio.gather(*(ask(client) for _ in range(10)))
        counted = Counter(response.status_code for response in responses)
        assert counted == {200: 3, 429: 7}
        refused = next(response for response in responses if response.status_code == 429)
        assert int(refused.headers["retry-after"]) >= 1
        assert len(one.requests) == 3


@pytest.mark.parametrize("stream", [False, True])
async def test_the_same_question_is_answered_from_the_cache_for_its_organisation_alone(
    tmp_path: Path, *, stream: bool
) -> None:
    other = "ql_" + "o" * 43
    configuration = CACHED.replace(
        "organisations: {", 'organisations: {other: {keys: {x: {hash: "OTHER"}}}, '
    )
    configuration = configuration.replace("OTHER", hashed(other))
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, one, _):
        first, second = await ask(client, stream=stream), await ask(client, stream=stream)
        third = await ask(client, stream=stream, headers={"authorization": f"Bearer {other}"})
        outcomes = [response.headers["x-ql-cache"] for response in (first, second, third)]
        assert outcomes == ["miss", "hit", "miss"]
        assert said(first) == said(second) == said(third) == "Hello, Ada."
        assert len(one.requests) == 2


async def test_answers_of_tools_and_of_chance_are_not_kept_unless_asked_for(
    tmp_path: Path,
) -> None:
    tools = [{"type": "function", "function": {"name": "delete", "parameters": {}}}]
    async with served(tmp_path, [ALWAYS], configuration=CACHED) as (client, *_):
        for more in ({"tools": tools}, {"temperature": 1}):
            assert (await ask(client, **more)).headers["x-ql-cache"] == "off"
            wanted = {"x-ql-cache": "on"}
            assert (await ask(client, headers=wanted, **more)).headers["x-ql-cache"] == "miss"
            assert (await ask(client, headers=wanted, **more)).headers["x-ql-cache"] == "hit"


async def test_an_idempotency_key_is_answered_once_however_many_ask_with_it(
    tmp_path: Path,
) -> None:
    slow = TextReply(content="Hello, Ada.", delay_seconds=0.3)
    async with served(tmp_path, [slow]) as (client, one, _):
        key = {"idempotency-key": "k1"}
        many = await asyncio.gather(*(ask(client, headers=key) for _ in range(20)))
        counted = Counter(response.status_code for response in many)
        assert counted == {200: 1, 409: 19}
        again = await ask(client, headers=key)
        assert said(again) == "Hello, Ada."
        assert again.headers["idempotency-replayed"] == "true"
        assert (await ask(client, headers=key, max_tokens=5)).status_code == 422
        assert len(one.requests) == 1


async def test_an_answer_that_was_lost_on_the_way_is_there_when_asked_again(
    tmp_path: Path,
) -> None:
    slow = TextReply(content=LONG, delay_seconds=0.5)
    async with served(tmp_path, [slow]) as (client, one, _):
        key = {"idempotency-key": "k1"}
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/v1/chat/completions", json=ASKED, headers=key, timeout=0.2)
        async with asyncio.timeout(20):
            while (again := await ask(client, headers=key)).status_code == 409:  # noqa: ASYNC110 - as a client does
                await asyncio.sleep(0.1)
        assert said(again) == LONG
        assert len(one.requests) == 1


async def test_a_failure_is_no_answer_under_a_key(tmp_path: Path) -> None:
    script = [ErrorReply(status=500), TextReply(content="Hello, Ada.")]
    async with served(tmp_path, script, [ErrorReply(status=500)]) as (client, *_):
        key = {"idempotency-key": "k1"}
        assert (await ask(client, headers=key)).status_code == 502
        assert said(await ask(client, headers=key)) == "Hello, Ada."


@pytest.mark.slow
async def test_without_redis_money_and_promises_stop_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with redis_server() as redis:
        base = f"redis: {redis.url}\n{CACHED}"
        money = base.replace(
            "organisations: {",
            'organisations: {rich: {budgets: [{usd: 9999}], keys: {x: {hash: "ADMIN"}}}, ',
        )
        async with served(tmp_path, [ALWAYS], configuration=money) as (client, *_):
            rich = {"authorization": f"Bearer {ADMIN}"}
            assert (await ask(client, headers=rich)).status_code == 200
            await redis.stop()
            refused = await ask(client, headers=rich, max_tokens=7)
            assert refused.status_code == 503
            assert "nothing is spent" in refused.json()["error"]["message"]
            assert (await ask(client, headers={"idempotency-key": "k"})).status_code == 503
            answered = await ask(client, max_tokens=8)
            assert answered.status_code == 200
            assert answered.headers["x-ql-cache"] == "unavailable"
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["parts"]["redis"]) == (503, "down")
            await redis.start()
            async with asyncio.timeout(30):
                while (await ask(client, headers=rich, max_tokens=9)).status_code != 200:  # noqa: ASYNC110 - as a client does
                    await asyncio.sleep(0.2)


async def test_a_reload_drops_no_request_and_a_wrong_file_changes_nothing(tmp_path: Path) -> None:
    slow = TextReply(content="Hello, Ada.", times=None, delay_seconds=0.05)
    async with ModelServer([slow]) as server:
        text = CONFIGURATION.replace("ONE", server.base_url).replace("TWO", server.base_url)
        text = text.replace("PRICE", "weight: 1")
        async with gateway(tmp_path, text) as client:
            reloading = asyncio.create_task(_reload_again_and_again(tmp_path, text))
            statuses: Counter[int] = Counter()
            for _ in range(15):
                many = await asyncio.gather(*(ask(client) for _ in range(20)))
                statuses.update(response.status_code for response in many)
            reloading.cancel()
            assert statuses == {200: 300}


async def test_after_a_reload_nobody_tells_of_deployments_that_are_gone(tmp_path: Path) -> None:
    broken = ErrorReply(status=500, times=None)
    async with served(tmp_path, [broken], [ALWAYS]) as (client, *_):
        for number in range(5):
            assert (await ask(client, max_tokens=number + 1)).status_code == 200
        assert (await client.get("/readyz")).json()["resting"] == ["one/a"]
        assert 'deployment="one/a"' in (await client.get("/metrics")).text
        path = tmp_path / "gateway.yaml"
        kept = [line for line in path.read_text().splitlines() if "{model: one/a" not in line]
        price = "price: {input: 1000000, output: 1000000}"
        kept.insert(-1, f"    deployments: [{{model: two/b, {price}}}]")
        path.write_text("\n".join(kept))
        async with asyncio.timeout(20):
            while (await client.get("/readyz")).json()["resting"]:  # noqa: ASYNC110 - as a client does
                await asyncio.sleep(0.1)
        metrics = (await client.get("/metrics")).text
        assert 'deployment="one/a"' not in metrics
        assert 'ql_gateway_circuit_admits{deployment="two/b"} 1.0' in metrics


async def _reload_again_and_again(folder: Path, text: str) -> None:
    path = folder / "gateway.yaml"
    for turn in range(1_000):
        wrong = "providers: [" if turn % 3 == 2 else text
        path.write_text(written(folder, f"{wrong}\n# {turn}\n"))
        await asyncio.sleep(0.3)


async def test_modules_refuse_mask_and_restore(tmp_path: Path) -> None:
    modules = (
        "modules: {personal: {module: personal-data}, secrets: {module: secrets}}\n"
        + CONFIGURATION.replace("keys: {ci", "modules: [personal, secrets], keys: {ci")
    )

    def echo(body: dict[str, object]) -> str:
        return f"You wrote: {json.dumps(body['messages'])}"

    async with ModelServer(echo) as server:
        text = modules.replace("ONE", server.base_url).replace("TWO", server.base_url)
        async with gateway(tmp_path, text.replace("PRICE", "weight: 1")) as client:
            messages = [
                {
                    "role": "user",
                    "content": "Write to ada.lovelace@post.lovelace-family.net, please",
                }
            ]
            for stream in (False, True):
                answer = await ask(client, messages=messages, stream=stream)
                assert "ada.lovelace@post.lovelace-family.net" in said(answer)
            assert "ada.lovelace" not in json.dumps([one.body for one in server.requests])
            asked = len(server.requests)
            token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
            refused = await ask(client, messages=[{"role": "user", "content": f"use {token}"}])
            assert refused.status_code == 400
            assert refused.json()["error"]["code"] == "content_filter"
            assert token not in refused.text
            assert len(server.requests) == asked


@pytest.mark.parametrize("stream", [False, True])
async def test_what_was_masked_for_one_person_is_not_restored_for_another(
    tmp_path: Path, *, stream: bool
) -> None:
    modules = "modules: {personal: {module: personal-data}}\n" + CACHED.replace(
        "keys: {ci", "modules: [personal], keys: {ci"
    )

    def echo(body: dict[str, object]) -> str:
        return f"You wrote: {json.dumps(body['messages'])}"

    async with ModelServer(echo) as server:
        text = modules.replace("ONE", server.base_url).replace("TWO", server.base_url)
        async with gateway(tmp_path, text.replace("PRICE", "weight: 1")) as client:
            for name, cache in (("ada", "miss"), ("grace", "miss"), ("ada", "hit")):
                address = f"{name}@post.lovelace-family.net"
                messages = [{"role": "user", "content": f"Write to {address}, please"}]
                answer = await ask(client, messages=messages, stream=stream)
                assert address in said(answer)
                assert answer.headers["x-ql-cache"] == cache


async def test_an_administrator_makes_rotates_and_revokes_keys_and_all_stands_in_the_log(
    tmp_path: Path,
) -> None:
    configuration = f'admin: ["ADMIN"]\n{CONFIGURATION}'
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, *_):
        admin = {"authorization": f"Bearer {ADMIN}"}
        keys = "/admin/organisations/acme/keys"
        made = await client.post(keys, json={"name": "new", "models": ["fast"]}, headers=admin)
        secret = {"authorization": f"Bearer {made.json()['key']}"}
        assert (await ask(client, headers=secret)).status_code == 200
        rotated = await client.post(f"{keys}/new/rotate", headers=admin)
        fresh = {"authorization": f"Bearer {rotated.json()['key']}"}
        assert {(await ask(client, headers=one)).status_code for one in (secret, fresh)} == {200}
        await client.delete(f"{keys}/new", headers=admin)
        assert {(await ask(client, headers=one)).status_code for one in (secret, fresh)} == {401}
        wrong = await client.patch(
            "/admin/configuration", json={"models": {"fast": {"colour": 1}}}, headers=admin
        )
        assert wrong.status_code == 400
        changes = (await client.get("/admin/changes", headers=admin)).json()
        assert len(changes) == 3
        shown = await client.get("/admin/configuration", headers=admin)
        assert "sk-one" not in shown.text
        for path in ("/admin/changes", "/admin/configuration"):
            assert (await client.get(path)).status_code == 401, f"{KEY} is no administrator's"
