"""How requests and replies look on the line: one wire a provider's format, pure, no I/O.

`wire.py` is the protocol. A format is two modules: `openai_chat.py` and `anthropic_messages.py`
write requests, `openai_reader.py` and `anthropic_reader.py` read replies. What both share:
`error_bodies.py` and `error_kinds.py` (what went wrong), `token_usage.py` (what was counted),
`finish_reasons.py`, `cache_marks.py`, `answers.py` and `strict_schema.py` (the answer's form).
"""

from quantumlayer.router.wires.error_bodies import SaidError, error_in, kind_of
from quantumlayer.router.wires.openai_chat import OpenAIChatWire
from quantumlayer.router.wires.wire import Reader, Wire

__all__ = ["OpenAIChatWire", "Reader", "SaidError", "Wire", "error_in", "kind_of"]
