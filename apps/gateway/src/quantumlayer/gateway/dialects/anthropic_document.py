"""A message of Anthropic's in one document, of the events it came in."""

from collections.abc import Iterable
from typing import Any

from quantumlayer.gateway.dialects.merging import merged
from quantumlayer.router.deltas import TokenUsage
from quantumlayer.router.wires.answers import arguments_of


def document(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The document; fields that nobody here knows stay."""
    message: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    blocks: dict[int, list[dict[str, Any]]] = {}
    for event in events:
        match event.get("type"):
            case "message_start":
                message = dict(event["message"])
                usage |= message.get("usage") or {}
            case "content_block_start":
                blocks[event["index"]] = [event["content_block"]]
            case "content_block_delta":
                blocks.setdefault(event["index"], []).append(_piece(event["delta"]))
            case "message_delta":
                message |= event.get("delta") or {}
                counts = event.get("usage") or {}
                usage |= {name: value for name, value in counts.items() if value is not None}
            case _:
                continue
    content = [_block(merged(pieces)) for _, pieces in sorted(blocks.items())]
    return {**message, "content": content, "usage": usage}


def written_usage(usage: TokenUsage) -> dict[str, Any]:
    """The counts in the format's words: what was in a cache is no part of `input_tokens`."""
    cached, written = usage.cached_tokens or 0, usage.cache_written_tokens or 0
    thought = usage.reasoning_tokens
    return {
        "input_tokens": max(0, (usage.input_tokens or 0) - cached - written),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": cached,
        "output_tokens": usage.output_tokens or 0,
        **({"output_tokens_details": {"thinking_tokens": thought}} if thought else {}),
    }


def _piece(delta: dict[str, Any]) -> dict[str, Any]:
    """What a piece adds to its block, under the block's own names."""
    rest = {name: value for name, value in delta.items() if name != "type"}
    if "citation" in rest:
        return {"citations": [rest["citation"]]}
    return rest


def _block(block: dict[str, Any]) -> dict[str, Any]:
    given = block.pop("partial_json", None)
    return {**block, "input": arguments_of(given)} if given else block
