"""The parser over HTTP, as its clients meet it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from quantumlayer.parser import LANGUAGES, Parser
from quantumlayer.parser.service import Limits, create_app
from quantumlayer.parser.service.schema import AnalyzeAnswer, LanguagesAnswer

SOURCE = '''import os
from shelf import Book


def lend(book, *rest):
    """Hands out."""
    if book and rest:
        return os.fspath(book)
'''


def client_of(parser: Parser, limits: Limits | None = None) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(parser, limits))
    return httpx.AsyncClient(transport=transport, base_url="http://parser")


@pytest.fixture
async def client(parser: Parser) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(parser) as client:
        yield client


async def analyze(client: httpx.AsyncClient, *files: dict[str, str], **more: str) -> Any:  # noqa: ANN401 - JSON
    answer = await client.post("/v1/analyze", json={"files": files, **more})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    AnalyzeAnswer.model_validate(body, by_alias=True)
    return body["files"]


async def test_an_answer_has_exactly_what_is_promised(client: httpx.AsyncClient) -> None:
    (file,) = await analyze(client, {"path": "app.py", "content": SOURCE})
    findings = file.pop("findings")
    assert isinstance(findings, list)
    assert file == {
        "path": "app.py",
        "language": "python",
        "syntax": {"tier": "python", "errors": []},
        "symbols": [
            {
                "kind": "function",
                "name": "lend",
                "line": 5,
                "endLine": 8,
                "parameters": ["book", "*rest"],
            }
        ],
        "imports": ["os", "shelf"],
        "metrics": {
            "linesOfCode": 6,
            "commentLines": 0,
            "cyclomaticComplexity": 3,
            "cognitiveComplexity": 2,
            "maxNesting": 1,
            "quality": 100,
        },
    }


async def test_more_is_told_when_asked_for(client: httpx.AsyncClient) -> None:
    (file,) = await analyze(client, {"path": "app.py", "content": SOURCE}, detail="full")
    (symbol,) = file["symbols"]
    assert symbol["documentation"] == "Hands out."
    assert symbol["complexity"] == {"cyclomatic": 3, "cognitive": 2, "nesting": 1}
    assert file["calls"] == [{"name": "fspath", "line": 8, "count": 1}]
    assert file["references"] == [{"name": "Book", "line": 2, "count": 1}]
    assert file["metrics"]["duplicatedLines"] == 0


async def test_files_are_answered_in_order_whatever_they_hold(client: httpx.AsyncClient) -> None:
    files = await analyze(
        client,
        {"path": "a.json", "content": "{"},
        {"path": "b.unknown", "content": "\0"},
        {"path": "c.go", "content": "package c\n"},
    )
    assert [(file["path"], file["language"]) for file in files] == [
        ("a.json", "json"),
        ("b.unknown", None),
        ("c.go", "go"),
    ]
    assert files[0]["syntax"]["errors"][0]["line"] == 1
    assert files[1]["metrics"] is None


async def test_a_given_language_overrules_the_name(client: httpx.AsyncClient) -> None:
    (file,) = await analyze(
        client, {"path": "a.txt", "content": "def f(): ...", "language": "ruby"}
    )
    assert file["language"] == "ruby"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("{", 422, "JSON"),
        ("{}", 422, "files: Field required"),
        ('{"files": [{"path": ""}]}', 422, "files.0"),
        ('{"files": [{"path": "a", "content": 1}]}', 422, "files.0.content"),
        ('{"files": [], "extra": 1}', 422, "extra"),
        ('{"files": [{"path": "a", "content": "", "language": "klingon"}]}', 422, "klingon"),
        (json.dumps({"files": [{"path": "a", "content": ""}] * 3}), 422, "3 files, at most 2"),
        (json.dumps({"files": [{"path": "a", "content": "x" * 5_000}]}), 413, "4,000 bytes"),
    ],
)
async def test_what_cannot_be_served_is_refused_with_a_reason(
    parser: Parser, body: str, status: int, words: str
) -> None:
    async with client_of(parser, Limits(body_bytes=4_000, files=2)) as client:
        answer = await client.post("/v1/analyze", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


async def test_a_body_without_a_length_is_measured_too(parser: Parser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000

    async with client_of(parser, Limits(body_bytes=4_000)) as client:
        answer = await client.post("/v1/analyze", content=endless())
    assert answer.status_code == 413


async def test_a_request_that_takes_too_long_is_ended(parser: Parser) -> None:
    async with client_of(parser, Limits(seconds=0.05)) as client:
        answer = await client.post(
            "/v1/analyze", json={"files": [{"path": "a.yaml", "content": "[" * 300_000}]}
        )
        after = await client.post("/v1/analyze", json={"files": []})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert after.status_code == 200


async def test_no_more_wait_than_may(parser: Parser) -> None:
    async with client_of(parser, Limits(waiting=0)) as client:
        answer = await client.post("/v1/analyze", json={"files": []})
    assert answer.status_code == 503


async def test_the_languages_are_listed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/languages")
    listed = LanguagesAnswer.model_validate(answer.json(), by_alias=True).languages
    assert [one.name for one in listed] == list(LANGUAGES)
    assert listed[0].complexity


async def test_health_readiness_and_counters(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    await analyze(client, {"path": "a.py", "content": SOURCE})
    counters = (await client.get("/metrics")).text
    assert 'quantumlayer_parser_requests_total{status="200"} 1.0' in counters
    assert 'quantumlayer_parser_files_total{language="python",tier="python"} 1.0' in counters


async def test_a_closed_parser_is_not_ready() -> None:
    parser = Parser(workers=1)
    await parser.aclose()
    async with client_of(parser) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503


async def test_openapi_tells_both_sides_of_an_analysis(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    operation = schema["paths"]["/v1/analyze"]["post"]
    asked = operation["requestBody"]["content"]["application/json"]["schema"]
    assert "files" in asked["properties"]
    answered = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert answered == "#/components/schemas/AnalyzeAnswer"
    references = set(_references(schema))
    assert references <= {
        f"#/components/schemas/{name}" for name in schema["components"]["schemas"]
    }


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for value in node.values() for one in _references(value)]
    if isinstance(node, list):
        return [one for value in node for one in _references(value)]
    return []
