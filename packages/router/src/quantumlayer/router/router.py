"""The typed call: from a question to a validated answer, within limits, paid for once.

Which layer retries what, so that retries never multiply:

- The provider retries nothing (litellm's and the HTTP client's own retries are off).
- The router asks a provider again four times by default for passing failures (no connection, 5xx,
  rate limits, a reply that breaks off), with growing, jittered pauses, keeping to Retry-After, and
  never beyond the call's `timeout_seconds`. A reply that broke off is paid for and gone on from. It
  asks the model again for a valid answer at most `attempts` times.
- Whoever calls the router (a Temporal activity) retries what is `retryable`, over minutes and
  across restarts, after `retry_after` if given, with the same idempotency key: replies that were
  stored are not bought again. There is one budget of tries: what the router used of it stands in
  the error (`tried`). It must not retry the rest: the same call would fail in the same way.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from quantumlayer.router.calls import CallSequence, Sleep
from quantumlayer.router.errors import InvalidAnswer, Timeout
from quantumlayer.router.formats import AnswerFormat, AnswerProblemError, JsonDocument
from quantumlayer.router.messages import ToolDefinition
from quantumlayer.router.nouns import Completion, CompletionRequest
from quantumlayer.router.pricing import FREE, Price, PriceList
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.directory import ProviderDirectory
from quantumlayer.router.providers.protocol import ProviderTraits
from quantumlayer.router.question import Question
from quantumlayer.router.receiving import OnPiece
from quantumlayer.router.retries import RetryPolicy
from quantumlayer.router.store import CallStore
from quantumlayer.router.turns import Turn, TurnTaking, parts_of, tools_text

AnswerT = TypeVar("AnswerT", bound=BaseModel)


async def _unknown(_model: str) -> Profile:
    return Profile()


class Router:
    """Gives typed answers of any registered model.

    Safe to share between tasks; several processes may share one store.
    """

    def __init__(
        self,
        providers: ProviderDirectory,
        store: CallStore,
        prices: PriceList,
        *,
        profiles: Callable[[str], Awaitable[Profile]] = _unknown,
        retry: RetryPolicy | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`profiles` says what a model can and wants; by default nothing is known of any."""
        self._providers = providers
        self._store = store
        self._prices = prices
        self._profiles = profiles
        self._retry = retry or RetryPolicy()
        self._sleep = sleep

    def traits(self, model: str) -> ProviderTraits:
        """What `model` is like; of one that nobody serves, what language models are like."""
        return self._providers.traits(model)

    async def profile(self, model: str) -> Profile:
        """What `model` can and wants."""
        return await self._profiles(model)

    async def price(self, model: str) -> Price | None:
        """What the model's tokens cost; None where nobody knows, so that no money is counted."""
        return await self._prices.price(model) if self.traits(model).metered else FREE

    async def check(self, model: str) -> None:
        """Raises the `RouterError` that every call of `model` would end with, if that is known.

        Takes two seconds at most and costs nothing.
        """
        await self._providers.check(model)

    async def open_budget(
        self,
        organisation_id: UUID,
        run_id: UUID,
        *,
        limit_usd: Decimal | None,
        limit_tokens: int | None = None,
    ) -> None:
        """Gives a run its limits (None: unlimited) before its first metered call.

        Called again it changes the limits and keeps what is spent.
        """
        await self._store.open_budget(
            organisation_id, run_id, limit_usd=limit_usd, limit_tokens=limit_tokens
        )

    async def complete(
        self,
        request: CompletionRequest,
        output: type[AnswerT] | AnswerFormat[AnswerT],
        *,
        on_piece: OnPiece | None = None,
    ) -> Completion[AnswerT]:
        """Asks `request.model` for an `output`, or finds the answer given before.

        A type is asked for as a JSON document; any other form of answers says by itself what it is.

        `on_piece` is told of every piece of a reply while it comes.

        Raises a `RouterError`: `BudgetExceeded` before anything is spent, `InvalidAnswer` after
        the last attempt, `Timeout` at the end of the time allowed, or what the provider said.
        Cancelling it stops the provider's call, books what came and releases what was reserved.
        """
        form = JsonDocument(output) if isinstance(output, type) else output
        async with self._in_time(request) as ends:
            return await self._answer(request, form, ends, on_piece)

    async def turn(
        self,
        request: CompletionRequest,
        tools: tuple[ToolDefinition, ...] = (),
        *,
        on_piece: OnPiece | None = None,
    ) -> Turn:
        """The next message of a conversation, calls of `tools` included, or the one given before.

        Raises a `RouterError` as `complete` does; `AnswerTooLong` where a call was cut off, however
        much the model may write.
        """
        async with self._in_time(request) as ends:
            calls = await self._sequence(request, tools_text(tools), ends)
            calls.on_piece, calls.written = on_piece, parts_of
            profile = await self._profiles(request.model)
            return await TurnTaking(request, tools, calls, profile).take()

    @asynccontextmanager
    async def _in_time(self, request: CompletionRequest) -> AsyncIterator[float]:
        """Gives when the time of the whole call ends. Raises `Timeout` then."""
        limit = request.limits.timeout_seconds
        try:
            async with asyncio.timeout(limit) as clock:
                yield asyncio.get_running_loop().time() + limit
        except TimeoutError:
            if not clock.expired():
                raise
            raise Timeout(
                f"{request.model!r} gave no complete answer for {request.task!r} in {limit:g} s"
            ) from None

    async def _answer(
        self,
        request: CompletionRequest,
        form: AnswerFormat[AnswerT],
        ends: float,
        on_piece: OnPiece | None,
    ) -> Completion[AnswerT]:
        calls = await self._sequence(request, form.name, ends)
        calls.on_piece = on_piece
        question = Question(request, form, calls, await self._profiles(request.model))
        messages = request.messages
        answer = problem = ""
        for _ in range(request.limits.attempts):
            text, reply = await question.ask(messages)
            answer = form.together(answer, text)
            try:
                value = form.read(answer)
            except AnswerProblemError as error:
                problem = str(error)
                messages = form.asked_again(request.messages, text, problem)
            else:
                return Completion(value=value, usage=calls.usage(), call_id=reply.call_id)
        raise InvalidAnswer(
            f"{request.model!r} gave no valid answer for {request.task!r} in "
            f"{request.limits.attempts} attempts; at last: {problem}",
            problem=problem,
        )

    async def _sequence(
        self, request: CompletionRequest, form_name: str, ends: float
    ) -> CallSequence:
        provider = self._providers.resolve(request.model)
        price = await self.price(request.model)
        return CallSequence(
            request=request,
            request_hash=_hash(request, form_name),
            provider=provider,
            price=price,
            store=self._store,
            retry=self._retry,
            sleep=self._sleep,
            ends=ends,
        )


def _hash(request: CompletionRequest, form_name: str) -> str:
    """Names the question: everything that the answer depends on, no limit and no hint."""
    asked = request.model_dump(
        mode="json",
        include={"task", "model", "messages", "input"},
        exclude={"messages": {"__all__": {"cache_until_here"}}},
    )
    canonical = json.dumps([asked, form_name], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
