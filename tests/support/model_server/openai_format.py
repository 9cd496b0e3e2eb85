"""OpenAI's chat completions, whole and streamed."""

from collections.abc import Iterator
from typing import Any

from tests.support.model_server.formats import Event, Said, dumped
from tests.support.model_server.happenings import StreamError
from tests.support.model_server.replies import ScriptedReply


class OpenAIFormat:
    """As OpenAI's own server and most others speak it; reasoning as DeepSeek and vLLM send it."""

    ping = b": ping\n\n"

    def document(self, asked: dict[str, Any], said: Said) -> dict[str, Any]:
        """The reply as one document."""
        thought = {"reasoning_content": said.reply.reasoning} if said.reply.reasoning else {}
        calls = {"tool_calls": [_call(said, n) for n in range(len(said.calls))]}
        message = {
            "role": "assistant",
            "content": None if said.calls and not said.text else said.text,
            "refusal": None,
            **thought,
            **(calls if said.calls else {}),
        }
        return {
            "id": "chatcmpl-scripted",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": asked.get("model", "scripted"),
            "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
            "usage": _usage(said.reply),
        }

    def events(self, asked: dict[str, Any], said: Said) -> Iterator[Event]:
        """The reply in pieces: thoughts, words, calls, the end, the counts."""

        def event(choices: list[dict[str, Any]], characters: int = 0, **more: object) -> Event:
            base = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1}
            data = {**base, "model": asked.get("model"), "choices": choices, **more}
            return Event(dumped(data), characters=characters)

        def choice(delta: dict[str, Any], reason: str | None = None) -> list[dict[str, Any]]:
            return [{"index": 0, "delta": delta, "finish_reason": reason}]

        yield event(choice({"role": "assistant", "content": ""}))
        start = 0
        for name, text in (("reasoning_content", said.reply.reasoning), ("content", said.text)):
            for piece in said.pieces(text, start):
                yield event(choice({name: piece}), len(piece))
            start += len(text)
        for index, call in enumerate(said.calls):
            begun = {**_call(said, index), "index": index}
            begun["function"] = {"name": call.name, "arguments": ""}
            yield event(choice({"tool_calls": [begun]}))
            for piece in said.pieces(call.arguments, start):
                more = {"index": index, "function": {"arguments": piece}}
                yield event(choice({"tool_calls": [more]}), len(piece))
            start += len(call.arguments)
        yield event(choice({}, said.finish))
        if (asked.get("stream_options") or {}).get("include_usage"):
            yield event([], usage=_usage(said.reply))
        yield Event("[DONE]")

    def error(self, error: StreamError) -> Event:
        """An error in mid-stream."""
        said = {"message": error.message, "type": error.type, "code": error.code}
        return Event(dumped({"error": said}))


def _call(said: Said, index: int) -> dict[str, Any]:
    call = said.calls[index]
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": f"{call.id}_{index}", "type": "function", "function": function}


def _usage(reply: ScriptedReply) -> dict[str, Any]:
    usage: dict[str, Any] = {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
    }
    if reply.cached_tokens is not None:
        usage["prompt_tokens_details"] = {"cached_tokens": reply.cached_tokens}
    if reply.reasoning_tokens is not None:
        usage["completion_tokens_details"] = {"reasoning_tokens": reply.reasoning_tokens}
    return usage
