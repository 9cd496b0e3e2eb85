"""The server of a script or of a callable."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from tests.support.model_server.choosing import Choice
from tests.support.model_server.connection import Connection
from tests.support.model_server.embeddings import embedded
from tests.support.model_server.replies import ErrorReply, Reply, Responder, ScriptedReply
from tests.support.model_server.sending import FORMATS, send, send_error

TASK_HEADER = "x-ql-task"
READ_LIMIT_SECONDS = 30.0
# What every count of tokens says, and no estimate of ours.
COUNTED = 4_711
_ANSWERS = frozenset({"text", "json", "files", "cut_off"})


class RecordedRequest(BaseModel):
    """One request as it arrived, and the kind of reply it got (`unscripted`: none was left)."""

    model_config = ConfigDict(frozen=True)

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    reply: str

    @property
    def task(self) -> str | None:
        return self.headers.get(TASK_HEADER)

    @property
    def messages(self) -> list[dict[str, Any]]:
        found = self.body.get("messages")
        return found if isinstance(found, list) else []


class ModelServer:
    """An asynchronous context manager; `requests` are those that it got, in their order."""

    def __init__(
        self,
        replies: Sequence[ScriptedReply] | Responder,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self._choice = Choice(replies)
        self._address = (host, port)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()
        self.requests: list[RecordedRequest] = []
        self.abandoned = 0

    @property
    def origin(self) -> str:
        """Where the server listens, such as `http://127.0.0.1:40001`."""
        if self._server is None:
            raise RuntimeError("the model server is not started: use `async with`")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    @property
    def base_url(self) -> str:
        """What an OpenAI client wants as its base URL."""
        return f"{self.origin}/v1"

    def script(self, replies: Sequence[ScriptedReply]) -> None:
        """Puts `replies` behind those that are still waiting."""
        self._choice.add(replies)

    async def received(self, count: int) -> None:
        """Waits until `count` requests have arrived, answered or not."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.requests) >= count)

    async def hung_up(self, count: int = 1) -> None:
        """Waits until `count` clients have hung up before their reply was over."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.abandoned >= count)

    def asked_twice(self) -> tuple[RecordedRequest, ...]:
        """Requests which were answered well and came again word for word all the same."""
        answered = [request for request in self.requests if request.reply in _ANSWERS]
        count = Counter(_identity(request) for request in answered)
        return tuple(request for request in answered if count[_identity(request)] > 1)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, *self._address)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        connection = Connection(reader, writer)
        # A client that hangs up is part of what is tested; it must not end up in the log.
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError):
            try:
                async with asyncio.timeout(READ_LIMIT_SECONDS):
                    method, path, headers, body = await connection.request()
                await self._answer(connection, method, path, headers, body)
            except ConnectionError:
                self.abandoned += 1
                await self._tell()
        writer.close()

    async def _answer(
        self, connection: Connection, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> None:
        if method == "GET":
            await self._answer_get(connection, path)
            return
        if path == "/v1/embeddings":
            asked = json.loads(body)
            self.requests.append(
                RecordedRequest(path=path, headers=headers, body=asked, reply="embeddings")
            )
            await connection.json(embedded(asked))
            return
        spoken = FORMATS.get(path.partition("?")[0].removesuffix("/count_tokens"))
        if method != "POST" or spoken is None:
            missing = ErrorReply(status=404, message=f"there is no {method} {path} here")
            await send_error(connection, missing)
            return
        try:
            asked = json.loads(body)
        except ValueError:
            await send_error(connection, ErrorReply(status=400, message="the request is not JSON"))
            return
        if path.endswith("/count_tokens"):
            await connection.json({"input_tokens": COUNTED})
            return
        reply, said = self._choice.choose(asked, headers.get(TASK_HEADER))
        self.requests.append(
            RecordedRequest(path=path, headers=headers, body=asked, reply=_label(reply))
        )
        await self._tell()
        await asyncio.sleep(reply.delay_seconds)
        await send(connection, spoken, asked, reply, said)

    async def _answer_get(self, connection: Connection, path: str) -> None:
        if path == "/requests":
            await connection.json([request.model_dump() for request in self.requests])
        elif path == "/asked-twice":
            await connection.json([request.model_dump() for request in self.asked_twice()])
        elif path == "/v1/models":
            models = [{"id": "scripted", "object": "model"}]
            await connection.json({"object": "list", "data": models})
        else:
            await connection.json({"status": "ok", "requests": len(self.requests)})

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _label(reply: Reply) -> str:
    unscripted = isinstance(reply, ErrorReply) and reply.code == "unscripted"
    return "unscripted" if unscripted else reply.kind


def _identity(request: RecordedRequest) -> str:
    return json.dumps([request.path, request.task, request.body], sort_keys=True)
