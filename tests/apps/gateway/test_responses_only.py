"""Models that only OpenAI's Responses serves answer clients of every format."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.apps.gateway.test_clients import of_anthropic, of_openai
from tests.apps.gateway.test_completions import rows
from tests.support.gateway import gateway
from tests.support.raw_server import Answer, raw_server, streamed

REPLIES = Path(__file__).parents[2] / "packages" / "router" / "replies"
CONFIGURATION = """\
state: STATE
providers: {one: {base_url: "ONE"WIRE}}
models: {fast: {deployments: [{model: one/MODEL}]}}
organisations: {acme: {keys: {ci: {hash: "KEY"}}}}
"""
ASKED: Any = [{"role": "user", "content": "Hello"}]


def reply(name: str) -> Answer:
    """A kept stream, as the provider sends it."""
    events = json.loads((REPLIES / f"{name}.json").read_text(encoding="utf-8"))["events"]
    lines = [f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in events]
    return streamed(*(line.encode() for line in lines))


@pytest.mark.parametrize(
    ("wire", "model"), [("", "gpt-5-codex"), (", wire: openai_responses", "a-model-of-ours")]
)
async def test_every_client_is_answered(tmp_path: Path, wire: str, model: str) -> None:
    async with raw_server(reply("responses-plain-stream")) as one:
        text = CONFIGURATION.replace("ONE", one.url).replace("WIRE", wire).replace("MODEL", model)
        async with gateway(tmp_path, text) as client:
            address = str(client.base_url).rstrip("/")
            async with of_openai(address) as openai, of_anthropic(address) as anthropic:
                chat = await openai.chat.completions.create(model="fast", messages=ASKED)
                response = await openai.responses.create(model="fast", input="Hello")
                async with anthropic.messages.stream(
                    model="fast", max_tokens=99, messages=ASKED
                ) as stream:
                    words = "".join([text async for text in stream.text_stream])
    assert chat.choices[0].message.content == response.output_text == words == "Hello, Ada."
    assert {head.split()[1] for head in one.heads} == {"/v1/responses"}
    for row in rows(tmp_path):
        counted = (row.input_tokens, row.output_tokens, row.cached_tokens, row.reasoning_tokens)
        assert counted == (37, 11, 16, 4)


async def test_calls_of_tools_arrive_as_such(tmp_path: Path) -> None:
    tools: Any = [{"type": "function", "function": {"name": "read", "parameters": {}}}]
    async with raw_server(reply("responses-thoughts-and-parallel-calls")) as one:
        text = CONFIGURATION.replace("ONE", one.url).replace("WIRE", "")
        async with (
            gateway(tmp_path, text.replace("MODEL", "o3-pro")) as client,
            of_openai(str(client.base_url).rstrip("/")) as openai,
        ):
            answer = await openai.chat.completions.create(model="fast", messages=ASKED, tools=tools)
    calls = answer.choices[0].message.tool_calls or ()
    assert [call.id for call in calls] == ["call_a", "call_b"]
    assert answer.choices[0].finish_reason == "tool_calls"
