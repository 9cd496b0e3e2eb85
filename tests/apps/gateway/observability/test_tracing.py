"""A trace shows who was asked, what came of it and what it took; never what was said."""

import asyncio
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from quantumlayer.gateway.app import Gateway
from tests.apps.gateway.test_completions import ASKED, CONFIGURATION, LONG, ask, said, served
from tests.support.gateway import ADMIN, written
from tests.support.model_server import ErrorReply, TextReply
from tests.support.otlp_collector import Collector, Seen, otlp_collector

TRACE, CLIENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = {"traceparent": f"00-{TRACE}-{CLIENT}-01"}
SECRET = "What nobody but the model may read"


def traced(collector: Collector, base: str = CONFIGURATION) -> str:
    return f"tracing: {{endpoint: {collector.url}}}\n{base}"


def by_kind(collector: Collector, kind: str) -> list[Seen]:
    return [span for span in collector.spans if span.kind == kind]


@pytest.mark.parametrize("stream", [False, True])
async def test_a_request_is_a_part_of_its_clients_trace_with_a_span_for_every_try(
    tmp_path: Path, *, stream: bool
) -> None:
    answer = TextReply(content=SECRET, cached_tokens=4)
    async with otlp_collector() as collector:
        configuration = traced(collector)
        async with served(tmp_path, [ErrorReply(status=500)], [answer], configuration) as (
            client,
            one,
            two,
        ):
            messages = [{"role": "user", "content": SECRET}]
            headers = {**PARENT, "x-ql-run": "r1"}
            response = await ask(client, messages=messages, stream=stream, headers=headers)
            assert said(response) == SECRET
            [first], [second] = one.requests, two.requests
            port = urlsplit(two.base_url).port
    [server] = by_kind(collector, "server")
    failed, answered = by_kind(collector, "client")
    assert (server.name, server.trace, server.parent) == (
        "POST /v1/chat/completions",
        TRACE,
        CLIENT,
    )
    assert server.service == "quantumlayer-gateway"
    assert server.attributes["http.response.status_code"] == 200
    assert server.attributes["quantumlayer.organisation"] == "acme"
    assert server.attributes["quantumlayer.run"] == "r1"
    assert not server.failed
    for span, request in ((failed, first), (answered, second)):
        assert (span.trace, span.parent) == (TRACE, server.id)
        assert request.headers["traceparent"] == f"00-{TRACE}-{span.id}-01"
    assert failed.name == "chat a"
    assert (failed.failed, failed.said, failed.attributes["error.type"]) == (True, "", "500")
    assert answered.attributes.pop("gen_ai.response.time_to_first_chunk", None) is not None
    assert answered.attributes.pop("gen_ai.response.id", None) is not None
    assert answered.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "two",
        "gen_ai.request.model": "b",
        "gen_ai.request.stream": True,
        "gen_ai.response.model": "b",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 7,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "server.address": "127.0.0.1",
        "server.port": port,
    }
    assert not answered.failed
    assert not any(SECRET.encode() in data for data in collector.raw)


async def test_what_another_format_is_translated_for_is_traced_like_what_is_passed_on(
    tmp_path: Path,
) -> None:
    mistral = CONFIGURATION.replace("one: {", "one: {kind: mistral, ")
    async with (
        otlp_collector() as collector,
        served(tmp_path, [TextReply(content="Hi")], (), traced(collector, mistral)) as (
            client,
            one,
            _,
        ),
    ):
        body = {**ASKED, "max_tokens": 9}
        response = await client.post("/v1/messages", json=body, headers=PARENT)
        assert response.status_code == 200
        [request] = one.requests
        async with asyncio.timeout(20):
            while not by_kind(collector, "client"):  # noqa: ASYNC110 - spans are sent in batches
                await asyncio.sleep(0.1)
    [span] = by_kind(collector, "client")
    assert request.headers["traceparent"] == f"00-{TRACE}-{span.id}-01"
    assert span.attributes["gen_ai.response.finish_reasons"] == ["stop"]
    assert span.attributes["gen_ai.provider.name"] == "mistral_ai"


async def test_a_client_that_goes_away_ends_its_span(tmp_path: Path) -> None:
    slow = TextReply(content=LONG, delay_seconds=5)
    async with otlp_collector() as collector:
        async with served(tmp_path, [slow], (), traced(collector)) as (client, *_):
            with pytest.raises(httpx.ReadTimeout):
                await client.post("/v1/chat/completions", json=ASKED, timeout=0.5)
            await asyncio.sleep(0.2)
        [span] = by_kind(collector, "client")
    assert (span.failed, span.attributes["error.type"]) == (True, "cancelled")


async def test_refusals_have_a_span_of_the_request_alone_and_probes_have_none(
    tmp_path: Path,
) -> None:
    async with otlp_collector() as collector:
        configuration = f'admin: ["ADMIN"]\n{traced(collector)}'
        async with served(tmp_path, [], (), configuration) as (client, *_):
            assert (await ask(client, model="slow", headers=PARENT)).status_code == 404
            for path in ("/healthz", "/readyz", "/metrics"):
                await client.get(path)
            admin = {"authorization": f"Bearer {ADMIN}"}
            await client.get("/admin/organisations/acme/keys", headers=admin)
            await client.get("/whatever/anybody/asks")
    names = [span.name for span in collector.spans]
    assert names == ["POST /v1/chat/completions", "GET /admin/*", "GET"]
    assert collector.spans[0].attributes["http.response.status_code"] == 404


async def test_the_environment_of_opentelemetry_switches_tracing_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with otlp_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "ours")
        async with served(tmp_path, [TextReply(content="x")]) as (client, *_):
            await ask(client)
        assert {span.service for span in collector.spans} == {"ours"}
        assert len(collector.spans) == 2
        monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
        async with served(tmp_path, [TextReply(content="x")]) as (client, *_):
            await ask(client)
        assert len(collector.spans) == 2


async def test_a_collector_that_is_away_keeps_nobody_from_an_answer(tmp_path: Path) -> None:
    nobody = Collector(url="http://127.0.0.1:1")
    async with served(tmp_path, [TextReply(content="x")], (), traced(nobody)) as (client, *_):
        assert said(await ask(client)) == "x"


async def test_traces_without_what_sends_them_are_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        "opentelemetry.sdk.trace",
    ):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "gateway.yaml"
    text = "tracing: {endpoint: http://127.0.0.1:4318}\nproviders: {one: {}}\nstate: STATE\n"
    path.write_text(written(tmp_path, text))
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "lifespan.startup"}

    async def send(message: object) -> None:
        sent.append(dict(message))  # type: ignore[call-overload] # ASGI's messages are mappings

    await Gateway(path)({"type": "lifespan"}, receive, send)
    [failed] = sent
    assert failed["type"] == "lifespan.startup.failed"
    assert "install quantumlayer-gateway[otel]" in str(failed["message"])


def test_a_gateway_that_traces_nothing_needs_nothing_of_it() -> None:
    program = """
import sys
sys.modules["opentelemetry"] = None  # as where it is not installed
import quantumlayer.gateway.app
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.observability import Asking, asking
with asking(Asking("chat", "openai", "m"), Gathered()) as span:
    assert span.headers == {}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
