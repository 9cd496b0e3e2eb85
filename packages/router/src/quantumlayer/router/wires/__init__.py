"""How requests and replies look on the line: one wire a provider's format, pure, no I/O.

`wire.py` is the protocol. A format is two modules: `openai_chat.py`, `openai_responses.py` and
`anthropic_messages.py` write requests, `openai_reader.py`, `responses_reader.py` and
`anthropic_reader.py` read replies. What they share:
`error_bodies.py` and `error_kinds.py` (what went wrong), `token_usage.py` (what was counted),
`finish_reasons.py`, `cache_marks.py`, `answers.py` and `strict_schema.py` (the answer's form).
"""

from collections.abc import Mapping
from typing import Final

from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.wires.anthropic_messages import AnthropicMessagesWire
from quantumlayer.router.wires.openai_chat import OpenAIChatWire
from quantumlayer.router.wires.openai_responses import OpenAIResponsesWire
from quantumlayer.router.wires.wire import Reader, Wire

WIRES: Final[Mapping[str, Wire]] = {
    "openai": OpenAIChatWire(),
    "openai_responses": OpenAIResponsesWire(),
    "anthropic": AnthropicMessagesWire(),
}


def wire_for(wire: Wire, profile: Profile) -> Wire:
    """The wire for a model of that profile at a provider of that wire."""
    if profile.api == "responses" and wire is WIRES["openai"]:
        return WIRES["openai_responses"]
    return wire


__all__ = [
    "WIRES",
    "AnthropicMessagesWire",
    "OpenAIChatWire",
    "OpenAIResponsesWire",
    "Reader",
    "Wire",
    "wire_for",
]
