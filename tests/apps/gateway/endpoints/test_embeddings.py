"""Embeddings fail over, are paid for, written down and traced like answers."""

import json
from pathlib import Path

import pytest

from tests.apps.gateway.test_completions import CONFIGURATION, PRICE, rows
from tests.support.gateway import gateway
from tests.support.otlp_collector import otlp_collector
from tests.support.raw_server import Answer, RawServer, raw_server, whole

VECTORS = {
    "object": "list",
    "model": "embed-1",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -0.5]}],
    "usage": {"prompt_tokens": 3, "total_tokens": 3},
}


def answer(status: str, body: object) -> Answer:
    return whole(json.dumps(body).encode(), status=status)


def configured(one: RawServer, two: RawServer) -> str:
    text = CONFIGURATION.replace("PRICE", PRICE)
    return text.replace("ONE", one.url).replace("TWO", two.url)


BROKEN = answer("500 Internal Server Error", {"error": {"message": "it broke"}})
ASKED = {"model": "fast", "input": "Ada"}


async def test_vectors_come_from_whoever_gives_them_and_every_try_is_traced(
    tmp_path: Path,
) -> None:
    async with (
        otlp_collector() as collector,
        raw_server(BROKEN) as one,
        raw_server(answer("200 OK", VECTORS)) as two,
    ):
        text = f"tracing: {{endpoint: {collector.url}}}\n{configured(one, two)}"
        async with gateway(tmp_path, text) as client:
            response = await client.post("/v1/embeddings", json=ASKED)
        assert response.json() == {**VECTORS, "model": "fast"}
        assert [body["model"] for body in (*one.bodies, *two.bodies)] == ["a", "b"]
        [row] = rows(tmp_path)
        assert (row.deployment, row.attempts, row.input_tokens) == ("two/b", 2, 3)
        assert row.cost == 3 * 10**12
        server, failed, answered = collector.spans
    assert server.name == "POST /v1/embeddings"
    assert (failed.name, failed.attributes["error.type"]) == ("embeddings a", "500")
    assert answered.attributes["gen_ai.operation.name"] == "embeddings"
    assert answered.attributes["gen_ai.usage.input_tokens"] == 3
    assert f"-{answered.id}-" in two.heads[0]


async def test_where_nobody_gives_any_the_last_failure_is_told(tmp_path: Path) -> None:
    async with raw_server(BROKEN) as one, raw_server(BROKEN) as two:
        async with gateway(tmp_path, configured(one, two)) as client:
            response = await client.post("/v1/embeddings", json=ASKED)
        assert response.status_code == 502
        assert (len(one.bodies), len(two.bodies)) == (1, 1)


async def test_what_is_wrong_with_the_request_is_asked_of_nobody_else(tmp_path: Path) -> None:
    refused = answer("400 Bad Request", {"error": {"message": "no such dimension"}})
    async with raw_server(refused) as one, raw_server(BROKEN) as two:
        async with gateway(tmp_path, configured(one, two)) as client:
            response = await client.post("/v1/embeddings", json=ASKED)
        assert response.status_code == 400
        assert two.bodies == []


@pytest.mark.parametrize(
    "body", [{"model": "fast"}, {"input": "x"}, {"model": "fast", "input": []}]
)
async def test_a_request_without_model_or_input_is_refused(
    tmp_path: Path, body: dict[str, object]
) -> None:
    async with raw_server(BROKEN) as one, gateway(tmp_path, configured(one, one)) as client:
        response = await client.post("/v1/embeddings", json=body)
        assert response.status_code == 400
        assert one.bodies == []
