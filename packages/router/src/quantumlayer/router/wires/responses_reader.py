"""A reply in the format of OpenAI's Responses: named events, or one document of the same items."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    FinishReason,
    Named,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.errors import ProviderUnavailable
from quantumlayer.router.wires.error_bodies import error_in, raised, said_error, shown
from quantumlayer.router.wires.finish_reasons import reason_of, word_in
from quantumlayer.router.wires.lenient_json import parsed
from quantumlayer.router.wires.token_usage import usage_in

_END = "[DONE]"
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})


class ResponsesReader:
    """Reads one reply; calls are told apart by their places among its items."""

    def __init__(self, *, tools_offered: bool) -> None:
        """Without `tools_offered` the arguments of calls are the answer."""
        self._tools_offered = tools_offered
        self._calls: dict[int, int] = {}
        self._argued: set[int] = set()
        self._said = self._refused = self._ended = False
        self._handlers: dict[str, Callable[[dict[str, Any]], Iterator[Delta]]] = {
            "response.created": self._begun,
            "response.output_text.delta": self._words,
            "response.refusal.delta": self._refusal,
            "response.reasoning_summary_text.delta": self._thought,
            "response.reasoning_text.delta": self._thought,
            "response.output_item.added": self._added,
            "response.output_item.done": self._done,
            "response.function_call_arguments.delta": self._arguments,
            **dict.fromkeys(_ENDS, self._end),
        }

    @property
    def ended(self) -> bool:
        return self._ended

    def event(self, name: str | None, data: str) -> Iterator[Delta]:
        if data.strip() in {"", _END}:
            yield Alive()
            return
        document = _document_in(data)
        if not isinstance(document, dict):
            raise ProviderUnavailable(f"the server's reply is no response: {shown(document)}")
        kind = document.get("type") or name
        if kind == "error" or (kind is None and document.get("error")):
            raise raised(error_in(document) or said_error(document))
        empty = True
        handler = self._handlers.get(str(kind))
        for delta in handler(document) if handler else ():
            empty = False
            yield delta
        if empty:
            yield Alive()

    def whole(self, body: object) -> Iterator[Delta]:
        if not isinstance(body, dict):
            raise ProviderUnavailable(f"the server's reply is no response: {shown(body)}")
        yield from self._begun({"response": body})
        items = body.get("output")
        for place, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield from self._item({"output_index": place, "item": item})
        yield from self._end({"response": body})

    def _begun(self, event: dict[str, Any]) -> Iterator[Delta]:
        response = _object(event, "response")
        yield Named(model=_word(response, "model"), id=_word(response, "id"))

    def _words(self, event: dict[str, Any]) -> Iterator[Delta]:
        if text := _word(event, "delta"):
            self._said = True
            yield TextDelta(text)

    def _refusal(self, event: dict[str, Any]) -> Iterator[Delta]:
        if text := _word(event, "delta"):
            self._refused = True
            yield RefusalDelta(text)

    def _thought(self, event: dict[str, Any]) -> Iterator[Delta]:
        if text := _word(event, "delta"):
            yield ReasoningDelta(text)

    def _added(self, event: dict[str, Any]) -> Iterator[Delta]:
        item, place = _object(event, "item"), _place(event)
        if item.get("type") == "function_call" and place not in self._calls:
            self._calls[place] = len(self._calls)
            if self._tools_offered:
                id_ = _word(item, "call_id") or _word(item, "id")
                yield ToolCallDelta(self._calls[place], id=id_, name=_word(item, "name"))

    def _arguments(self, event: dict[str, Any]) -> Iterator[Delta]:
        place, text = _place(event), _word(event, "delta")
        if text and place in self._calls:
            self._argued.add(place)
            if self._tools_offered:
                yield ToolCallDelta(self._calls[place], arguments=text)
            else:
                yield from self._words(event)

    def _done(self, event: dict[str, Any]) -> Iterator[Delta]:
        """What only the whole item says: arguments that came at once, and a thought's seal."""
        item, place = _object(event, "item"), _place(event)
        if item.get("type") == "function_call":
            yield from self._added(event)
            if place not in self._argued:
                yield from self._arguments({**event, "delta": item.get("arguments")})
        elif item.get("type") == "reasoning" and _word(item, "encrypted_content"):
            yield ReasoningDelta(sealed=sealed(item))

    def _item(self, event: dict[str, Any]) -> Iterator[Delta]:
        """An item of a document that came whole."""
        item = event["item"]
        for part in _parts(item, "content"):
            yield from self._words({"delta": part.get("text")})
            yield from self._refusal({"delta": part.get("refusal")})
        for part in _parts(item, "summary"):
            yield from self._thought({"delta": part.get("text")})
        yield from self._done(event)

    def _end(self, event: dict[str, Any]) -> Iterator[Delta]:
        response = _object(event, "response")
        if usage := usage_in(response):
            yield UsageDelta(usage)
        status = word_in(response.get("status"))
        if error := error_in(response):
            raise raised(error)
        cut = "max_output_tokens" if status == "incomplete" else status
        word = word_in(_object(response, "incomplete_details").get("reason")) or cut
        reason = reason_of(word)
        if reason is None or status in {"failed", "in_progress", "queued"}:
            raise ProviderUnavailable(f"the server broke its answer off: {shown(response)}")
        self._ended = True
        yield Finished(self._meant(reason), word)

    def _meant(self, reason: FinishReason) -> FinishReason:
        if reason in {"content_filter", "length"}:
            return reason
        if self._refused and not self._said and not self._calls:
            return "refusal"
        return "tool_calls" if self._calls and self._tools_offered else "stop"


def sealed(item: dict[str, Any]) -> str:
    """A thought that only the provider reads, as it must be given back."""
    kept = {name: item.get(name) for name in ("id", "summary", "encrypted_content")}
    return orjson.dumps(kept).decode()


def opened(text: str) -> dict[str, Any] | None:
    """The item that was sealed; None where another format sealed it."""
    try:
        kept = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    ours = isinstance(kept, dict) and "encrypted_content" in kept
    return {"type": "reasoning", **kept} if ours else None


def _document_in(data: str) -> object:
    try:
        return parsed(data)
    except ValueError:
        return data


def _parts(item: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    parts = item.get(name)
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict):
            yield part


def _place(event: dict[str, Any]) -> int:
    place = event.get("output_index")
    return place if isinstance(place, int) else 0


def _object(place: dict[str, Any], name: str) -> dict[str, Any]:
    found = place.get(name)
    return found if isinstance(found, dict) else {}


def _word(place: dict[str, Any], name: str) -> str | None:
    found = place.get(name)
    return found if isinstance(found, str) and found else None
