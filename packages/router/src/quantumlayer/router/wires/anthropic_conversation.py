"""A conversation as Anthropic's format has it: a system prompt, and turns of blocks."""

from collections.abc import Iterator
from typing import Any

from quantumlayer.router.messages import (
    ImagePart,
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.wires.answers import arguments_of
from quantumlayer.router.wires.cache_marks import CACHE_MARK, marked

_DATA_URL = "data:"
_UNMARKED = frozenset({"thinking", "redacted_thinking"})

Block = dict[str, Any]


def conversation(
    messages: tuple[Message, ...], profile: Profile, without: frozenset[str]
) -> tuple[list[Block], list[dict[str, Any]]]:
    """The system prompt and the turns.

    What is said as `system` later on stands in a turn of the user's. Messages of one role after
    another are one turn, and those that say nothing are left out: the format refuses empty text.
    """
    system: list[Block] = []
    turns: list[dict[str, Any]] = []
    for message, keep in marked(messages, profile, without):
        blocks = list(_blocks(message, thoughts=profile.reasoning_echo == "thinking_blocks"))
        if keep:
            _mark(blocks)
        role = "assistant" if message.role == "assistant" else "user"
        if message.role == "system" and not turns:
            system += blocks
        elif turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        elif blocks:
            turns.append({"role": role, "content": blocks})
    for turn in turns:
        # Results must come before all else that the user says after calls.
        turn["content"].sort(key=lambda block: block["type"] != "tool_result")
    return system, turns


def _blocks(message: Message, *, thoughts: bool) -> Iterator[Block]:
    for part in message.parts:
        if not isinstance(part, ReasoningPart) or (thoughts and message.role == "assistant"):
            yield from _block(part)


def _block(part: Part) -> Iterator[Block]:
    match part:
        case TextPart(text=text):
            if text.strip():
                yield {"type": "text", "text": text}
        case ImagePart(url=url):
            yield {"type": "image", "source": _source(url)}
        case ReasoningPart(sealed=str(data)):
            yield {"type": "redacted_thinking", "data": data}
        case ReasoningPart(text=text, signature=str(signature)):
            yield {"type": "thinking", "thinking": text, "signature": signature}
        case ToolCallPart():
            given = arguments_of(part.arguments)
            yield {"type": "tool_use", "id": part.id, "name": part.name, "input": given}
        case ToolResultPart():
            result: Block = {"type": "tool_result", "tool_use_id": part.call_id}
            said = {"content": part.text} if part.text.strip() else {}
            yield {**result, **said, **({"is_error": True} if part.failed else {})}
        case _:
            return  # A thought without a signature was another provider's.


def _source(url: str) -> dict[str, str]:
    """A picture by its address, or the bytes of a `data:` URL (RFC 2397)."""
    if not url.startswith(_DATA_URL):
        return {"type": "url", "url": url}
    media, _, data = url.removeprefix(_DATA_URL).partition(",")
    return {"type": "base64", "media_type": media.partition(";")[0], "data": data}


def _mark(blocks: list[Block]) -> None:
    """Marks the last block that can carry a mark."""
    last = next((block for block in reversed(blocks) if block["type"] not in _UNMARKED), None)
    if last is not None:
        last["cache_control"] = CACHE_MARK
