"""How a reply is sent: as an error, raw, as one document, or event by event."""

import json
from collections.abc import Mapping
from typing import Any

from tests.support.model_server.anthropic_format import AnthropicFormat
from tests.support.model_server.connection import Connection
from tests.support.model_server.formats import Format, Said
from tests.support.model_server.happenings import Break, Happening, Pings, PoliteEnd, Silence
from tests.support.model_server.openai_format import OpenAIFormat
from tests.support.model_server.replies import DroppedReply, ErrorReply, RawReply, Reply

FORMATS: Mapping[str, Format] = {
    "/v1/chat/completions": OpenAIFormat(),
    "/chat/completions": OpenAIFormat(),
    "/v1/messages": AnthropicFormat(),
    "/messages": AnthropicFormat(),
}


async def send(
    connection: Connection, spoken: Format, asked: dict[str, Any], reply: Reply, said: Said
) -> None:
    """The reply, as its kind and the request want it."""
    if isinstance(reply, ErrorReply):
        await send_error(connection, reply)
    elif isinstance(reply, RawReply):
        await connection.send(reply.status, reply.content_type, reply.body.encode())
    elif asked.get("stream") and not reply.whole:
        # Chunked, so that a client can tell a stream that was cut from one that ended.
        chunked = {"cache-control": "no-cache", "transfer-encoding": "chunked"}
        await connection.begin(200, "text/event-stream", chunked)
        await _send_events(connection, spoken, asked, reply, said)
    else:
        body = json.dumps(spoken.document(asked, said)).encode()
        cut = reply.after_bytes if isinstance(reply, DroppedReply) else None
        await connection.send(200, "application/json", body, cut_after=cut)


async def send_error(connection: Connection, reply: ErrorReply) -> None:
    """An error in the shape that both formats share."""
    kind = reply.type or ("server_error" if reply.status >= 500 else "invalid_request_error")
    error = {"message": reply.message, "type": kind, "code": reply.code, "param": None}
    after = {} if reply.retry_after is None else {"retry-after": reply.retry_after}
    body = json.dumps({"error": error, "type": "error"}).encode()
    await connection.send(reply.status, "application/json", body, headers=after)


async def _send_events(
    connection: Connection, spoken: Format, asked: dict[str, Any], reply: Reply, said: Said
) -> None:
    waiting = sorted(reply.on_the_way, key=lambda happening: happening.after)
    sent = characters = 0
    for place, event in enumerate(spoken.events(asked, said)):
        # Nothing happens before the first event, which says that a reply has begun.
        while place and waiting and waiting[0].after <= characters:
            if await _happens(connection, spoken, waiting.pop(0)):
                return
        line = event.line
        if isinstance(reply, DroppedReply) and sent + len(line) > reply.after_bytes:
            if left := line[: reply.after_bytes - sent]:
                await connection.write_chunk(left)
            connection.cut()
            return
        await connection.write_chunk(line)
        sent += len(line)
        characters += event.characters
    await connection.write_chunk(b"")


async def _happens(connection: Connection, spoken: Format, happening: Happening) -> bool:
    """Lets it happen; true when the reply is over with it."""
    if isinstance(happening, Silence):
        await connection.silence(happening.seconds)
        return False
    if isinstance(happening, Pings):
        for _ in range(happening.count):
            await connection.write_chunk(spoken.ping)
        return False
    if isinstance(happening, Break):
        connection.cut()
        return True
    if not isinstance(happening, PoliteEnd):
        await connection.write_chunk(spoken.error(happening).line)
    await connection.write_chunk(b"")
    return True
