"""Requests to write in the tests of wires."""

from typing import Any

from quantumlayer.router.messages import Message
from quantumlayer.router.providers.protocol import ProviderRequest

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 1}},
}
ASKED = (
    Message(role="system", content="You know people."),
    Message(role="user", content="Who wrote the first program?"),
)


def request(*messages: Message, **more: Any) -> ProviderRequest:  # noqa: ANN401 - any field
    """A request that says `messages`, or asks a question."""
    fields: dict[str, Any] = {
        "task": "who",
        "model": "some-model",
        "messages": messages or ASKED,
        "input": {},
        "json_schema": None,
        "max_output_tokens": 5_000,
        "timeout_seconds": 30,
        **more,
    }
    return ProviderRequest(**fields)
