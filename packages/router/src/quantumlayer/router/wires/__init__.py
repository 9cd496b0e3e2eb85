"""How requests and replies look on the line: one wire a provider's format, pure, no I/O.

`wire.py` is the protocol. A format is two modules: `openai_chat.py` and `anthropic_messages.py`
write requests, `openai_reader.py` and `anthropic_reader.py` read replies. What both share:
`error_bodies.py` and `error_kinds.py` (what went wrong), `token_usage.py` (what was counted),
`finish_reasons.py`, `cache_marks.py`, `answers.py` and `strict_schema.py` (the answer's form).
"""

from collections.abc import Mapping
from typing import Final

from quantumlayer.router.wires.anthropic_messages import AnthropicMessagesWire
from quantumlayer.router.wires.openai_chat import OpenAIChatWire
from quantumlayer.router.wires.wire import TASK_HEADER, Reader, Wire

WIRES: Final[Mapping[str, Wire]] = {
    "openai": OpenAIChatWire(),
    "anthropic": AnthropicMessagesWire(),
}
OWN_WIRES: Final[Mapping[str, Wire]] = {
    "openai": OpenAIChatWire(names_task=True),
    "anthropic": AnthropicMessagesWire(names_task=True),
}
"""To servers of one's own, which may know what a request is for and route by it."""

__all__ = [
    "OWN_WIRES",
    "TASK_HEADER",
    "WIRES",
    "AnthropicMessagesWire",
    "OpenAIChatWire",
    "Reader",
    "Wire",
]
