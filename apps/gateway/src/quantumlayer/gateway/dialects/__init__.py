"""The formats that clients speak."""

from collections.abc import Mapping
from typing import Final

from quantumlayer.gateway.dialects.anthropic_messages import AnthropicMessages
from quantumlayer.gateway.dialects.dialect import (
    Asked,
    Conversation,
    Dialect,
    DialectName,
    Writer,
)
from quantumlayer.gateway.dialects.openai_chat import OpenAIChat
from quantumlayer.gateway.dialects.openai_responses import OpenAIResponses

DIALECTS: Final[Mapping[DialectName, Dialect]] = {
    dialect.name: dialect for dialect in (OpenAIChat(), AnthropicMessages(), OpenAIResponses())
}

__all__ = ["DIALECTS", "Asked", "Conversation", "Dialect", "DialectName", "Writer"]
