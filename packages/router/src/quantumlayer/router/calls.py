"""The calls of one typed question: stored replies first, then a provider, each accounted for."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from quantumlayer.router.errors import CallInProgress, RouterError
from quantumlayer.router.nouns import CompletionRequest, Usage
from quantumlayer.router.pricing import FREE, Price
from quantumlayer.router.providers.protocol import Provider, ProviderReply, ProviderRequest
from quantumlayer.router.refusals import over_call_limit, over_run_budget
from quantumlayer.router.retries import RetryPolicy
from quantumlayer.router.store import (
    Amount,
    Busy,
    CallStore,
    Claim,
    ClaimOutcome,
    Granted,
    Refused,
    Replayed,
    StoredReply,
)

_log = logging.getLogger(__name__)
_BUSY_PAUSES = (0.02, 0.05, 0.1, 0.25, 0.5)
Sleep = Callable[[float], Awaitable[None]]
ValueT = TypeVar("ValueT")


@dataclass
class CallSequence:
    """The replies to one question, in the order in which they were asked for.

    Every reply is either taken from the store or bought; the conversation that leads to the next
    one depends on the replies before it alone, so a repeated question goes the same way.
    """

    request: CompletionRequest
    request_hash: str
    provider: Provider
    price: Price | None
    store: CallStore
    retry: RetryPolicy
    sleep: Sleep
    ends: float
    """When the question's time is over, on the event loop's clock."""
    replies: list[StoredReply] = field(default_factory=list)
    _stored: deque[StoredReply] = field(default_factory=deque)
    _bought: int = 0

    async def next(self, asked: ProviderRequest, input_tokens: int) -> StoredReply:
        """The next reply; `input_tokens` is the estimate that is reserved for what is sent."""
        tried = 0
        while not self._stored:
            try:
                await self._obtain(asked, input_tokens)
            except RouterError as error:
                tried += 1
                pause = self.retry.pause(tried, error.retry_after)
                # A pause that outlasts the call would only hide what the provider said.
                if not error.retryable or tried > self.retry.retries or pause >= self._left():
                    raise
                _log.warning(
                    "%s did not answer %s, trying again: %s",
                    self.request.model,
                    self.request.task,
                    error,
                )
                await self.sleep(pause)
        self.replies.append(self._stored.popleft())
        return self.replies[-1]

    def usage(self) -> Usage:
        """What all replies so far took together."""
        last = self.replies[-1]
        return Usage(
            input_tokens=sum(reply.input_tokens for reply in self.replies),
            output_tokens=sum(reply.output_tokens for reply in self.replies),
            cost_usd=self._spent(),
            priced=all(reply.priced for reply in self.replies),
            model=last.model,
            provider=last.provider,
            calls=len(self.replies),
            from_store=self._bought == 0,
        )

    def _left(self) -> float:
        return self.ends - asyncio.get_running_loop().time()

    def _spent(self) -> Decimal:
        return sum((reply.cost_usd for reply in self.replies), Decimal(0))

    async def _obtain(self, asked: ProviderRequest, input_tokens: int) -> None:
        """Fills the queue of stored replies: from the store, or by one call of the provider."""
        call_id = await self._granted(self._claim(asked, input_tokens))
        if call_id is None:
            return
        in_time = asked.model_copy(update={"timeout_seconds": max(self._left(), 0.001)})
        reply = await self._call(call_id, in_time)
        if await _to_the_end(self.store.complete(self.request.organisation_id, reply)):
            self._stored.append(reply)
            self._bought += 1

    def _claim(self, asked: ProviderRequest, input_tokens: int) -> Claim:
        reserve = self._reservation(input_tokens, asked.max_output_tokens)
        return Claim(
            organisation_id=self.request.organisation_id,
            run_id=self.request.run_id,
            idempotency_key=self.request.idempotency_key,
            request_hash=self.request_hash,
            task=self.request.task,
            model=self.request.model,
            provider=self.provider.name,
            answered=len(self.replies),
            reserve=reserve,
            may_buy=self._spent() + reserve.usd <= self.request.limits.max_cost_usd,
        )

    def _reservation(self, input_tokens: int, output_tokens: int) -> Amount:
        if not self.provider.traits.metered:
            return Amount(Decimal(0), 0)
        price = self.price or FREE
        return Amount(price.cost(input_tokens, output_tokens), input_tokens + output_tokens)

    async def _granted(self, claim: Claim) -> UUID | None:
        """The id of a call that may be made; None when stored replies were found instead."""
        waited = 0
        while True:
            match await self._claimed(claim):
                case Granted(call_id=call_id):
                    return call_id
                case Replayed(replies=replies):
                    self._stored.extend(replies)
                    return None
                case Refused() as refused:
                    raise self._refusal(claim, refused)
                case Busy():
                    pause = _BUSY_PAUSES[min(waited, len(_BUSY_PAUSES) - 1)]
                    if pause >= self._left():
                        raise CallInProgress(
                            f"another process still asks {claim.model!r} for {claim.task!r} under "
                            "the same idempotency key; ask again later for its reply"
                        )
                    waited += 1
                    await asyncio.sleep(pause)

    async def _claimed(self, claim: Claim) -> ClaimOutcome:
        claiming = asyncio.ensure_future(self.store.claim(claim))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            await asyncio.wait({claiming})
            if claiming.exception() is None:
                outcome = claiming.result()
                if isinstance(outcome, Granted):
                    await self._fail(outcome.call_id, "cancelled before the provider was asked", 0)
            raise

    def _refusal(self, claim: Claim, refused: Refused) -> RouterError:
        if claim.may_buy:
            return over_run_budget(claim, refused.budget)
        return over_call_limit(claim, self._spent(), self.request.limits.max_cost_usd)

    async def _call(self, call_id: UUID, asked: ProviderRequest) -> StoredReply:
        started = time.monotonic()
        try:
            async with self._kept_alive(call_id):
                reply = await self.provider.call(asked)
        except BaseException as error:
            # Whatever ends a call, cancellation included, what it held back must come free.
            failed = f"{type(error).__name__}: {error}"
            await _to_the_end(self._fail(call_id, failed, _milliseconds_since(started)))
            raise
        return self._priced(call_id, reply, _milliseconds_since(started))

    def _priced(self, call_id: UUID, reply: ProviderReply, duration_ms: int) -> StoredReply:
        cost = reply.cost_usd
        if cost is None and self.price is not None:
            cost = self.price.cost(reply.input_tokens, reply.output_tokens)
        return StoredReply(
            call_id=call_id,
            text=_storable(reply.text),
            finish_reason=reply.finish_reason,
            input_tokens=reply.input_tokens,
            output_tokens=reply.output_tokens,
            cost_usd=cost if cost is not None else Decimal(0),
            priced=cost is not None,
            model=reply.model,
            provider=self.provider.name,
            duration_ms=duration_ms,
        )

    async def _fail(self, call_id: UUID, error: str, duration_ms: int) -> None:
        """Writes the failure down; what failed is told even when that cannot be written."""
        organisation_id = self.request.organisation_id
        try:
            await self.store.fail(
                organisation_id, call_id, error=_storable(error), duration_ms=duration_ms
            )
        except Exception:  # noqa: BLE001 - the lease ends the claim in any case
            _log.warning("the failure of call %s could not be stored", call_id, exc_info=True)

    @asynccontextmanager
    async def _kept_alive(self, call_id: UUID) -> AsyncIterator[None]:
        """Renews the claim while the provider works, so that nobody takes it for dead."""
        renewing = asyncio.create_task(self._renew(call_id))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, call_id: UUID) -> None:
        while True:
            await asyncio.sleep(self.store.lease_seconds / 3)
            try:
                await self.store.renew(self.request.organisation_id, call_id)
            except Exception:  # noqa: BLE001 - whatever it is, see below
                # The provider is working and paid for: a database that stumbles must not end it.
                _log.warning("renewing the claim of call %s failed", call_id, exc_info=True)


async def _to_the_end(work: Coroutine[Any, Any, ValueT]) -> ValueT:
    """Finishes `work` even when the caller is cancelled meanwhile, and only then lets it go."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _storable(text: str) -> str:
    """`text` without what PostgreSQL cannot hold and no JSON text may: NUL, lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
