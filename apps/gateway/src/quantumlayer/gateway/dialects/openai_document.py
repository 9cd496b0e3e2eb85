"""A chat completion in one document, of the chunks it came in."""

from collections.abc import Sequence
from typing import Any

from quantumlayer.router.deltas import TokenUsage
from quantumlayer.router.messages import ToolCallPart


def document(
    chunk: dict[str, Any],
    head: dict[str, Any],
    usage: TokenUsage,
    calls: Sequence[ToolCallPart],
) -> dict[str, Any]:
    """The document of all chunks merged into one; fields that nobody here knows stay.

    `calls` are the only choice's, told apart better than their chunks do.
    """
    choices = sorted(chunk.get("choices") or (), key=lambda choice: choice.get("index") or 0)
    counts = chunk.get("usage") or (None if usage == TokenUsage() else written_usage(usage))
    return {
        **chunk,
        "id": head["id"],
        "object": "chat.completion",
        "created": chunk.get("created") or head["created"],
        "model": head["model"],
        "choices": [_choice(choice, calls) for choice in choices],
        **({"usage": counts} if counts else {}),
    }


def written_usage(usage: TokenUsage) -> dict[str, Any]:
    """The counts in the format's words; what is read from a cache is part of the prompt."""
    asked, answered = usage.input_tokens or 0, usage.output_tokens or 0
    cached = {"cached_tokens": usage.cached_tokens or 0}
    if usage.cache_written_tokens:
        cached["cache_write_tokens"] = usage.cache_written_tokens
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
        "prompt_tokens_details": cached,
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
    }


def proof_of(signature: str | None) -> dict[str, Any]:
    """Where Gemini's proof of the thought behind a call stands in it."""
    if signature is None:
        return {}
    return {"extra_content": {"google": {"thought_signature": signature}}}


def _choice(choice: dict[str, Any], calls: Sequence[ToolCallPart]) -> dict[str, Any]:
    """A choice with its message; what a server sent as a whole message beside pieces is left."""
    rest = {name: value for name, value in choice.items() if name not in {"delta", "message"}}
    said = choice.get("delta") or choice.get("message") or {}
    message = {"role": "assistant", "content": None, **said}
    if calls:
        message["tool_calls"] = [_call(call) for call in calls]
    elif message.get("tool_calls"):
        message["tool_calls"] = [_unnumbered(call) for call in message["tool_calls"]]
    if message.get("tool_calls"):
        message["content"] = message["content"] or None
    return {"logprobs": None, **rest, "message": message}


def _call(call: ToolCallPart) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function, **proof_of(call.signature)}


def _unnumbered(call: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", **{name: each for name, each in call.items() if name != "index"}}
