"""The formats that clients speak, as the gateway needs them: one dialect a format, pure, no I/O.

A request whose provider speaks the same format is passed on as it came, with no more changed than
must be, and the provider's events are handed on word for word. Else it becomes a conversation of
the router's, and the reply's pieces are written in the client's format.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from quantumlayer.gateway.http import GatewayError
from quantumlayer.router import Message
from quantumlayer.router.deltas import Delta
from quantumlayer.router.messages import ToolDefinition
from quantumlayer.router.profiles.profile import Effort
from quantumlayer.router.providers.protocol import ToolChoice

DialectName = Literal["openai_chat", "anthropic_messages", "openai_responses"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A client's request: `body` as it came, and what the gateway decides by.

    `acts` says that tools are offered, so that the same question may rightly have another answer.
    `plain` is false where only the same format can carry the request: several choices, logarithms
    of probabilities, audio.
    """

    model: str
    body: dict[str, Any]
    stream: bool = False
    usage_wanted: bool = False
    most_output: int | None = None
    acts: bool = False
    plain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The request in the router's nouns, for providers of another format."""

    messages: tuple[Message, ...]
    tools: tuple[ToolDefinition, ...] = ()
    tool_choice: ToolChoice | None = None
    json_schema: dict[str, Any] | None = None
    most_output: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    effort: Effort | None = None
    cache_key: str | None = None


class Writer(Protocol):
    """Writes one answer, in the client's format; a new one for each."""

    def passed(self, name: str | None, data: str, deltas: Sequence[Delta]) -> bytes:
        """What the client gets for an event of a provider of the same format; may be nothing."""
        ...

    def written(self, deltas: Iterable[Delta]) -> bytes:
        """What the client gets for pieces of a reply; may be nothing."""
        ...

    def end(self) -> bytes:
        """What ends the stream: counts that were asked for, the format's own end."""
        ...

    def failed(self, error: GatewayError) -> bytes:
        """What ends a stream that broke: the error in the format's words."""
        ...

    def whole(self) -> bytes:
        """The answer in one document, once all pieces were given to `passed` or `written`."""
        ...


class Dialect(Protocol):
    """One format."""

    @property
    def name(self) -> DialectName:
        """Its name, in metrics and audit rows."""
        ...

    def asked(self, body: object) -> Asked:
        """The request in a body of JSON; raises `GatewayError` that names the part."""
        ...

    def texts(self, asked: Asked) -> tuple[str, ...]:
        """Every text that a person or a program wrote into the request, in its order."""
        ...

    def replaced(self, asked: Asked, texts: Sequence[str]) -> Asked:
        """The same with other texts in the places of those of `texts`; the rest as it was."""
        ...

    def conversation(self, asked: Asked) -> Conversation:
        """The request in the router's nouns; raises `GatewayError` that names what it cannot be."""
        ...

    def passed_on(self, asked: Asked, model: str) -> dict[str, Any]:
        """The body for a provider of the same format, always streamed, its usage asked for."""
        ...

    def writer(self, asked: Asked, reply_id: str) -> Writer:
        """A writer for the answer; `asked.model` is what the client shall read as its model."""
        ...
