"""How long a client waits for the next provider's first words when the first one fails.

A gateway as its configuration leaves it, two deployments in order, streams. Each sample has a
gateway of its own: a circuit breaker that has learned would ask the second provider at once.
"""

import asyncio
import json
import socket
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import Figure, report
from tests.support.gateway import gateway
from tests.support.model_server import ModelServer
from tests.support.model_server.choosing import texts
from tests.support.raw_server import STREAM, Answer, chunk, raw_server, sending, whole

SAMPLES = 10
AIM_SECONDS = 5.0
BEGINNING = "The first provider says this much, and then its connection is torn: "
REST = "".join(f"sentence {n} comes from the second one. " for n in range(30))
CONFIGURATION = """\
state: STATE
providers: {one: {base_url: "ONE"PATIENCE}, two: {base_url: "TWO"}}
models: {fast: {strategy: in_order, deployments: [{model: one/a}, {model: two/b}]}}
organisations: {acme: {keys: {ci: {hash: "KEY"}}}}
"""
ASKED: dict[str, Any] = {
    "model": "fast",
    "stream": True,
    "messages": [{"role": "user", "content": "Hello"}],
}


@dataclass(frozen=True)
class Fault:
    """A first provider, by its URL, and how long it may be silent (None: the default)."""

    name: str
    provider: Callable[[], AbstractAsyncContextManager[str]]
    begins: bool = False
    patience: float | None = None


@asynccontextmanager
async def refusing() -> AsyncIterator[str]:
    """Nobody listens at the port."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    yield f"http://127.0.0.1:{port}/v1"


@asynccontextmanager
async def black_hole() -> AsyncIterator[str]:
    """Whoever connects hears nothing: the queue is full, and the kernel drops what comes."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            for one in waiting:
                one.close()


def answering(answer: Answer) -> Callable[[], AbstractAsyncContextManager[str]]:
    """A server that answers like this."""

    @asynccontextmanager
    async def serving() -> AsyncIterator[str]:
        async with raw_server(answer) as server:
            yield server.url

    return serving


def _event(text: str) -> bytes:
    delta = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return b"data: " + json.dumps(delta).encode() + b"\n\n"


FAULTS = (
    Fault("nobody listens", refusing),
    Fault("connections are lost", black_hole),
    Fault("503", answering(whole(b'{"error": {"message": "no"}}', status="503 Unavailable"))),
    Fault("reset before a word", answering(sending(STREAM, reset=True))),
    Fault(
        "reset in mid-stream",
        answering(sending(STREAM, chunk(_event(BEGINNING)), 0.2, reset=True)),
        begins=True,
    ),
    Fault(
        "silent after its headers, first_token_seconds: 3",
        answering(sending(STREAM, hold=True)),
        patience=3,
    ),
)


def _rest(body: dict[str, Any]) -> str:
    said = texts(body, role="assistant") or [""]
    return (BEGINNING + REST)[len(said[-1]) :]


async def _sample(fault: Fault) -> float:
    """Seconds from the fault to the first words of the second provider."""
    async with fault.provider() as one, ModelServer(_rest) as two:
        patience = "" if fault.patience is None else f", first_token_seconds: {fault.patience}"
        text = CONFIGURATION.replace("ONE", one).replace("TWO", two.base_url)
        with tempfile.TemporaryDirectory() as folder:
            async with gateway(Path(folder), text.replace("PATIENCE", patience)) as client:
                return await _first_words(client, fault)


async def _first_words(client: httpx.AsyncClient, fault: Fault) -> float:
    since = time.perf_counter()
    said = ""
    async with client.stream("POST", "/v1/chat/completions", json=ASKED) as response:
        async for line in response.aiter_lines():
            if not line.startswith("data: {"):
                continue
            for choice in json.loads(line[6:])["choices"]:
                said += choice["delta"].get("content") or ""
            if fault.begins and said == BEGINNING:
                # It breaks 0.2 seconds after these words.
                since = time.perf_counter() + 0.2
            elif said:
                return time.perf_counter() - since
    raise RuntimeError(f"{fault.name}: no second provider was heard of; there was {said!r}")


async def main() -> None:
    """Measures and reports."""
    figures = []
    for fault in FAULTS:
        seconds = [await _sample(fault) for _ in range(SAMPLES)]
        figures += [
            Figure(f"{fault.name}: median", statistics.median(seconds), "s"),
            Figure(f"{fault.name}: longest of {SAMPLES}", max(seconds), "s", AIM_SECONDS),
        ]
    report("failover", figures)


if __name__ == "__main__":
    asyncio.run(main())
