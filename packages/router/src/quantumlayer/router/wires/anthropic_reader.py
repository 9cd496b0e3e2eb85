"""A reply in the format of Anthropic's Messages API, as a stream of events or whole.

Format: https://platform.claude.com/docs/en/build-with-claude/streaming. Servers that only speak it
send a block's words or arguments with its start, or leave the counts of one of the two places out.
"""

from collections.abc import Iterator
from typing import Any

from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    FinishReason,
    Named,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.errors import ProviderUnavailable
from quantumlayer.router.wires.error_bodies import error_in, raised, said_error, shown
from quantumlayer.router.wires.finish_reasons import reason_of, word_in
from quantumlayer.router.wires.lenient_json import dumped, parsed
from quantumlayer.router.wires.token_usage import usage_of

_CALLS = frozenset({"tool_use"})


class AnthropicReader:
    """Reads one reply."""

    def __init__(self, *, tools_offered: bool) -> None:
        """Without `tools_offered` the arguments of calls are the answer."""
        self._tools_offered = tools_offered
        self._usage: dict[str, Any] = {}
        self._places: dict[int, int] = {}
        self._calls = 0
        self._argued: set[int] = set()
        self._answered = self._said = False
        self._stop: dict[str, Any] = {}
        self._ended = False

    @property
    def ended(self) -> bool:
        return self._ended

    def event(self, name: str | None, data: str) -> Iterator[Delta]:
        empty = True
        for delta in self._event(name, data):
            empty = False
            yield delta
        if empty:
            yield Alive()

    def whole(self, body: object) -> Iterator[Delta]:
        if not isinstance(body, dict):
            raise ProviderUnavailable(f"the server's reply is no message: {shown(body)}")
        if error := error_in(body):
            raise raised(error)
        if not isinstance(body.get("content"), list):
            raise ProviderUnavailable(f"the server's reply holds no answer: {shown(body)}")
        yield from self._started(body)
        for index, block in enumerate(body["content"]):
            if isinstance(block, dict):
                yield from self._block(index, block)
                yield from self._stopped(index)
        self._stop = body
        yield from self._end()

    def _event(self, name: str | None, data: str) -> Iterator[Delta]:
        try:
            event = parsed(data) if data.strip() else {}
        except ValueError:
            event = None
        if not isinstance(event, dict):
            raise ProviderUnavailable(f"the server's reply is no message: {shown(data)}")
        kind = event.get("type") or name
        index = event.get("index")
        place = index if isinstance(index, int) else 0
        match kind:
            case "message_start":
                yield from self._started(_object(event, "message"))
            case "content_block_start":
                yield from self._block(place, _object(event, "content_block"))
            case "content_block_delta":
                yield from self._piece(place, _object(event, "delta"))
            case "content_block_stop":
                yield from self._stopped(place)
            case "message_delta":
                self._stop |= _object(event, "delta")
                yield from self._counted(_object(event, "usage"))
            case "message_stop":
                yield from self._end()
            case _:
                if kind == "error" or error_in(event):
                    raise raised(error_in(event) or said_error(event))

    def _started(self, message: dict[str, Any]) -> Iterator[Delta]:
        model, id_ = message.get("model"), message.get("id")
        named = Named(
            model=model if isinstance(model, str) and model else None,
            id=id_ if isinstance(id_, str) and id_ else None,
        )
        if named != Named():
            yield named
        yield from self._counted(_object(message, "usage"))

    def _counted(self, usage: dict[str, Any]) -> Iterator[Delta]:
        """All that was counted so far: what input is depends on counts that came before.

        A zero at the end takes back no count of the start: it says that it was not repeated.
        """
        known = {name: value for name, value in usage.items() if value or name not in self._usage}
        self._usage |= known
        if known and (counted := usage_of(self._usage)) != TokenUsage():
            yield UsageDelta(counted)

    def _block(self, index: int, block: dict[str, Any]) -> Iterator[Delta]:
        """What stands in a block, or in its start."""
        kind = block.get("type")
        if kind == "redacted_thinking" and isinstance(block.get("data"), str):
            self._said = True
            yield ReasoningDelta(sealed=block["data"])
        elif kind in _CALLS:
            self._places[index] = self._calls
            self._calls += 1
            if self._tools_offered:
                yield ToolCallDelta(self._places[index], _word(block, "id"), _word(block, "name"))
            given = block.get("input")
            yield from self._arguments(index, dumped(given) if given else "")
        elif kind in {"text", "thinking"}:
            yield from self._piece(index, block)

    def _piece(self, index: int, delta: dict[str, Any]) -> Iterator[Delta]:
        """More of a block, by what the piece holds."""
        thought, signature = _word(delta, "thinking"), _word(delta, "signature")
        if thought or signature:
            self._said = True
            yield ReasoningDelta(thought or "", signature)
        if text := _word(delta, "text"):
            self._said = True
            self._answered = self._answered or not text.isspace()
            yield TextDelta(text)
        if more := _word(delta, "partial_json"):
            yield from self._arguments(index, more)

    def _arguments(self, index: int, more: str) -> Iterator[Delta]:
        if not more or index not in self._places:
            return
        first = index not in self._argued
        self._argued.add(index)
        self._said = True
        if self._tools_offered:
            yield ToolCallDelta(self._places[index], arguments=more)
            return
        yield TextDelta(f"\n{more}" if first and self._answered else more)
        self._answered = True

    def _stopped(self, index: int) -> Iterator[Delta]:
        """A call without arguments has the empty object for its arguments."""
        if index in self._places and index not in self._argued:
            yield from self._arguments(index, "{}")

    def _end(self) -> Iterator[Delta]:
        self._ended = True
        word = word_in(self._stop.get("stop_reason"))
        if not word and not self._said:
            raise ProviderUnavailable("the server broke its answer off before it began")
        reason = reason_of(word)
        if reason is None:
            raise ProviderUnavailable(f"the server broke its answer off: {word}")
        if reason == "refusal" and (words := _word(self._details(), "explanation")):
            yield RefusalDelta(words)
        yield Finished(self._meant(reason), word)

    def _details(self) -> dict[str, Any]:
        return _object(self._stop, "stop_details")

    def _meant(self, reason: FinishReason) -> FinishReason:
        if not self._tools_offered:
            return "stop" if reason == "tool_calls" else reason
        return "tool_calls" if self._calls and reason in {"stop", "other"} else reason


def _object(place: dict[str, Any], name: str) -> dict[str, Any]:
    found = place.get(name)
    return found if isinstance(found, dict) else {}


def _word(place: dict[str, Any], name: str) -> str | None:
    found = place.get(name)
    return found if isinstance(found, str) and found else None
