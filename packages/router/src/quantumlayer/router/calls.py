"""The calls of one typed question: stored replies first, then a provider, each accounted for."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from quantumlayer.router.errors import CallInProgress, RouterError
from quantumlayer.router.nouns import CompletionRequest, Usage
from quantumlayer.router.pricing import FREE, Price
from quantumlayer.router.providers.protocol import Provider, ProviderRequest
from quantumlayer.router.receiving import Incoming, OnPiece, Written, kept, storable, words_of
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
    one depends on the replies before it alone, so a repeated question goes the same way. A reply
    that broke off is one of them: it is paid for, and the next one goes on from it.
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
    on_piece: OnPiece | None = None
    written: Written = words_of
    """What of a reply is stored as its text."""
    replies: list[StoredReply] = field(default_factory=list)
    _stored: deque[StoredReply] = field(default_factory=deque)
    _bought: int = 0
    _tried: int = 0

    async def next(self, asked: ProviderRequest, input_tokens: int) -> StoredReply:
        """The next reply; `input_tokens` is the estimate that is reserved for what is sent.

        A broken one only while there are retries left: then its own failure is raised.
        """
        while not self._stored:
            try:
                await self._obtain(asked, input_tokens)
            except RouterError as error:
                pause = self._pause_after(error)
                if pause is None:
                    raise
                _log.warning(
                    "%s did not answer %s, trying again: %s",
                    self.request.model,
                    self.request.task,
                    error,
                )
                await self.sleep(pause)
        reply = self._stored.popleft()
        if not reply.broken:
            self._tried = 0
        self.replies.append(reply)
        return reply

    def usage(self) -> Usage:
        """What all replies so far took together."""
        last, first = self.replies[-1], self.replies[0].first_token_ms
        return Usage(
            input_tokens=sum(reply.input_tokens for reply in self.replies),
            output_tokens=sum(reply.output_tokens for reply in self.replies),
            cached_tokens=sum(reply.cached_tokens for reply in self.replies),
            cache_written_tokens=sum(reply.cache_written_tokens for reply in self.replies),
            reasoning_tokens=sum(reply.reasoning_tokens for reply in self.replies),
            cost_usd=self._spent(),
            priced=all(reply.priced for reply in self.replies),
            seconds=sum(reply.duration_ms for reply in self.replies) / 1000,
            first_token_seconds=None if first is None else first / 1000,
            model=last.model,
            provider=last.provider,
            calls=len(self.replies),
            from_store=self._bought == 0,
        )

    def _pause_after(self, error: RouterError) -> float | None:
        """How long to wait before the next try; None when there is none."""
        self._tried += 1
        error.tried = self._tried
        pause = self.retry.pause(self._tried, error.retry_after)
        # A pause that outlasts the call would only hide what the provider said.
        is_over = self._tried > self.retry.retries or pause >= self._left()
        return None if is_over or not error.retryable else pause

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
        incoming = Incoming(call_id, in_time, self.provider, self.price, input_tokens, self.written)
        try:
            async with kept(self.store, self.request.organisation_id, incoming):
                await incoming.take(self.on_piece)
        except BaseException as error:
            # Whatever ends a call, cancellation included: what came is paid, the rest comes free.
            await _to_the_end(self._broke_off(incoming, error))
            raise
        await _to_the_end(self._store(incoming.reply()))

    def _claim(self, asked: ProviderRequest, input_tokens: int) -> Claim:
        reserve = self._reservation(input_tokens, asked.max_output_tokens)
        return Claim(
            organisation_id=self.request.organisation_id,
            run_id=self.request.run_id,
            idempotency_key=self.request.idempotency_key,
            request_hash=self.request_hash,
            task=self.request.task,
            agent=self.request.agent,
            path=self.request.path,
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
        return Amount(price.most(input_tokens, output_tokens), input_tokens + output_tokens)

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

    async def _store(self, reply: StoredReply, *, error: str | None = None) -> None:
        if await self.store.complete(self.request.organisation_id, reply, error=error):
            self._stored.append(reply)
            self._bought += 1

    async def _broke_off(self, incoming: Incoming, error: BaseException) -> None:
        """Stores what came of a reply, so that the next one can go on from it."""
        said = storable(f"{type(error).__name__}: {error}")
        if not incoming.begun:
            await self._fail(incoming.call_id, said, incoming.elapsed_ms)
            return
        try:
            await self._store(incoming.reply(broken=True), error=said)
        except Exception:  # noqa: BLE001 - the lease ends the claim, and what was kept counts then
            _log.warning("what came of call %s was not stored", incoming.call_id, exc_info=True)

    async def _fail(self, call_id: UUID, error: str, duration_ms: int) -> None:
        """Writes the failure down; what failed is told even when that cannot be written."""
        organisation_id = self.request.organisation_id
        try:
            await self.store.fail(organisation_id, call_id, error=error, duration_ms=duration_ms)
        except Exception:  # noqa: BLE001 - the lease ends the claim in any case
            _log.warning("the failure of call %s could not be stored", call_id, exc_info=True)


async def _to_the_end(work: Coroutine[Any, Any, ValueT]) -> ValueT:
    """Finishes `work` even when the caller is cancelled meanwhile, and only then lets it go."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
