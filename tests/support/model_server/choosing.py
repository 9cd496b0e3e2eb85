"""Which reply of a script a request gets, and what is said in it."""

import json
from collections.abc import Sequence
from typing import Any, cast

from tests.support.model_server.formats import Said
from tests.support.model_server.replies import (
    CutOffReply,
    DroppedReply,
    ErrorReply,
    FilesReply,
    JsonReply,
    Reply,
    Responder,
    ScriptedReply,
    TextReply,
)


class Choice:
    """The replies that are left, and the answers that were cut off and wait to be continued."""

    def __init__(self, replies: Sequence[ScriptedReply] | Responder) -> None:
        self._responder = replies if callable(replies) else None
        self._waiting: list[tuple[Reply, int | None]] = []
        self._unfinished: dict[tuple[str | None, str], tuple[CutOffReply, int]] = {}
        if not callable(replies):
            self.add(replies)

    def add(self, replies: Sequence[ScriptedReply]) -> None:
        """Puts `replies` behind those that are still waiting."""
        self._waiting.extend((reply, reply.times) for reply in cast("Sequence[Reply]", replies))

    def choose(self, asked: dict[str, Any], task: str | None) -> tuple[Reply, Said]:
        """The reply for a request, and what it says."""
        for earlier in reversed(texts(asked, role="assistant")):
            if (task, earlier) in self._unfinished:
                return self._cut(task, *self._unfinished[task, earlier])
        reply = self._next(asked, task)
        if isinstance(reply, CutOffReply):
            return self._cut(task, reply, 0)
        if isinstance(reply, JsonReply):
            text = json.dumps(reply.value, ensure_ascii=False, indent=2)
            return reply, Said.of(reply, _in_fences(text) if reply.fenced else text)
        if isinstance(reply, FilesReply):
            return reply, Said.of(reply, reply.text)
        if isinstance(reply, TextReply):
            return reply, Said.of(reply, reply.content, reply.finish_reason)
        return reply, Said.of(reply, reply.content if isinstance(reply, DroppedReply) else "")

    def _cut(self, task: str | None, reply: CutOffReply, part: int) -> tuple[Reply, Said]:
        marks = (0, *reply.cuts, len(reply.content))
        text = reply.content[marks[part] : marks[part + 1]]
        if part == len(reply.cuts):
            return reply, Said.of(reply, text)
        # What comes back is either all that was said so far or only the latest part.
        for said in (reply.content[: marks[part + 1]], text):
            self._unfinished[task, said] = (reply, part + 1)
        return reply, Said.of(reply, text, "length")

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


def texts(asked: dict[str, Any], role: str | None = None) -> list[str]:
    """The texts of a request's messages, in both protocols' shapes."""
    messages = [{"role": "system", "content": asked.get("system")}, *asked.get("messages", ())]
    chosen = [message for message in messages if role in {None, message.get("role")}]
    return [text for message in chosen for text in _parts(message.get("content"))]


def _parts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, list):
        said = [part.get("text", part.get("content")) for part in content]
        return [text for text in said if isinstance(text, str)]
    return []


def _fits(reply: Reply, asked: dict[str, Any], task: str | None) -> bool:
    if reply.task not in {None, task} or reply.model not in {None, asked.get("model")}:
        return False
    return reply.contains is None or any(reply.contains in text for text in texts(asked))


def _in_fences(text: str) -> str:
    return f"Here is what you asked for:\n\n```json\n{text}\n```\n\nTell me if I should change it."
