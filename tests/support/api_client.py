"""Talks to a real API as its clients do: HTTP, and WebSocket with graphql-transport-ws."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from quantumlayer.api.app import create_app
from quantumlayer.core.settings import ApiSettings

Json = dict[str, Any]
# The owner's of every API of these tests: the last that starts on a database says what holds there.
OWNER_KEY = SecretStr(f"ql_{secrets.token_urlsafe(32)}")
# Nobody listens there.
NOWHERE = "127.0.0.1:9"


@dataclass(frozen=True)
class ApiClient:
    """One caller of the API at `url`; without a key, a stranger."""

    url: str
    key: str | None = None

    def with_key(self, key: str | None) -> ApiClient:
        """The same API, another caller."""
        return replace(self, key=key)

    @property
    def headers(self) -> dict[str, str]:
        """What identifies the caller."""
        return {"authorization": f"Bearer {self.key}"} if self.key else {}

    async def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **options: Any,  # noqa: ANN401 - whatever httpx takes
    ) -> httpx.Response:
        """One plain request."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
            return await client.request(
                method, path, headers={**self.headers, **(headers or {})}, **options
            )

    async def answer(self, query: str, **variables: object) -> Json:
        """The whole answer to a GraphQL operation."""
        response = await self.request(
            "POST", "/graphql", json={"query": query, "variables": variables}
        )
        body = response.json()
        assert isinstance(body, dict)
        return body

    async def data(self, query: str, **variables: object) -> Json:
        """The data of a GraphQL operation that goes well."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data = answer["data"]
        assert isinstance(data, dict)
        return data

    async def error(self, query: str, **variables: object) -> tuple[str, str]:
        """(code, message) of a GraphQL operation that must go wrong in one way."""
        answer = await self.answer(query, **variables)
        (error,) = answer["errors"]
        return error["extensions"]["code"], error["message"]

    @asynccontextmanager
    async def socket(
        self,
        payload: Json | None = None,
        **options: Any,  # noqa: ANN401 - whatever websockets takes
    ) -> AsyncIterator[ClientConnection]:
        """A WebSocket after its `connection_init`; by default with the key in the payload."""
        if payload is None:
            payload = {"authorization": f"Bearer {self.key}"} if self.key else {}
        async with connect(
            self.url.replace("http", "ws", 1) + "/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            **options,
        ) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            yield socket

    async def events(self, run_id: str, after: int = 0) -> list[Json]:
        """A run's events after `after`, watched until the run ends."""
        return [event async for event in self.watch(run_id, after)]

    async def watch(self, run_id: str, after: int = 0) -> AsyncIterator[Json]:
        """A run's events after `after`, as they come."""
        async with self.socket() as socket:
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            query = (
                "subscription($run: ID!, $after: Int!)"
                "{ runEvents(runId: $run, after: $after) { sequence type data } }"
            )
            variables = {"run": run_id, "after": after}
            payload = {"query": query, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "complete":
                    return
                assert message["type"] == "next", message
                yield message["payload"]["data"]["runEvents"]


@asynccontextmanager
async def serving(settings: ApiSettings, *, set_up: bool = True) -> AsyncIterator[ApiClient]:
    """The API on a free port of loopback, in this process; yields its owner.

    Without `set_up` nobody waits for what needs the database.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        # From here on clients can connect; they wait until the server takes them.
        listener.listen()
        port = listener.getsockname()[1]
        app = create_app(settings.model_copy(update={"api_port": port}))
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            ws_max_size=256 * 1024,
            timeout_graceful_shutdown=3,
        )
        server = _QuietServer(config)
        serving_task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            if set_up:
                await asyncio.wait_for(app.state.set_up.wait(), 20)
            key = settings.owner_key.get_secret_value() if settings.owner_key else None
            yield ApiClient(f"http://127.0.0.1:{port}", key)
        finally:
            server.should_exit = True
            await serving_task


class _QuietServer(uvicorn.Server):
    """Leaves the signals of the test process alone."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]  # the server is a guest of the test
        return nullcontext()
