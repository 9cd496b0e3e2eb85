"""The official clients of OpenAI and Anthropic, and litellm, work unchanged."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anthropic
import httpx
import httpx2
import openai
import pytest

from quantumlayer.router.providers.litellm_door import litellm
from tests.support.gateway import KEY, gateway
from tests.support.model_server import COUNTED, ModelServer, ScriptedCall, ScriptedReply, TextReply

CONFIGURATION = """\
state: STATE
providers:
  one: {base_url: "ONE", wire: WIRE}
models: {fast: {deployments: [{model: one/a}]}}
organisations: {acme: {keys: {ci: {hash: "KEY"}}}}
"""
WIRES = pytest.mark.parametrize("wire", ["openai", "anthropic"])
WEATHER: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}
CALL = ScriptedCall(name="weather", arguments='{"city": "Paris"}', id="call_1")


@asynccontextmanager
async def served(
    folder: Path, wire: str, replies: list[ScriptedReply], configuration: str = CONFIGURATION
) -> AsyncIterator[tuple[str, ModelServer]]:
    """The gateway's address, and the provider behind it."""
    async with ModelServer(replies) as server:
        text = configuration.replace("ONE", server.base_url).replace("WIRE", wire)
        async with gateway(folder, text) as client:
            yield str(client.base_url).rstrip("/"), server


def of_openai(address: str) -> openai.AsyncOpenAI:
    http = httpx.AsyncClient(trust_env=False)
    return openai.AsyncOpenAI(
        base_url=f"{address}/v1", api_key=KEY, max_retries=0, http_client=http
    )


def of_anthropic(address: str) -> anthropic.AsyncAnthropic:
    http = httpx2.AsyncClient(trust_env=False)
    return anthropic.AsyncAnthropic(base_url=address, api_key=KEY, max_retries=0, http_client=http)


@WIRES
async def test_openais_client_chats_streams_and_calls_tools(tmp_path: Path, wire: str) -> None:
    replies: list[ScriptedReply] = [
        TextReply(content="Hello, Ada."),
        TextReply(content="Hello, Ada."),
        TextReply(content="", tool_calls=(CALL,), finish_reason="tool_calls"),
    ]
    async with served(tmp_path, wire, replies) as (address, _), of_openai(address) as client:
        messages: Any = [{"role": "user", "content": "Hello"}]
        whole = await client.chat.completions.create(model="fast", messages=messages)
        assert whole.choices[0].message.content == "Hello, Ada."
        assert whole.usage is not None
        assert (whole.usage.prompt_tokens, whole.usage.completion_tokens) == (11, 7)
        stream = await client.chat.completions.create(
            model="fast", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        pieces = [piece async for piece in stream]
        words = "".join(one.choices[0].delta.content or "" for one in pieces if one.choices)
        assert words == "Hello, Ada."
        assert pieces[-1].usage is not None
        tools: Any = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
        called = await client.chat.completions.create(
            model="fast", messages=messages, tools=tools, tool_choice="auto"
        )
        calls = [
            (call.function.name, json.loads(call.function.arguments))
            for call in called.choices[0].message.tool_calls or ()
            if call.type == "function"
        ]
        assert calls == [("weather", {"city": "Paris"})]
        assert called.choices[0].finish_reason == "tool_calls"


@WIRES
async def test_openais_client_gets_responses(tmp_path: Path, wire: str) -> None:
    replies: list[ScriptedReply] = [TextReply(content="Hello, Ada.", times=2)]
    async with served(tmp_path, wire, replies) as (address, _), of_openai(address) as client:
        whole = await client.responses.create(model="fast", input="Hello")
        assert whole.output_text == "Hello, Ada."
        async with client.responses.stream(model="fast", input="Hello") as stream:
            async for _ in stream:
                pass
            final = await stream.get_final_response()
        assert final.output_text == "Hello, Ada."


@WIRES
async def test_anthropics_client_talks_streams_and_calls_tools(tmp_path: Path, wire: str) -> None:
    replies: list[ScriptedReply] = [
        TextReply(content="Hello, Ada."),
        TextReply(content="Hello, Ada."),
        TextReply(content="", tool_calls=(CALL,), finish_reason="tool_calls"),
    ]
    async with served(tmp_path, wire, replies) as (address, _), of_anthropic(address) as client:
        asked: Any = {
            "model": "fast",
            "max_tokens": 100,
            "messages": [{"role": "user", "content": "Hello"}],
        }
        whole = await client.messages.create(**asked)
        assert [block.text for block in whole.content if block.type == "text"] == ["Hello, Ada."]
        assert (whole.usage.input_tokens, whole.usage.output_tokens) == (11, 7)
        async with client.messages.stream(**asked) as stream:
            words = "".join([text async for text in stream.text_stream])
            final = await stream.get_final_message()
        assert words == "Hello, Ada."
        assert final.stop_reason == "end_turn"
        tools: Any = [{"name": "weather", "input_schema": WEATHER}]
        called = await client.messages.create(**asked, tools=tools)
        [block] = [block for block in called.content if block.type == "tool_use"]
        assert (block.name, block.input) == ("weather", {"city": "Paris"})
        assert called.stop_reason == "tool_use"


@WIRES
async def test_structured_output_is_asked_of_any_provider(tmp_path: Path, wire: str) -> None:
    answer = TextReply(content='{"city": "Paris"}')
    form: Any = {
        "type": "json_schema",
        "json_schema": {"name": "place", "schema": WEATHER, "strict": True},
    }
    async with served(tmp_path, wire, [answer]) as (address, server):
        async with of_openai(address) as client:
            whole = await client.chat.completions.create(
                model="fast",
                messages=[{"role": "user", "content": "Where?"}],
                response_format=form,
            )
        assert json.loads(whole.choices[0].message.content or "") == {"city": "Paris"}
        assert "city" in json.dumps(server.requests[0].body)


async def test_what_is_known_better_of_a_model_stands_at_its_deployment(tmp_path: Path) -> None:
    answer = TextReply(content='{"city": "Paris"}', times=2)
    text: Any = {"format": {"type": "json_schema", "name": "place", "schema": WEATHER}}
    sent = []
    for more in ("", ", profile: {structured_output: json_schema}"):
        configuration = CONFIGURATION.replace("one/a", f"one/a{more}")
        async with served(tmp_path, "openai", [answer], configuration) as (address, server):
            async with of_openai(address) as client:
                await client.responses.create(model="fast", input="Where?", text=text)
            sent.append(server.requests[0].body)
    asked_in_words, natively = sent
    assert "response_format" not in asked_in_words
    assert "city" in json.dumps(asked_in_words["messages"])
    assert natively["response_format"]["type"] == "json_schema"


async def test_clients_read_the_gateways_errors_as_their_own(tmp_path: Path) -> None:
    async with served(tmp_path, "openai", []) as (address, _):
        async with of_openai(address) as client:
            with pytest.raises(openai.NotFoundError, match="there is no model 'slow'"):
                await client.chat.completions.create(
                    model="slow", messages=[{"role": "user", "content": "x"}]
                )
            with pytest.raises(openai.AuthenticationError):
                await client.with_options(api_key="ql_wrong").models.list()
        async with of_anthropic(address) as other:
            with pytest.raises(anthropic.NotFoundError, match="there is no model 'slow'"):
                await other.messages.create(
                    model="slow", max_tokens=9, messages=[{"role": "user", "content": "x"}]
                )


@WIRES
async def test_anthropics_client_counts_tokens_and_lists_models(tmp_path: Path, wire: str) -> None:
    async with served(tmp_path, wire, []) as (address, server), of_anthropic(address) as client:
        asked: Any = {"model": "fast", "messages": [{"role": "user", "content": "Hello, world."}]}
        raw = await client.messages.with_raw_response.count_tokens(**asked)
        if wire == "anthropic":
            assert (await raw.parse()).input_tokens == COUNTED
        else:
            assert raw.headers["x-ql-estimated"] == "true"
            assert 3 <= (await raw.parse()).input_tokens < 40
        assert server.requests == []
        [model] = [model async for model in client.models.list()]
        assert (model.id, model.display_name) == ("fast", "fast")
        assert (await client.models.retrieve("fast")).created_at.year == 1970


async def test_what_modules_hide_is_not_shown_for_a_count(tmp_path: Path) -> None:
    hidden = CONFIGURATION.replace("acme: {", "acme: {modules: [personal], ") + (
        "modules: {personal: {module: personal-data}}\n"
    )
    async with ModelServer([]) as server:
        text = hidden.replace("ONE", server.base_url).replace("WIRE", "anthropic")
        async with gateway(tmp_path, text) as client, of_anthropic(str(client.base_url)) as other:
            raw = await other.messages.with_raw_response.count_tokens(
                model="fast", messages=[{"role": "user", "content": "I am ada@lovelace.org"}]
            )
            assert raw.headers["x-ql-estimated"] == "true"


async def test_clients_list_models(tmp_path: Path) -> None:
    async with served(tmp_path, "openai", []) as (address, _), of_openai(address) as client:
        assert [model.id async for model in client.models.list()] == ["fast"]
        assert (await client.models.retrieve("fast")).id == "fast"


@pytest.mark.slow
async def test_litellm_is_a_client_like_any_other(tmp_path: Path) -> None:
    module = await litellm()
    replies: list[ScriptedReply] = [TextReply(content="Hello, Ada.", times=2)]
    async with served(tmp_path, "openai", replies) as (address, _):
        asked = {
            "model": "openai/fast",
            "base_url": f"{address}/v1",
            "api_key": KEY,
            "messages": [{"role": "user", "content": "Hello"}],
        }
        whole = await module.acompletion(**asked)
        assert whole.choices[0].message.content == "Hello, Ada."
        stream = await module.acompletion(**asked, stream=True)
        words = [piece.choices[0].delta.content or "" async for piece in stream]
        assert "".join(words) == "Hello, Ada."
