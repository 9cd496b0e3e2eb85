"""Models are reached through the proxy that settings name, and through no other."""

from uuid import uuid4

import pytest
from pydantic import SecretStr

from quantumlayer.core.settings import ModelSettings
from quantumlayer.router import (
    MemoryCallStore,
    ProviderUnavailable,
    RetryPolicy,
    Router,
    build_router,
    model_endpoint,
)
from tests.support.http_proxy import http_proxy
from tests.support.model_server import JsonReply, ModelServer
from tests.support.router_parts import ADA, KEY, Person, question

MODEL = "openai/scripted"


def router(base_url: str, proxy: str | None) -> Router:
    settings = ModelSettings(
        _env_file=None,
        model=MODEL,
        model_base_url=base_url,
        model_api_key=SecretStr(KEY),
        model_proxy=proxy,
    )
    return build_router(
        MemoryCallStore(),
        in_process={},
        offered=[MODEL],
        endpoint=model_endpoint(settings),
        retry=RetryPolicy(retries=0),
    )


async def test_a_call_goes_through_the_proxy() -> None:
    async with ModelServer([JsonReply(value=ADA)]) as server, http_proxy() as proxy:
        completion = await router(server.base_url, proxy.url).complete(question(uuid4()), Person)
        assert completion.value.name == "Ada"
        assert proxy.asked == [f"POST {server.base_url}/chat/completions HTTP/1.1"]


async def test_so_does_the_check_before_a_run() -> None:
    async with ModelServer([]) as server, http_proxy() as proxy:
        await router(server.base_url, proxy.url).check(MODEL)
        assert proxy.asked[0] == f"GET {server.base_url}/models HTTP/1.1"


async def test_an_encrypted_call_is_a_tunnel_that_the_proxy_cannot_read() -> None:
    async with http_proxy("502 Bad Gateway") as proxy:
        with pytest.raises(ProviderUnavailable):
            await router("https://models.example/v1", proxy.url).complete(question(uuid4()), Person)
    assert proxy.asked == ["CONNECT models.example:443 HTTP/1.1"]


async def test_a_proxy_of_the_environment_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ModelServer([JsonReply(value=ADA)]) as server, http_proxy() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        await router(server.base_url, None).complete(question(uuid4()), Person)
    assert proxy.asked == []


async def test_a_proxy_that_refuses_is_named_with_what_to_set() -> None:
    async with http_proxy("407 Proxy Authentication Required") as proxy:
        with pytest.raises(ProviderUnavailable) as refused:
            await router("https://models.example/v1", proxy.url).check(MODEL)
    assert str(refused.value) == (
        f"the proxy {proxy.url} on the way to the model server refuses (407): Proxy Authentication"
        " Required; set QL_MODEL_PROXY to one that leads there, or to nothing"
    )


async def test_so_is_one_that_is_not_there_without_its_password() -> None:
    with pytest.raises(ProviderUnavailable) as lost:
        await router("http://models.example/v1", "http://me:secret@127.0.0.1:9").check(MODEL)
    assert str(lost.value).startswith("the proxy http://127.0.0.1:9 on the way to the model server")
    assert "cannot be reached (connection refused); set QL_MODEL_PROXY" in str(lost.value)
