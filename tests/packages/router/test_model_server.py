"""The scripted model server is what it says: other tests lean on it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from quantumlayer.router.providers.litellm_door import litellm
from tests.support.model_server import (
    CutOffReply,
    DroppedReply,
    ErrorReply,
    JsonReply,
    ModelServer,
    ScriptedReply,
    TextReply,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as opened:
        yield opened


def body(*texts: str, **more: object) -> dict[str, Any]:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return {"model": "scripted", "messages": messages, **more}


async def said(
    client: httpx.AsyncClient, server: ModelServer, asked: dict[str, Any], task: str = ""
) -> str:
    response = await client.post(
        f"{server.base_url}/chat/completions", json=asked, headers={"X-QL-Task": task}
    )
    message = response.json()["choices"][0]["message"]["content"]
    assert isinstance(message, str)
    return message


async def test_a_reply_is_chosen_by_task_and_text_and_used_as_often_as_it_says(
    client: httpx.AsyncClient,
) -> None:
    script = [
        TextReply(content="for b", task="b"),
        TextReply(content="for tea", contains="tea"),
        TextReply(content="twice", times=2),
        TextReply(content="always", times=None),
    ]
    async with ModelServer(script) as server:
        assert await said(client, server, body("x"), "a") == "twice"
        assert await said(client, server, body("x"), "b") == "for b"
        assert await said(client, server, body("I like tea")) == "for tea"
        assert await said(client, server, body("tea again")) == "twice"
        assert await said(client, server, body("x"), "b") == "always"
        assert [request.task for request in server.requests][:2] == ["a", "b"]
        assert len(server.asked_twice()) == 2


async def test_a_script_that_is_too_short_is_an_error(client: httpx.AsyncClient) -> None:
    async with ModelServer([]) as server:
        response = await client.post(f"{server.base_url}/chat/completions", json=body("x"))
    assert response.status_code == 400
    assert "no reply is scripted" in response.json()["error"]["message"]
    assert server.requests[0].reply == "unscripted"


async def test_cut_off_answers_of_several_conversations_do_not_mix(
    client: httpx.AsyncClient,
) -> None:
    script = [
        CutOffReply(content="one two three", cuts=(4, 8), task="a"),
        CutOffReply(content="one zwei", cuts=(4,), task="b"),
    ]
    async with ModelServer(script) as server:
        first = await said(client, server, body("q"), "a")
        other = await said(client, server, body("q"), "b")
        second = await said(client, server, body("q", first, "go on"), "a")
        rest = await said(client, server, body("q", other, "go on"), "b")
        third = await said(client, server, body("q", first + second, "go on"), "a")
    assert (first, second, third) == ("one ", "two ", "three")
    assert (other, rest) == ("one ", "zwei")


async def test_a_callable_computes_replies(client: httpx.AsyncClient) -> None:
    def shout(asked: dict[str, Any]) -> str | dict[str, Any]:
        text: str = asked["messages"][-1]["content"]
        return text.upper() if text != "json" else {"a": 1}

    async with ModelServer(shout) as server:
        assert await said(client, server, body("hello")) == "HELLO"
        assert json.loads(await said(client, server, body("json"))) == {"a": 1}


async def streamed(server: ModelServer) -> tuple[str, str | None]:
    stream = await (await litellm()).acompletion(
        model="openai/scripted",
        messages=[{"role": "user", "content": "q"}],
        base_url=server.base_url,
        api_key="none",
        stream=True,
        max_retries=0,
    )
    text, reason = "", None
    async for chunk in stream:
        text += chunk.choices[0].delta.content or ""
        reason = chunk.choices[0].finish_reason or reason
    return text, reason


async def test_replies_can_be_streamed() -> None:
    long = "word " * 50
    async with ModelServer([TextReply(content=long, finish_reason="length")]) as server:
        assert await streamed(server) == (long, "length")


async def test_a_stream_can_be_cut_in_the_middle(client: httpx.AsyncClient) -> None:
    async with ModelServer([DroppedReply(content="word " * 50, after_bytes=700)]) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(f"{server.base_url}/chat/completions", json=body("q", stream=True))


@pytest.mark.parametrize(
    ("reply", "status"), [(JsonReply(value={"a": 1}), 200), (ErrorReply(status=529), 529)]
)
async def test_it_speaks_anthropics_messages(
    client: httpx.AsyncClient, reply: ScriptedReply, status: int
) -> None:
    async with ModelServer([reply]) as server:
        response = await client.post(f"{server.base_url}/messages", json=body("q"))
    assert response.status_code == status
    if status == 200:
        assert json.loads(response.json()["content"][0]["text"]) == {"a": 1}
        assert response.json()["stop_reason"] == "end_turn"


async def test_litellm_understands_its_anthropic_replies() -> None:
    async with ModelServer([TextReply(content="hello")]) as server:
        response = await (await litellm()).acompletion(
            model="anthropic/claude-sonnet-4-5",
            messages=[{"role": "user", "content": "q"}],
            base_url=server.origin,
            api_key="none",
            max_retries=0,
        )
    assert response.choices[0].message.content == "hello"


async def test_it_runs_as_a_process_with_a_script_file(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    script = tmp_path / "replies.json"
    replies = [{"kind": "text", "content": "hello", "task": "greet", "times": None}]
    script.write_text(json.dumps({"replies": replies}))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.model_server", "--script", str(script),
        cwd=ROOT, env=dict(os.environ), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        base_url = json.loads(await process.stdout.readline())["baseUrl"]
        for _ in range(2):
            answered = await client.post(
                f"{base_url}/chat/completions", json=body("q"), headers={"X-QL-Task": "greet"}
            )
            assert answered.json()["choices"][0]["message"]["content"] == "hello"
        origin = base_url.removesuffix("/v1")
        recorded = (await client.get(f"{origin}/requests")).json()
        twice = (await client.get(f"{origin}/asked-twice")).json()
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()
    assert [request["reply"] for request in recorded] == ["text", "text"]
    assert len(twice) == 2
    assert process.returncode == 0
