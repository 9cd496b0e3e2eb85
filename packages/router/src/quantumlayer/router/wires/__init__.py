"""How requests and replies look on the line: one wire a provider's format, pure, no I/O.

`wire.py` is the protocol. A format is two modules: `openai_chat.py` and `anthropic_messages.py`
write requests, `openai_reader.py` and `anthropic_reader.py` read replies. What both share:
`error_bodies.py` and `error_kinds.py` (what went wrong), `token_usage.py` (what was counted),
`strict_schema.py` (schemas for native structured output).
"""
