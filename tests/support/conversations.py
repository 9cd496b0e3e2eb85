"""A conversation of an agent with the scripted model server, outside of any run."""

from typing import Any
from uuid import uuid4

from quantumlayer.agents import Conversation
from quantumlayer.router import CallLimits, MemoryCallStore
from tests.support.model_server import ModelServer
from tests.support.router_parts import router_to


def conversation_with(server: ModelServer, *, attempts: int = 1) -> Conversation:
    """What an agent asks with; nothing is budgeted, and an answer must fit within `attempts`."""
    return Conversation(
        router=router_to(server.base_url, MemoryCallStore()),
        organisation_id=uuid4(),
        run_id=None,  # type: ignore[arg-type]  # no run: nothing is budgeted
        model="openai/scripted",
        limits=CallLimits(timeout_seconds=30, attempts=attempts, continuations=0),
    )


def prompts_of(server: ModelServer) -> list[str]:
    """What the model was asked, a text a question: system prompt, parts and all."""

    def text(message: dict[str, Any]) -> str:
        content = message["content"]
        return content if isinstance(content, str) else content[0]["text"]

    return ["\n".join(map(text, one.messages)) for one in server.requests]
