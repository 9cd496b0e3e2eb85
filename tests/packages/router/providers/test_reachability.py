"""Trouble that is found before a run begins."""

import asyncio
import json
import time
from dataclasses import replace

import pytest

from quantumlayer.router import (
    AuthenticationFailed,
    BadRequest,
    ExternalModels,
    ModelEndpoint,
    ProviderUnavailable,
)
from quantumlayer.router.providers.endpoints import endpoint_of
from quantumlayer.router.providers.reachability import check_endpoint
from tests.support.model_server import ModelServer
from tests.support.raw_server import Answer, raw_server, sending, whole


def models(*names: str, **more: str) -> Answer:
    return whole(json.dumps({"data": [{"id": name, **more} for name in names]}).encode())


def no(status: str, message: str = "no") -> Answer:
    return whole(json.dumps({"error": {"message": message}}).encode(), status=status)


async def check(url: str, model: str = "openai/large") -> None:
    await ExternalModels(ModelEndpoint(base_url=url)).check(model)


async def test_a_model_that_is_listed_can_be_asked() -> None:
    async with ModelServer([]) as server:
        await check(server.base_url, "openai/scripted")
    assert server.requests == []


async def test_a_model_that_is_not_listed_is_said_with_those_that_are() -> None:
    async with raw_server(models("larger", "small"), no("404 No")) as server:
        with pytest.raises(BadRequest, match="know the model 'large'; it has larger and 1"):
            await check(server.url)
    assert [head.split()[1] for head in server.heads] == ["/v1/models", "/v1/models/large"]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([models("acme/large")], id="a path before it"),
        pytest.param([models("large-2026"), whole(b'{"id": "large-2026"}')], id="an alias"),
        pytest.param([models("any.gguf", owned_by="llamacpp")], id="one for every name"),
        pytest.param([models("other"), no("403 No")], id="no looking up"),
        pytest.param([no("404 No")], id="no list"),
        pytest.param([no("405 No")], id="no such method"),
        pytest.param([no("403 No", "missing scope")], id="a key for asking alone"),
        pytest.param([no("429 No")], id="busy"),
        pytest.param([no("503 No")], id="down"),
        pytest.param([models()], id="an empty list"),
        pytest.param([whole(b"[]")], id="a bare list"),
        pytest.param([whole(b'{"object": "list"}')], id="something else"),
    ],
)
async def test_what_is_no_sign_of_trouble_is_none(answers: list[Answer]) -> None:
    async with raw_server(*answers) as server:
        await check(server.url)


async def test_a_variant_of_a_listed_model_can_be_asked() -> None:
    async with raw_server(models("large"), no("404 No")) as server:
        await check(server.url, "openai/large:free")


async def test_a_list_that_is_not_all_there_is_is_no_reason() -> None:
    endpoint = endpoint_of("openrouter/a/b", ModelEndpoint(), {"OPENROUTER_API_KEY": "k"})
    assert endpoint is not None
    async with raw_server(models("c/d"), no("404 No")) as server:
        await check_endpoint(replace(endpoint, target=endpoint.target.at(server.url)))


async def test_a_key_that_is_not_accepted_is_said_with_what_to_set() -> None:
    async with raw_server(no("401 No")) as server:
        with pytest.raises(AuthenticationFailed, match=r"none is set .*; set QL_MODEL_API_KEY to"):
            await check(server.url)


async def test_a_missing_key_is_said_without_asking_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    with pytest.raises(AuthenticationFailed, match=r"groq wants a key .*; set GROQ_API_KEY to"):
        await ExternalModels(ModelEndpoint(main="openai/x")).check("groq/llama")


async def test_nobody_there_is_said_with_what_to_set() -> None:
    async with ModelServer([]) as server:
        gone = server.base_url
    with pytest.raises(ProviderUnavailable, match=r"connection refused.*; set QL_MODEL_BASE_URL"):
        await check(gone)


async def test_a_page_is_no_model_server() -> None:
    async with raw_server(whole(b"<html><title>Hi</title></html>")) as server:
        with pytest.raises(ProviderUnavailable, match="no model's reply: Hi"):
            await check(server.url)


async def test_a_slow_server_is_not_waited_for() -> None:
    async with raw_server(sending(hold=True)) as server, asyncio.timeout(20):
        began = time.monotonic()
        await check(server.url)
        # The limit of the requirement itself, not a measure of this machine.
        assert time.monotonic() - began < 3
