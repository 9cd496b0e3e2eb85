"""What checks are asked of: something that answers HTTP, runs commands, or shows pages."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from pydantic import JsonValue

from quantumlayer.qlayer.deliveries import delivery_of
from quantumlayer.qtest.delivered import (
    CannotTell,
    Delivery,
    Running,
    SecretFile,
    Starter,
    emulating_starter,
)

ANSWER_SECONDS = 15.0
TOOL_SECONDS = 60.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Answered:
    """The answer to a request."""

    status: int
    body: str


@dataclass(frozen=True)
class Ran:
    """How a command ended, and all that it said; `status` is None where it did not end."""

    status: int | None
    output: str


class Subject(Protocol):
    """A program under check."""

    @property
    def socket(self) -> Path:
        """A Unix socket at which it answers HTTP."""
        ...

    @property
    def folder(self) -> Path:
        """Its tree."""
        ...

    async def run(self, arguments: Sequence[str], files: Mapping[str, str]) -> Ran:
        """Run it once as a tool."""
        ...


async def asked(
    socket: Path,
    method: str,
    path: str,
    *,
    body: JsonValue = None,
    text: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    """One request; no redirect is followed. Raises `httpx.HTTPError`."""
    content = text.encode() if text is not None else None
    sent = dict(headers or {})
    if body is not None:
        content = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    transport = httpx.AsyncHTTPTransport(uds=str(socket), verify=False)
    async with httpx.AsyncClient(
        transport=transport, timeout=ANSWER_SECONDS, trust_env=False
    ) as client:
        got = await client.request(method, f"http://app{path}", content=content, headers=sent)
        return Answered(got.status_code, got.text)


@dataclass(frozen=True)
class Tree:
    """A library: files that others build and test, and nothing that runs by itself."""

    folder: Path

    @property
    def socket(self) -> Path:
        """See `Subject`. Raises CannotTell."""
        raise CannotTell("A library serves nobody.")

    async def run(self, arguments: Sequence[str], files: Mapping[str, str]) -> Ran:
        """See `Subject`. Raises CannotTell."""
        raise CannotTell(f"A library cannot be run: {arguments}, {files}")


@dataclass(frozen=True)
class Delivered:
    """A tree as it is delivered: started in the sandbox, nothing of it trusted."""

    folder: Path
    delivery: Delivery
    starter: Starter
    running: Running | None = None

    @property
    def socket(self) -> Path:
        """See `Subject`. Raises CannotTell where nothing was started."""
        if self.running is None:
            raise CannotTell("It serves nobody, and is asked over HTTP.")
        return self.running.socket

    async def run(self, arguments: Sequence[str], files: Mapping[str, str]) -> Ran:
        """See `Subject`. Raises CannotTell and BuildBroken."""
        secret = tuple(SecretFile(path=path, content=text) for path, text in files.items())
        told = self.delivery.model_copy(
            update={"command": tuple(arguments), "secret_files": secret, "serves": False}
        )
        async with self.starter.build(told) as built, built.start() as running:
            return await _ended(running)


async def _ended(running: Running) -> Ran:
    deadline = asyncio.get_running_loop().time() + TOOL_SECONDS
    while (state := await running.state()).running:
        if asyncio.get_running_loop().time() > deadline:
            return Ran(None, await running.log())
        await asyncio.sleep(POLL_SECONDS)
    return Ran(state.exit_status, await running.log())


@asynccontextmanager
async def delivered(folder: Path, cache: Path, *, serves: bool) -> AsyncIterator[Delivered]:
    """A tree, started if it `serves`, and gone when the context ends.

    Raises what says that it cannot be built or started: CannotTell, BuildBroken, NoDockerfile.
    """
    delivery = await asyncio.to_thread(delivery_of, folder)
    starter = await asyncio.to_thread(emulating_starter, cache)
    subject = Delivered(folder, delivery, starter)
    async with AsyncExitStack() as stack:
        if serves:
            built = await stack.enter_async_context(starter.build(delivery))
            running = await stack.enter_async_context(built.start())
            await _answers(running, delivery)
            subject = Delivered(folder, delivery, starter, running)
        yield subject


async def _answers(running: Running, delivery: Delivery) -> None:
    """Wait until it answers at all. Raises CannotTell."""
    deadline = asyncio.get_running_loop().time() + delivery.start_seconds
    while asyncio.get_running_loop().time() < deadline:
        state = await running.state()
        if not state.running:
            raise CannotTell("It ended instead of serving.", output=await running.log())
        try:
            await asked(running.socket, "GET", "/")
        except httpx.HTTPError:
            await asyncio.sleep(POLL_SECONDS)
        else:
            return
    raise CannotTell("It does not answer.", output=await running.log())
