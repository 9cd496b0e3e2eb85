"""The running gateway before a real model, asked by the clients of OpenAI and of Anthropic."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openai

from tests.apps.gateway.test_clients import of_anthropic, of_openai
from tests.apps.gateway.test_completions import rows
from tests.local_model.llama import MODEL, LlamaServer
from tests.support.gateway import gateway

CONFIGURATION = """\
state: STATE
providers: {llama: {base_url: "URL", first_token_seconds: 200}}
models: {fast: {deployments: [{model: llama/MODEL, profile: {structured_output: json_schema}}]}}
organisations: {acme: {keys: {ci: {hash: "KEY"}}}}
"""
ASKED = {"role": "user", "content": "Tell me about Paris."}
CHAT: dict[str, Any] = {"model": "fast", "messages": [ASKED], "temperature": 0}
COUNTED: dict[str, Any] = {**CHAT, "stream": True, "stream_options": {"include_usage": True}}
PLACE = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 20},
        "in_europe": {"type": "boolean"},
    },
    "required": ["city", "in_europe"],
    "additionalProperties": False,
}
FORM: Any = {"type": "json_schema", "json_schema": {"name": "p", "schema": PLACE, "strict": True}}


@asynccontextmanager
async def served(folder: Path, llama: LlamaServer) -> AsyncIterator[str]:
    """The gateway's address."""
    text = CONFIGURATION.replace("URL", llama.base_url).replace("MODEL", MODEL)
    async with gateway(folder, text) as client:
        yield str(client.base_url).rstrip("/")


async def words_of(stream: "openai.AsyncStream[Any]") -> tuple[list[str], list[Any]]:
    """The words of each piece, and all pieces."""
    pieces = [piece async for piece in stream]
    choices = [choice for piece in pieces for choice in piece.choices]
    return [choice.delta.content for choice in choices if choice.delta.content], pieces


async def test_openais_client_reads_an_answer_that_is_cut_off(
    tmp_path: Path, llama: LlamaServer
) -> None:
    async with served(tmp_path, llama) as address, of_openai(address) as client:
        whole = await client.chat.completions.create(**CHAT, max_tokens=12)
        stream = await client.chat.completions.create(**COUNTED, max_tokens=12)
        words, pieces = await words_of(stream)
    assert whole.choices[0].finish_reason == "length"
    assert len(words) > 5
    reasons = [choice.finish_reason for piece in pieces for choice in piece.choices]
    assert reasons[-1] == "length"
    for usage in (whole.usage, pieces[-1].usage):
        assert usage is not None
        assert usage.prompt_tokens == await llama.prompt_tokens(ASKED)
        assert usage.completion_tokens == 12
    for row in rows(tmp_path):
        counted = (row.status, row.input_tokens, row.output_tokens)
        assert counted == (200, await llama.prompt_tokens(ASKED), 12)


async def test_counts_are_the_servers_own(tmp_path: Path, llama: LlamaServer) -> None:
    async with served(tmp_path, llama) as address, of_openai(address) as client:
        stream = await client.chat.completions.create(
            **{**COUNTED, "response_format": FORM}, max_tokens=100
        )
        words, pieces = await words_of(stream)
    assert set(json.loads("".join(words))) == {"city", "in_europe"}
    usage, timings = pieces[-1].usage, pieces[-1].model_extra["timings"]
    assert usage.completion_tokens == timings["predicted_n"]
    assert usage.prompt_tokens == timings["cache_n"] + timings["prompt_n"]
    [row] = rows(tmp_path)
    assert row.output_tokens == timings["predicted_n"]
    assert row.cached_tokens == timings["cache_n"]


async def test_an_answer_has_the_form_that_was_asked_for(
    tmp_path: Path, llama: LlamaServer
) -> None:
    async with served(tmp_path, llama) as address, of_openai(address) as client:
        whole = await client.chat.completions.create(**CHAT, response_format=FORM, max_tokens=100)
        format_: Any = {"format": {"type": "json_schema", "name": "p", "schema": PLACE}}
        response = await client.responses.create(
            model="fast", input="Where is Paris?", text=format_, temperature=0
        )
    for text in (whole.choices[0].message.content, response.output_text):
        assert set(json.loads(text or "")) == {"city", "in_europe"}


async def test_anthropics_client_reads_whole_answers_and_streams(
    tmp_path: Path, llama: LlamaServer
) -> None:
    asked: Any = {"model": "fast", "messages": [ASKED], "max_tokens": 12}
    async with served(tmp_path, llama) as address, of_anthropic(address) as client:
        whole = await client.messages.create(**asked)
        async with client.messages.stream(**asked) as stream:
            words = [text async for text in stream.text_stream]
            streamed = await stream.get_final_message()
    assert len(words) > 5
    for message in (whole, streamed):
        assert message.stop_reason == "max_tokens"
        usage = message.usage
        assert usage.input_tokens + (usage.cache_read_input_tokens or 0) == (
            await llama.prompt_tokens(ASKED)
        )
        assert usage.output_tokens == 12


async def test_a_client_that_goes_away_stops_the_model_and_pays_what_came(
    tmp_path: Path, llama: LlamaServer
) -> None:
    async with served(tmp_path, llama) as address, of_openai(address) as client:
        asked = {**COUNTED, "messages": [{"role": "user", "content": "Count to a thousand."}]}
        stream = await client.chat.completions.create(**asked, max_tokens=1_500)
        async for piece in stream:
            if piece.choices and piece.choices[0].delta.content:
                break
        assert await llama.working() == 1
        await stream.close()
        await llama.idle()
        async with asyncio.timeout(10):
            while not (found := rows(tmp_path)):  # noqa: ASYNC110 - files tell nobody
                await asyncio.sleep(0.05)
    assert (found[0].status, found[0].error) == (499, "client_gone")
    assert 0 < found[0].output_tokens < 1_500
