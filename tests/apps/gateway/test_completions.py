"""A completion from a client's request to its audit row, before real servers."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from quantumlayer.gateway.audit import AuditRow, read_segment
from tests.support.gateway import gateway
from tests.support.model_server import (
    Break,
    ErrorReply,
    ModelServer,
    ScriptedCall,
    ScriptedReply,
    Silence,
    StreamError,
    TextReply,
)

PRICE = "price: {input: 1000000, output: 1000000}"
CONFIGURATION = """\
state: STATE
providers:
  one: {base_url: "ONE", api_key: sk-one}
  two: {base_url: "TWO", api_key: sk-two}
models:
  fast:
    strategy: in_order
    deployments: [{model: one/a, PRICE}, {model: two/b, PRICE}]
organisations: {acme: {keys: {ci: {hash: "KEY"}}}}
"""
ASKED: dict[str, Any] = {"model": "fast", "messages": [{"role": "user", "content": "Hello"}]}
LONG = "".join(f"Sentence {n} says {n * n} of {n * 37 % 101} things. " for n in range(20))


@asynccontextmanager
async def served(
    folder: Path,
    one: Sequence[ScriptedReply],
    two: Sequence[ScriptedReply] = (),
    configuration: str = CONFIGURATION,
) -> AsyncIterator[tuple[httpx.AsyncClient, ModelServer, ModelServer]]:
    async with ModelServer(one) as first, ModelServer(two) as second:
        text = configuration.replace("ONE", first.base_url).replace("TWO", second.base_url)
        async with gateway(folder, text.replace("PRICE", PRICE)) as client:
            yield client, first, second


async def ask(client: httpx.AsyncClient, **more: object) -> httpx.Response:
    headers = more.pop("headers", None)
    return await client.post(
        "/v1/chat/completions",
        json={**ASKED, **more},
        headers=headers,  # type: ignore[arg-type] # a mapping wherever it is given
    )


def said(response: httpx.Response) -> str:
    """The words of an answer, whole or streamed."""
    if "event-stream" not in response.headers["content-type"]:
        return str(response.json()["choices"][0]["message"]["content"])
    pieces = [
        json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")
    ]
    choices = [choice for piece in pieces for choice in piece.get("choices", ())]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def rows(folder: Path) -> list[AuditRow]:
    segments = sorted((folder / "state" / "audit").glob("*.audit"))
    return [row for segment in segments for row in read_segment(segment)]


@pytest.mark.parametrize("stream", [False, True])
async def test_an_answer_reaches_the_client_and_the_audit(tmp_path: Path, stream: bool) -> None:
    async with served(tmp_path, [TextReply(content="Hello, Ada.", cached_tokens=4)]) as (
        client,
        *_,
    ):
        response = await ask(client, stream=stream, headers={"x-ql-run": "r1", "x-ql-file": "a.py"})
        assert response.status_code == 200
        assert said(response) == "Hello, Ada."
        [row] = rows(tmp_path)
    assert (row.status, row.deployment, row.run, row.file) == (200, "one/a", "r1", "a.py")
    assert (row.input_tokens, row.output_tokens, row.cached_tokens) == (11, 7, 4)
    assert row.cost == 18 * 10**12
    assert str(row.id) == response.headers["x-request-id"]


async def test_the_provider_gets_its_own_key_and_name_and_nothing_of_ours(tmp_path: Path) -> None:
    async with served(tmp_path, [TextReply(content="x")]) as (client, one, _):
        await ask(client, top_k=3, headers={"x-ql-run": "r1"})
        [request] = one.requests
    assert request.body["model"] == "a"
    assert request.body["top_k"] == 3
    assert request.headers["authorization"] == "Bearer sk-one"
    assert "x-ql-run" not in request.headers


async def test_what_a_module_did_stands_in_the_metrics(tmp_path: Path) -> None:
    masked = CONFIGURATION.replace("acme: {", "acme: {modules: [personal], ") + (
        "modules: {personal: {module: personal-data}}\n"
    )
    async with served(tmp_path, [TextReply(content="x")], configuration=masked) as (client, *_):
        await ask(client, messages=[{"role": "user", "content": "I am ada@lovelace.org"}])
        shown = (await client.get("/metrics")).text
    did = 'ql_gateway_module_total{module="personal",outcome="replaced",side="request"} 1.0'
    assert did in shown
    assert 'ql_gateway_module_seconds_total{module="personal"}' in shown


@pytest.mark.parametrize(
    ("key", "model", "status", "code"),
    [
        (None, "fast", 401, "invalid_api_key"),
        ("ql_" + "z" * 43, "fast", 401, "invalid_api_key"),
        ("right", "slow", 404, "model_not_found"),
    ],
)
async def test_who_may_not_ask_is_told_so_and_nobody_is_asked(
    tmp_path: Path, key: str | None, model: str, status: int, code: str
) -> None:
    async with served(tmp_path, [TextReply(content="x")]) as (client, one, _):
        if key != "right":
            client.headers["authorization"] = f"Bearer {key}" if key else ""
        response = await ask(client, model=model)
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)
        assert one.requests == []


@pytest.mark.parametrize(
    "trouble",
    [
        ErrorReply(status=500),
        ErrorReply(status=429, retry_after="30"),
        ErrorReply(status=529),
        ErrorReply(status=401),
        ErrorReply(status=404),
        TextReply(content="never", on_the_way=(Break(),)),
        TextReply(content="never", on_the_way=(StreamError(),)),
    ],
    ids=["500", "429", "529", "401", "404", "break", "error"],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_another_provider_answers_where_the_first_does_not(
    tmp_path: Path, trouble: ScriptedReply, stream: bool
) -> None:
    async with served(tmp_path, [trouble], [TextReply(content="from two")]) as (client, *_):
        response = await ask(client, stream=stream)
        assert said(response) == "from two"
        [row] = rows(tmp_path)
    assert (row.deployment, row.attempts) == ("two/b", 2)


async def test_what_is_wrong_with_the_request_is_asked_of_nobody_else(tmp_path: Path) -> None:
    refusal = ErrorReply(status=400, message="messages[0] is no message")
    async with served(tmp_path, [refusal], [TextReply(content="x")]) as (client, _, two):
        response = await ask(client)
        assert response.status_code == 400
        assert "messages[0] is no message" in response.json()["error"]["message"]
        assert two.requests == []


@pytest.mark.parametrize("stream", [False, True])
async def test_an_answer_that_breaks_off_is_ended_by_another_provider(
    tmp_path: Path, stream: bool
) -> None:
    begun = TextReply(content=LONG, on_the_way=(Break(after=200),))
    async with served(tmp_path, [begun], [TextReply(content=LONG[100:])]) as (client, one, two):
        response = await ask(client, stream=stream)
        assert said(response) == LONG
        assert len(one.requests) == len(two.requests) == 1
        [row] = rows(tmp_path)
    assert row.status == 200
    assert row.output_tokens > 7, "what broke off was paid for as well"


async def test_a_call_of_a_tool_that_breaks_off_is_an_error_and_is_not_made_up(
    tmp_path: Path,
) -> None:
    call = ScriptedCall(name="delete", arguments='{"path": "a/long/path/to/something"}')
    begun = TextReply(content="", tool_calls=(call,), on_the_way=(Break(after=12),))
    tools = [{"type": "function", "function": {"name": "delete", "parameters": {}}}]
    async with served(tmp_path, [begun], [TextReply(content="x")]) as (client, _, two):
        response = await ask(client, stream=True, tools=tools)
        assert '"error"' in response.text
        assert "[DONE]" not in response.text
        assert two.requests == []


async def test_a_provider_that_falls_silent_is_left(tmp_path: Path) -> None:
    configuration = CONFIGURATION.replace("sk-one}", "sk-one, silence_seconds: 0.3}")
    begun = TextReply(content=LONG, on_the_way=(Silence(after=200),))
    rest = [TextReply(content=LONG[150:])]
    async with served(tmp_path, [begun], rest, configuration) as (client, one, _):
        assert said(await ask(client, stream=True)) == LONG
        await one.hung_up()


async def test_a_client_that_goes_away_stops_the_provider_and_pays_what_came(
    tmp_path: Path,
) -> None:
    begun = TextReply(content=LONG, on_the_way=(Silence(after=200),))
    async with served(tmp_path, [begun]) as (client, one, _):
        async with client.stream(
            "POST", "/v1/chat/completions", json={**ASKED, "stream": True}
        ) as response:
            async for _ in response.aiter_bytes():
                break
        await asyncio.wait_for(one.hung_up(), 10)
        async with asyncio.timeout(10):
            while not (found := rows(tmp_path)):  # noqa: ASYNC110 - files tell nobody
                await asyncio.sleep(0.02)
    assert (found[0].status, found[0].error) == (499, "client_gone")
    assert found[0].output_tokens > 0


async def test_every_failure_is_told_when_nobody_answers(tmp_path: Path) -> None:
    broken = [ErrorReply(status=500, times=None)]
    async with served(tmp_path, broken, broken) as (client, *_):
        response = await ask(client, stream=True)
        assert response.status_code == 502
        assert response.json()["error"]["type"] == "server_error"


async def test_a_body_that_is_no_request_is_refused_with_what_is_wrong(tmp_path: Path) -> None:
    async with served(tmp_path, []) as (client, *_):
        for body, param in ((b"{", None), (b"[]", None), (b'{"model": "fast"}', "messages")):
            response = await client.post("/v1/chat/completions", content=body)
            assert response.status_code == 400
            assert response.json()["error"]["param"] == param
