"""Takes a reply in while it comes, so that whatever ends it, what was paid for is not lost."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from quantumlayer.router.deltas import (
    Delta,
    FinishReason,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.errors import ProviderUnavailable, RouterError
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.pricing import Price, estimate_output_tokens
from quantumlayer.router.providers.protocol import Provider, ProviderRequest
from quantumlayer.router.store import CallStore, StoredReply

_log = logging.getLogger(__name__)
_CONTENT = (TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta)
_KEEP_SECONDS = 2.0
# A long reply is written less often: writing again what is there already stays below this.
_KEPT_CHARACTERS_A_SECOND = 100_000

OnPiece = Callable[[Delta], None]
"""Told of every piece of a reply as it comes; must not wait for anything."""
Written = Callable[[Gathered, ProviderRequest], tuple[str, FinishReason | None]]
"""What of a reply is stored as its text, and its reason to end; None of one that is not over."""


def words_of(gathered: Gathered, asked: ProviderRequest) -> tuple[str, FinishReason | None]:
    """The reply's words; a refusal's where there are no others.

    Servers that know no structured output have the model call a tool that nobody offered: the
    arguments are the answer then, unless they were cut off.
    """
    if gathered.finished is None:
        return gathered.text, None
    reason = gathered.finished.reason
    called = [] if asked.tools else [call.arguments for call in gathered.tool_calls]
    spoken = [words for words in (gathered.text, *called) if words.strip()]
    if spoken or not gathered.refusal:
        return "\n".join(spoken) or gathered.text, reason
    return gathered.refusal, reason if reason == "content_filter" else "refusal"


@dataclass(slots=True)
class Incoming:
    """One reply on its way.

    `input_tokens` is the estimate of what was sent, which counts where the provider does not say.
    `written` says what of it is stored.
    """

    call_id: UUID
    asked: ProviderRequest
    provider: Provider
    price: Price | None
    input_tokens: int
    written: Written = words_of
    gathered: Gathered = field(default_factory=Gathered)
    _started: float = field(default_factory=time.monotonic)
    _first_token_ms: int | None = None
    _begun: bool = False

    @property
    def begun(self) -> bool:
        """Whether content came or tokens were counted: then even what breaks off now is paid."""
        return self._begun

    @property
    def elapsed_ms(self) -> int:
        """Milliseconds since the provider was asked."""
        return round((time.monotonic() - self._started) * 1000)

    async def take(self, on_piece: OnPiece | None) -> None:
        """Asks the provider and takes all pieces of its reply.

        Raises `ProviderUnavailable` where the reply ends without saying so, and what the provider
        raises. What breaks behind the reply's end is no matter.
        """
        pieces = self.provider.stream(self.asked)
        try:
            async for piece in pieces:
                self._take(piece)
                if on_piece is not None:
                    on_piece(piece)
        except RouterError as error:
            if self.gathered.finished is None:
                raise
            _log.info("call %s broke behind its reply: %s", self.call_id, error)
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
        if self.gathered.finished is None:
            raise ProviderUnavailable(f"{self.asked.model!r} broke its reply off")

    def _take(self, piece: Delta) -> None:
        self.gathered.add(piece)
        if isinstance(piece, (*_CONTENT, UsageDelta)):
            self._begun = True
        if self._first_token_ms is None and isinstance(piece, _CONTENT):
            self._first_token_ms = self.elapsed_ms

    def reply(self, *, broken: bool = False) -> StoredReply:
        """The reply as far as it has come, with what it cost; `broken`: this is all of it."""
        text, reason = self.written(self.gathered, self.asked)
        metered = self.provider.traits.metered
        tokens = _tokens(self.gathered, self.input_tokens, broken=broken, metered=metered)
        cost = self._cost(tokens)
        return StoredReply(
            call_id=self.call_id,
            text=storable(text),
            finish_reason=None if broken else reason,
            cost_usd=cost if cost is not None else Decimal(0),
            priced=cost is not None,
            model=self.gathered.model or self.asked.model,
            provider=self.provider.name,
            duration_ms=self.elapsed_ms,
            first_token_ms=self._first_token_ms,
            **tokens,
        )

    def _cost(self, tokens: dict[str, int]) -> Decimal | None:
        said = self.gathered.usage.cost_usd
        if said is not None or self.price is None:
            return said
        return self.price.cost(
            tokens["input_tokens"],
            tokens["output_tokens"],
            cached=tokens["cached_tokens"],
            written=tokens["cache_written_tokens"],
            reasoning=tokens["reasoning_tokens"],
        )


@asynccontextmanager
async def kept(store: CallStore, organisation_id: UUID, incoming: Incoming) -> AsyncIterator[None]:
    """Keeps the claim alive and what has come in the store, so that nobody's death loses it."""
    keeping = asyncio.create_task(_keep(store, organisation_id, incoming))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _keep(store: CallStore, organisation_id: UUID, incoming: Incoming) -> None:
    pause = min(_KEEP_SECONDS, store.lease_seconds / 3)
    written, waited = -1, 0.0
    while True:
        await asyncio.sleep(pause)
        waited += pause
        size = incoming.gathered.characters
        is_due = size != written and waited >= size / _KEPT_CHARACTERS_A_SECOND
        try:
            if incoming.begun and is_due:
                await store.keep(organisation_id, incoming.reply(broken=True))
                written, waited = size, 0.0
            else:
                await store.renew(organisation_id, incoming.call_id)
        except Exception:  # noqa: BLE001 - whatever it is, see below
            # The provider is working and paid for: a database that stumbles must not end it.
            _log.warning("keeping call %s failed", incoming.call_id, exc_info=True)


def storable(text: str) -> str:
    """`text` without what PostgreSQL cannot hold and no JSON text may: NUL, lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _tokens(
    gathered: Gathered, input_tokens: int, *, broken: bool, metered: bool
) -> dict[str, int]:
    """What was counted, by name; what nobody counted is estimated where it is paid for."""
    usage = gathered.usage
    written = estimate_output_tokens(_written(gathered)) if metered else 0
    # What a reply that broke off had counted when it began says nothing of what came since.
    counted = max(usage.output_tokens or 0, written if broken else 0)
    output = counted or written
    reasoning = usage.reasoning_tokens
    if reasoning is None:
        reasoning = estimate_output_tokens("".join(part.text for part in gathered.reasoning))
    return {
        "input_tokens": usage.input_tokens or (input_tokens if metered else 0),
        "output_tokens": output,
        "cached_tokens": usage.cached_tokens or 0,
        "cache_written_tokens": usage.cache_written_tokens or 0,
        "reasoning_tokens": min(reasoning, output),
    }


def _written(gathered: Gathered) -> str:
    """Everything that the model wrote, its thoughts included."""
    thoughts = (part.text for part in gathered.reasoning)
    calls = (call.name + call.arguments for call in gathered.tool_calls)
    return "".join((gathered.text, gathered.refusal, *thoughts, *calls))
