"""The items of a response's output, and the events that tell of them."""

from collections.abc import Iterator
from typing import Any

from quantumlayer.gateway.dialects.blocks import Block, Kind
from quantumlayer.router.deltas import TokenUsage

Event = dict[str, Any]

_PREFIXES: dict[Kind, str] = {
    "text": "msg",
    "refusal": "msg",
    "thought": "rs",
    "sealed": "rs",
    "call": "fc",
}
_PIECES: dict[Kind, str] = {
    "text": "output_text",
    "refusal": "refusal",
    "thought": "reasoning_summary_text",
    "call": "function_call_arguments",
}


def begun(block: Block, response: str) -> Iterator[Event]:
    """The events of an item that begins."""
    added = item(block, response, "in_progress")
    if block.kind in {"text", "refusal"}:
        added["content"] = []
    elif block.kind == "call":
        added["arguments"] = ""
    yield {"type": "response.output_item.added", "output_index": block.index, "item": added}
    if block.kind == "thought":
        part = {"type": "summary_text", "text": ""}
        yield {
            "type": "response.reasoning_summary_part.added",
            **_at(block, response),
            "part": part,
        }
    elif block.kind in {"text", "refusal"}:
        yield {
            "type": "response.content_part.added",
            **_at(block, response),
            "part": _part(block, ""),
        }


def more(block: Block, response: str, text: str) -> Event:
    """The event of more of an item."""
    kind = f"response.{_PIECES[block.kind]}.delta"
    extra: Event = {"logprobs": []} if block.kind == "text" else {}
    return {"type": kind, **_at(block, response), "delta": text, **extra}


def ended(block: Block, response: str, status: str) -> Iterator[Event]:
    """The events of an item that is whole."""
    place, text = _at(block, response), block.text
    whole: dict[Kind, dict[str, Any]] = {
        "text": {"text": text, "logprobs": []},
        "refusal": {"refusal": text},
        "thought": {"text": text},
        "call": {"arguments": text or "{}", "name": block.name},
    }
    if block.kind in whole:
        yield {"type": f"response.{_PIECES[block.kind]}.done", **place, **whole[block.kind]}
    if block.kind == "thought":
        part = {"type": "summary_text", "text": text}
        yield {"type": "response.reasoning_summary_part.done", **place, "part": part}
    elif block.kind in {"text", "refusal"}:
        yield {"type": "response.content_part.done", **place, "part": _part(block, text)}
    done = item(block, response, status)
    yield {"type": "response.output_item.done", "output_index": block.index, "item": done}


def item(block: Block, response: str, status: str) -> dict[str, Any]:
    """The item that a block is."""
    own = {"id": _id(block, response), "status": status}
    match block.kind:
        case "call":
            said = {"call_id": block.id, "name": block.name, "arguments": block.text or "{}"}
            return {**own, "type": "function_call", **said}
        case "thought" | "sealed":
            summary = [{"type": "summary_text", "text": block.text}] if block.pieces else []
            proof = {} if block.signature is None else {"encrypted_content": block.signature}
            return {**own, "type": "reasoning", "summary": summary, **proof}
        case _:
            content = [_part(block, block.text)]
            return {**own, "type": "message", "role": "assistant", "content": content}


def written_usage(usage: TokenUsage) -> dict[str, Any]:
    """The counts in the format's words."""
    asked, answered = usage.input_tokens or 0, usage.output_tokens or 0
    return {
        "input_tokens": asked,
        "input_tokens_details": {
            "cached_tokens": usage.cached_tokens or 0,
            "cache_write_tokens": usage.cache_written_tokens or 0,
        },
        "output_tokens": answered,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
        "total_tokens": asked + answered,
    }


def _id(block: Block, response: str) -> str:
    return f"{_PREFIXES[block.kind]}_{response}_{block.index}"


def _at(block: Block, response: str) -> dict[str, Any]:
    place = {"item_id": _id(block, response), "output_index": block.index}
    match block.kind:
        case "thought":
            return {**place, "summary_index": 0}
        case "call":
            return place
        case _:
            return {**place, "content_index": 0}


def _part(block: Block, text: str) -> dict[str, Any]:
    if block.kind == "refusal":
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
