"""A scripted model server: the real HTTP of the providers, with replies that a test decides.

It listens on a free loopback port, speaks OpenAI chat completions (whole and as a server-sent
event stream) and Anthropic messages (whole), and writes down every request that it got.

In a test, on the test's own event loop::

    async with ModelServer([JsonReply(value={"name": "Ada"}, task="analyst")]) as server:
        ...                                  # QL_MODEL=openai/scripted, base URL server.base_url
        assert server.asked_twice() == ()

With a callable instead of a script the reply is computed: ``ModelServer(lambda body: "text")``.

As a process of its own, for end-to-end tests (``GET /requests`` and
``GET /asked-twice`` tell what it was asked)::

    python -m tests.support.model_server --script replies.json --port 8099

where the script is ``{"replies": [{"kind": "json", "task": "analyst", "value": {…}}, …]}``.

How a reply is chosen: the first one of the script whose `task`, `model` and `contains` fit the
request and that has `times` left. A request that continues an answer which this server cut off
gets the rest of that very answer, whatever else runs at the same time. Nothing fitting is an
error 400 that says so: a script that is too short must fail the test, not hang it.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue

TASK_HEADER = "x-ql-task"
STREAM_PIECE = 24
READ_LIMIT_SECONDS = 30.0


class ScriptedReply(BaseModel):
    """What every reply of a script may say: which requests it is for, how often, how slowly."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str | None = Field(default=None, description="only for this task (header X-QL-Task)")
    model: str | None = Field(default=None, description="only for this model name")
    contains: str | None = Field(default=None, description="only if a message contains this text")
    times: int | None = Field(default=1, description="how many requests it answers; null: any")
    delay_seconds: float = 0.0
    input_tokens: int = 11
    output_tokens: int = 7


class TextReply(ScriptedReply):
    """An answer in the model's own words, whatever they are."""

    kind: Literal["text"] = "text"
    content: str
    finish_reason: str = "stop"


class JsonReply(ScriptedReply):
    """An answer that is the JSON of `value`; `fenced` wraps it in Markdown with prose around."""

    kind: Literal["json"] = "json"
    value: JsonValue
    fenced: bool = False


class CutOffReply(ScriptedReply):
    """An answer that stops with ``finish_reason: length`` at each of the offsets in `cuts`.

    The rest comes when a request carries the cut-off text back as the assistant's last message.
    """

    kind: Literal["cut_off"] = "cut_off"
    content: str
    cuts: tuple[int, ...]


class ErrorReply(ScriptedReply):
    """An HTTP error as the providers send it."""

    kind: Literal["error"] = "error"
    status: int
    message: str = "scripted error"
    code: str | None = None
    type: str | None = None
    retry_after: str | None = None


class DroppedReply(ScriptedReply):
    """An answer whose connection is cut after `after_bytes` of its body."""

    kind: Literal["dropped"] = "dropped"
    content: str = "{}"
    after_bytes: int = 20


class RawReply(ScriptedReply):
    """A body that is none of a provider's: a proxy's HTML page, for example."""

    kind: Literal["raw"] = "raw"
    status: int = 200
    content_type: str = "text/html"
    body: str = "<html><body>Bad gateway</body></html>"


Reply = TextReply | JsonReply | CutOffReply | ErrorReply | DroppedReply | RawReply
Responder = Callable[[dict[str, Any]], Reply | str | dict[str, Any]]
"""Computes a reply from the request's JSON; a dict is answered as JSON, a str as it is."""


class Script(BaseModel):
    """The replies of a script file, in the order in which they are tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[Annotated[Reply, Field(discriminator="kind")], ...]


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
    """The server of a script or of a callable; an asynchronous context manager."""

    def __init__(
        self,
        replies: Sequence[ScriptedReply] | Responder,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self._responder = replies if callable(replies) else None
        self._waiting: list[tuple[Reply, int | None]] = []
        self._unfinished: dict[tuple[str | None, str], tuple[CutOffReply, int]] = {}
        self._address = (host, port)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Condition()
        self.requests: list[RecordedRequest] = []
        if not callable(replies):
            self.script(replies)

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
        self._waiting.extend((reply, reply.times) for reply in cast("Sequence[Reply]", replies))

    async def received(self, count: int) -> None:
        """Waits until `count` requests have arrived, answered or not."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

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
        # A client that hangs up is part of what is tested; it must not end up in the log.
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError
        ):
            async with asyncio.timeout(READ_LIMIT_SECONDS):
                method, path, headers, body = await _read_request(reader)
            await self._answer(_Http(writer), method, path, headers, body)
        writer.close()

    async def _answer(
        self, http: "_Http", method: str, path: str, headers: dict[str, str], body: bytes
    ) -> None:
        if method == "GET":
            await self._answer_get(http, path)
            return
        speak = _PROTOCOLS.get(path.partition("?")[0])
        if method != "POST" or speak is None:
            await http.error(ErrorReply(status=404, message=f"there is no {method} {path} here"))
            return
        try:
            asked = json.loads(body)
        except ValueError:
            await http.error(ErrorReply(status=400, message="the request is not JSON"))
            return
        reply, text, finish = self._choose(asked, headers.get(TASK_HEADER))
        self.requests.append(
            RecordedRequest(path=path, headers=headers, body=asked, reply=_label(reply))
        )
        async with self._arrived:
            self._arrived.notify_all()
        await asyncio.sleep(reply.delay_seconds)
        await _send(http, speak, asked, reply, (text, finish))

    async def _answer_get(self, http: "_Http", path: str) -> None:
        if path == "/requests":
            await http.json([request.model_dump() for request in self.requests])
        elif path == "/asked-twice":
            await http.json([request.model_dump() for request in self.asked_twice()])
        elif path == "/v1/models":
            await http.json({"object": "list", "data": [{"id": "scripted", "object": "model"}]})
        else:
            await http.json({"status": "ok", "requests": len(self.requests)})

    def _choose(self, asked: dict[str, Any], task: str | None) -> tuple[Reply, str, str]:
        """The reply for a request, the text in it, and its reason to end."""
        for earlier in reversed(_texts(asked, role="assistant")):
            if (task, earlier) in self._unfinished:
                return self._cut(task, *self._unfinished[task, earlier])
        reply = self._next(asked, task)
        if isinstance(reply, CutOffReply):
            return self._cut(task, reply, 0)
        if isinstance(reply, JsonReply):
            text = json.dumps(reply.value, ensure_ascii=False, indent=2)
            return reply, _in_fences(text) if reply.fenced else text, "stop"
        if isinstance(reply, TextReply):
            return reply, reply.content, reply.finish_reason
        return reply, reply.content if isinstance(reply, DroppedReply) else "", "stop"

    def _cut(self, task: str | None, reply: CutOffReply, part: int) -> tuple[Reply, str, str]:
        marks = (0, *reply.cuts, len(reply.content))
        text = reply.content[marks[part] : marks[part + 1]]
        if part == len(reply.cuts):
            return reply, text, "stop"
        # What comes back is either all that was said so far or only the latest part.
        for said in (reply.content[: marks[part + 1]], text):
            self._unfinished[task, said] = (reply, part + 1)
        return reply, text, "length"

    def _next(self, asked: dict[str, Any], task: str | None) -> Reply:
        if self._responder is not None:
            made = self._responder(asked)
            if isinstance(made, str):
                return TextReply(content=made)
            return JsonReply(value=made) if isinstance(made, dict) else made
        for index, (reply, left) in enumerate(self._waiting):
            if left != 0 and _fits(reply, asked, task):
                self._waiting[index] = (reply, None if left is None else left - 1)
                return reply
        name = task or "no task header"
        return ErrorReply(status=400, code="unscripted", message=f"no reply is scripted ({name})")


class _Http:
    """The writing half of HTTP/1.1, one reply a connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(
        self,
        status: int,
        content_type: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        cut_after: int | None = None,
    ) -> None:
        length = {"content-length": str(len(body))}
        await self.begin(status, content_type, {**length, **(headers or {})})
        await self.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self.cut()

    async def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        fields = {"content-type": content_type, "connection": "close", **headers}
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {v}" for name, v in fields.items())]
        await self.write("\r\n".join([*lines, "", ""]).encode())

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def write_chunk(self, data: bytes) -> None:
        """A chunk of a body sent in chunks; an empty one ends it."""
        await self.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def cut(self) -> None:
        """Drops the connection at once: the client sees it torn, not ended."""
        self._writer.transport.abort()

    async def json(self, value: object, status: int = 200) -> None:
        await self.send(status, "application/json", json.dumps(value).encode())

    async def error(self, reply: ErrorReply) -> None:
        kind = reply.type or ("server_error" if reply.status >= 500 else "invalid_request_error")
        error = {"message": reply.message, "type": kind, "code": reply.code, "param": None}
        after = {} if reply.retry_after is None else {"retry-after": reply.retry_after}
        body = json.dumps({"error": error, "type": "error"}).encode()
        await self.send(reply.status, "application/json", body, headers=after)


_Protocol = Callable[[dict[str, Any], Reply, str, str], dict[str, Any]]


def _openai(asked: dict[str, Any], reply: Reply, text: str, finish: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": asked.get("model", "scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": _openai_usage(reply),
    }


def _openai_usage(reply: Reply) -> dict[str, int]:
    return {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
    }


def _anthropic(asked: dict[str, Any], reply: Reply, text: str, finish: str) -> dict[str, Any]:
    reasons = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}
    return {
        "id": "msg_scripted",
        "type": "message",
        "role": "assistant",
        "model": asked.get("model", "scripted"),
        "content": [{"type": "text", "text": text}],
        "stop_reason": reasons.get(finish, finish),
        "stop_sequence": None,
        "usage": {"input_tokens": reply.input_tokens, "output_tokens": reply.output_tokens},
    }


_PROTOCOLS: dict[str, _Protocol] = {
    "/v1/chat/completions": _openai,
    "/chat/completions": _openai,
    "/v1/messages": _anthropic,
}
_ANSWERS = frozenset({"text", "json", "cut_off"})


async def _send(
    http: _Http, speak: _Protocol, asked: dict[str, Any], reply: Reply, said: tuple[str, str]
) -> None:
    if isinstance(reply, ErrorReply):
        await http.error(reply)
    elif isinstance(reply, RawReply):
        await http.send(reply.status, reply.content_type, reply.body.encode())
    elif asked.get("stream") and speak is _openai:
        await _send_stream(http, asked, reply, said)
    else:
        body = json.dumps(speak(asked, reply, *said)).encode()
        cut = reply.after_bytes if isinstance(reply, DroppedReply) else None
        await http.send(200, "application/json", body, cut_after=cut)


async def _send_stream(
    http: _Http, asked: dict[str, Any], reply: Reply, said: tuple[str, str]
) -> None:
    # Chunked, so that a client can tell a stream that was cut from one that ended.
    chunked = {"cache-control": "no-cache", "transfer-encoding": "chunked"}
    await http.begin(200, "text/event-stream", chunked)
    sent = 0
    for event in _stream_events(asked, reply, *said):
        line = f"data: {event}\n\n".encode()
        if isinstance(reply, DroppedReply) and sent + len(line) > reply.after_bytes:
            if left := line[: reply.after_bytes - sent]:
                await http.write_chunk(left)
            http.cut()
            return
        await http.write_chunk(line)
        sent += len(line)
    await http.write_chunk(b"")


def _stream_events(asked: dict[str, Any], reply: Reply, text: str, finish: str) -> Iterable[str]:
    def event(choices: list[dict[str, Any]], **more: object) -> str:
        base = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1}
        return json.dumps({**base, "model": asked.get("model"), "choices": choices, **more})

    def choice(delta: dict[str, str], reason: str | None = None) -> list[dict[str, Any]]:
        return [{"index": 0, "delta": delta, "finish_reason": reason}]

    yield event(choice({"role": "assistant", "content": ""}))
    for start in range(0, len(text), STREAM_PIECE):
        yield event(choice({"content": text[start : start + STREAM_PIECE]}))
    yield event(choice({}, finish))
    if (asked.get("stream_options") or {}).get("include_usage"):
        yield event([], usage=_openai_usage(reply))
    yield "[DONE]"


async def _read_request(
    reader: asyncio.StreamReader,
) -> tuple[str, str, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    fields = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return method, path, headers, b"".join([piece async for piece in _chunks(reader)])
    return method, path, headers, await reader.readexactly(int(headers.get("content-length", 0)))


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readline()).partition(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()


def _fits(reply: Reply, asked: dict[str, Any], task: str | None) -> bool:
    if reply.task not in {None, task} or reply.model not in {None, asked.get("model")}:
        return False
    return reply.contains is None or any(reply.contains in text for text in _texts(asked))


def _texts(asked: dict[str, Any], role: str | None = None) -> list[str]:
    """The texts of a request's messages, in both protocols' shapes."""
    messages = [{"role": "system", "content": asked.get("system")}, *asked.get("messages", ())]
    chosen = [message for message in messages if role in {None, message.get("role")}]
    return [text for message in chosen for text in _parts(message.get("content"))]


def _parts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, list):
        return [part["text"] for part in content if isinstance(part.get("text"), str)]
    return []


def _in_fences(text: str) -> str:
    return f"Here is what you asked for:\n\n```json\n{text}\n```\n\nTell me if I should change it."


def _label(reply: Reply) -> str:
    unscripted = isinstance(reply, ErrorReply) and reply.code == "unscripted"
    return "unscripted" if unscripted else reply.kind


def _identity(request: RecordedRequest) -> str:
    return json.dumps([request.path, request.task, request.body], sort_keys=True)


async def _serve(script: Script, port: int) -> None:
    async with ModelServer(script.replies, port=port) as server:
        sys.stdout.write(json.dumps({"baseUrl": server.base_url}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serves a script file until it is told to stop; prints its base URL as JSON first."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.model_server")
    parser.add_argument("--script", type=Path, required=True, help="a JSON file of replies")
    parser.add_argument("--port", type=int, default=0, help="0: any free one, printed at start")
    given = parser.parse_args()
    script = Script.model_validate_json(given.script.read_bytes())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(script, given.port))


if __name__ == "__main__":
    main()
