"""Where a call goes: one deployment, asked in its own format."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from quantumlayer.gateway.dialects import Asked, Conversation, Dialect, DialectName
from quantumlayer.router import Message, Price
from quantumlayer.router.asking import continued
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.observability import Asking
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.providers.passing import Burst, PassedPiece, pass_on
from quantumlayer.router.providers.protocol import Provider, ProviderRequest
from quantumlayer.router.transport.clocks import Clocks
from quantumlayer.router.wires.wire import Reader

_TASK = "gateway"


@dataclass(frozen=True, slots=True)
class Native:
    """A provider that speaks the format `dialect`: requests in it are passed on as they are."""

    dialect: DialectName
    endpoint: Endpoint
    headers: Mapping[str, str]
    reader: Callable[[bool], Reader]
    """Makes a reader; it is told whether tools were offered."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """One deployment: its provider, what it costs, how much it may be asked."""

    name: str
    model: str
    provider: str
    traced: Asking
    """A call of it as traces have it."""
    limit: RateLimit
    clocks: Clocks
    translated: Provider
    native: Native | None
    price: Callable[[], Awaitable[Price | None]]
    profile: Callable[[], Awaitable[Profile]]

    def carries(self, dialect: Dialect, asked: Asked) -> bool:
        """Whether the request can be asked here; some can only be passed on as they are."""
        return asked.plain or self._speaks(dialect) is not None

    def bursts(
        self,
        dialect: Dialect,
        asked: Asked,
        headers: Mapping[str, str],
        so_far: str,
        trace: Mapping[str, str],
    ) -> AsyncGenerator[Burst, None]:
        """The reply as it comes; with `so_far`, the rest of an answer that another one began.

        `headers` are the client's that its format gives a meaning, `trace` those that name the
        call. Raises a `RouterError`.
        """
        native = self._speaks(dialect)
        if native is not None and not so_far:
            return pass_on(
                native.endpoint,
                {**native.headers, **headers, **trace},
                dialect.passed_on(asked, self.model),
                native.reader(asked.acts),
                self.clocks,
            )
        return self._translated(dialect.conversation(asked), so_far, trace)

    def _speaks(self, dialect: Dialect) -> Native | None:
        native = self.native
        return native if native is not None and native.dialect == dialect.name else None

    async def _translated(
        self, conversation: Conversation, so_far: str, trace: Mapping[str, str]
    ) -> AsyncGenerator[Burst, None]:
        profile = await self.profile()
        request = ProviderRequest(
            task=_TASK,
            model=self.model,
            messages=_messages(conversation, so_far),
            input={},
            json_schema=conversation.json_schema,
            form="continuation" if so_far else "whole",
            tools=() if so_far else conversation.tools,
            tool_choice=None if so_far else conversation.tool_choice,
            max_output_tokens=conversation.most_output or profile.output_cap,
            effort=conversation.effort,
            temperature=conversation.temperature,
            top_p=conversation.top_p,
            stop=conversation.stop,
            cache_key=conversation.cache_key,
            timeout_seconds=self.clocks.total,
            silence_seconds=self.clocks.silence,
            first_token_seconds=self.clocks.first_token,
            trace=dict(trace),
        )
        stream = self.translated.stream(request)
        try:
            async for delta in stream:
                yield [PassedPiece((delta,))]
        finally:
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()


def _messages(conversation: Conversation, so_far: str) -> tuple[Message, ...]:
    return continued(conversation.messages, so_far) if so_far else conversation.messages
