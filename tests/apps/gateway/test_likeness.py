"""The semantic cache in the gateway: a real Qdrant in a folder, vectors from a configured model."""

import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from quantumlayer.gateway.serving.building import check
from quantumlayer.router.configuration import ConfigurationError, read_text
from tests.apps.gateway.faults.trouble import until
from tests.apps.gateway.test_completions import CONFIGURATION, PRICE, ask, rows, said
from tests.support.gateway import gateway, hashed
from tests.support.model_server import ModelServer, TextReply

OTHER = "ql_" + "o" * 43
ASKED = "What is the capital of France, please? Tell me in one word"
NEARLY = "Tell me in one word, please: What is the capital city of France?"
CONFIGURED = (
    CONFIGURATION.replace("models:\n", "models:\n  vectors: {deployments: [{model: one/v}]}\n")
    .replace("organisations: {", 'organisations: {other: {keys: {x: {hash: "OTHER"}}}, ')
    .replace("OTHER", hashed(OTHER))
    + "cache: {seconds: 60, semantic: {embeddings: vectors, likeness: 0.7}}\n"
)
PARIS = TextReply(content="Paris", times=None)


@asynccontextmanager
async def served(
    folder: Path, configuration: str = CONFIGURED
) -> AsyncIterator[tuple[httpx.AsyncClient, Callable[[str], int]]]:
    """A client, and how often the provider was asked at a path."""
    async with ModelServer([PARIS]) as server:
        text = configuration.replace("ONE", server.base_url).replace("TWO", server.base_url)
        async with gateway(folder, text.replace("PRICE", PRICE)) as client:
            # What is read once, as the list of prices, is read by the first call.
            await client.post("/v1/embeddings", json={"model": "vectors", "input": "one"})
            asked = server.requests[:]
            yield (
                client,
                lambda path: sum(one.path.endswith(path) for one in server.requests[len(asked) :]),
            )


def kept(folder: Path) -> int:
    """How many answers Qdrant has written down; clients have theirs a moment earlier."""
    count = 0
    for path in (folder / "state" / "semantic").rglob("storage.sqlite"):
        # The file is there a moment before its table.
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database,
        ):
            [[points]] = database.execute("SELECT count(*) FROM points")
            count += points
    return count


def messages(text: str, system: str = "Be brief.") -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": text}]


@pytest.mark.parametrize("stream", [False, True])
async def test_nearly_the_same_question_has_the_same_answer(tmp_path: Path, stream: bool) -> None:
    async with served(tmp_path) as (client, asked):
        first = await ask(client, messages=messages(ASKED), stream=stream)
        await until(lambda: kept(tmp_path) == 1)
        second = await ask(client, messages=messages(NEARLY), stream=stream)
        assert first.headers["x-ql-cache"] == "miss"
        assert second.headers["x-ql-cache"] == "hit-semantic"
        assert 0.7 < float(second.headers["x-ql-likeness"]) < 1
        assert said(first) == said(second) == "Paris"
        assert (asked("/chat/completions"), asked("/embeddings")) == (1, 2)
        found = rows(tmp_path)
    assert sorted(row.cache for row in found if row.endpoint == "openai_chat") == [
        "hit-semantic",
        "miss",
    ]
    vectors = [row for row in found if row.endpoint == "embeddings"]
    assert len(vectors) == 1 + 2, "what vectors cost is booked to whoever asked"


async def test_what_else_differs_is_another_question(tmp_path: Path) -> None:
    tools = [{"type": "function", "function": {"name": "delete", "parameters": {}}}]
    others: dict[str, dict[str, Any]] = {
        "other system": {"messages": messages(NEARLY, "Be thorough.")},
        "other cap": {"messages": messages(NEARLY), "max_tokens": 5},
        "other figures": {"messages": messages(f"{NEARLY} 2")},
        "far": {"messages": messages("How tall is the Eiffel tower?")},
        "other organisation": {
            "messages": messages(NEARLY),
            "headers": {"authorization": f"Bearer {OTHER}"},
        },
        "tools": {"messages": messages(NEARLY), "tools": tools, "headers": {"x-ql-cache": "on"}},
    }
    async with served(tmp_path) as (client, asked):
        await ask(client, messages=messages(ASKED))
        await until(lambda: kept(tmp_path) == 1)
        for name, other in others.items():
            response = await ask(client, **other)
            assert response.headers["x-ql-cache"] == "miss", name
        assert asked("/chat/completions") == 1 + len(others)
        assert asked("/embeddings") == len(others), "a request with tools is not even looked up"


async def test_it_is_off_unless_it_is_turned_on(tmp_path: Path) -> None:
    configuration = CONFIGURED.replace(", semantic: {embeddings: vectors, likeness: 0.7}", "")
    async with served(tmp_path, configuration) as (client, asked):
        for text in (ASKED, NEARLY):
            response = await ask(client, messages=messages(text))
            assert response.headers["x-ql-cache"] == "miss"
        assert asked("/embeddings") == 0


async def test_calls_go_on_where_nobody_makes_vectors(tmp_path: Path) -> None:
    nobody = CONFIGURED.replace("{model: one/v}", "{model: gone/v}").replace(
        "providers:\n", 'providers:\n  gone: {base_url: "http://127.0.0.1:1/v1"}\n'
    )
    async with served(tmp_path, nobody) as (client, _):
        response = await ask(client, messages=messages(ASKED))
        assert said(response) == "Paris"
        assert response.headers["x-ql-cache"] == "unavailable"


@pytest.mark.parametrize(
    ("written", "said_"),
    [
        ("embeddings: vektors", "did you mean 'vectors'"),
        ("embeddings: fast", "vectors of two cannot be compared"),
    ],
)
def test_a_model_that_makes_no_vectors_is_named_with_its_line(written: str, said_: str) -> None:
    text = CONFIGURED.replace("embeddings: vectors", written).replace("PRICE", PRICE)
    text = text.replace("ONE", "http://one/v1").replace("TWO", "http://two/v1")
    with pytest.raises(ConfigurationError, match=said_):
        read_text(text.replace("KEY", "sha256:" + "a" * 64), {})


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "qdrant_client", None)
    text = CONFIGURED.replace("PRICE", PRICE).replace("KEY", "sha256:" + "a" * 64)
    text = text.replace("ONE", "http://one/v1").replace("TWO", "http://two/v1")
    with pytest.raises(ConfigurationError, match=r"quantumlayer-gateway\[semantic\]"):
        check(read_text(text, {}))
