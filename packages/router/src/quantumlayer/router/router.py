"""The typed call: from a question to a validated answer, within limits, paid for once.

Which layer retries what, so that retries never multiply:

- The provider retries nothing (litellm's and the HTTP client's own retries are off).
- The router asks a provider again two times by default for passing failures (no connection, 5xx,
  rate limits), with growing, jittered pauses, keeping to Retry-After, and never beyond the call's
  `timeout_seconds`. It asks the model again for a valid answer at most `attempts` times.
- Whoever calls the router (a Temporal activity) retries what is `retryable`, over minutes and
  across restarts, after `retry_after` if given, with the same idempotency key: replies that were
  stored are not bought again. It must not retry the rest: the same call would fail in the same way.
"""

import asyncio
import hashlib
import json
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from quantumlayer.router.asking import (
    AnswerProblemError,
    asked_again,
    continued,
    is_complete,
    is_cut_off,
    is_whole,
    read_answer,
    said,
    schema_of,
)
from quantumlayer.router.calls import CallSequence, Sleep
from quantumlayer.router.errors import (
    AnswerTooLong,
    ContentFiltered,
    InvalidAnswer,
    ModelRefused,
    Timeout,
)
from quantumlayer.router.nouns import Completion, CompletionRequest, Message
from quantumlayer.router.pricing import FREE, PriceList, estimate_input_tokens
from quantumlayer.router.providers.directory import ProviderDirectory
from quantumlayer.router.providers.protocol import AnswerForm, ProviderRequest, ProviderTraits
from quantumlayer.router.retries import RetryPolicy
from quantumlayer.router.stitching import stitch
from quantumlayer.router.store import CallStore, StoredReply
from quantumlayer.router.thoughts import without_leading_thought

AnswerT = TypeVar("AnswerT", bound=BaseModel)
_WORDS_SHOWN = 1000


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
        retry: RetryPolicy | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._providers = providers
        self._store = store
        self._prices = prices
        self._retry = retry or RetryPolicy()
        self._sleep = sleep

    def traits(self, model: str) -> ProviderTraits:
        """What `model` is like; of one that nobody serves, what language models are like."""
        return self._providers.traits(model)

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
        self, request: CompletionRequest, output: type[AnswerT]
    ) -> Completion[AnswerT]:
        """Asks `request.model` for an `output`, or finds the answer given before.

        Raises a `RouterError`: `BudgetExceeded` before anything is spent, `InvalidAnswer` after
        the last attempt, `Timeout` at the end of the time allowed, or what the provider said.
        Cancelling it stops the provider's call and releases what was reserved.
        """
        limit = request.limits.timeout_seconds
        try:
            async with asyncio.timeout(limit) as clock:
                ends = asyncio.get_running_loop().time() + limit
                return await self._answer(request, output, ends)
        except TimeoutError:
            if not clock.expired():
                raise
            raise Timeout(
                f"{request.model!r} gave no complete answer for {request.task!r} in {limit:g} s"
            ) from None

    async def _answer(
        self, request: CompletionRequest, output: type[AnswerT], ends: float
    ) -> Completion[AnswerT]:
        calls = await self._sequence(request, schema_of(output)[1], ends)
        question = _Question(request, output, calls)
        messages = request.messages
        problem = ""
        for _ in range(request.limits.attempts):
            text, reply = await question.ask(messages)
            try:
                value = read_answer(text, output)
            except AnswerProblemError as error:
                problem = str(error)
                messages = asked_again(request.messages, text, problem)
            else:
                return Completion(value=value, usage=calls.usage(), call_id=reply.call_id)
        raise InvalidAnswer(
            f"{request.model!r} gave no valid answer for {request.task!r} in "
            f"{request.limits.attempts} attempts; at last: {problem}",
            problem=problem,
        )

    async def _sequence(
        self, request: CompletionRequest, schema_text: str, ends: float
    ) -> CallSequence:
        provider = self._providers.resolve(request.model)
        metered = provider.traits.metered
        price = await self._prices.price(request.model) if metered else FREE
        return CallSequence(
            request=request,
            request_hash=_hash(request, schema_text),
            provider=provider,
            price=price,
            store=self._store,
            retry=self._retry,
            sleep=self._sleep,
            ends=ends,
        )


class _Question:
    """Asks for one whole text at a time, continuing what was cut off."""

    def __init__(
        self,
        request: CompletionRequest,
        output: type[BaseModel],
        calls: CallSequence,
    ) -> None:
        self._request = request
        self._output = output
        self._schema, self._schema_text = schema_of(output)
        self._calls = calls

    async def ask(self, messages: tuple[Message, ...]) -> tuple[str, StoredReply]:
        """The whole text without the model's thoughts, and the reply that ended it."""
        reply = await self._reply(messages, "whole")
        text = said(reply.text, self._output)
        if reply.finish_reason == "length" and not text:
            raise self._only_thought()
        for _ in range(self._request.limits.continuations):
            if not self._is_cut_off(reply, text):
                return text, reply
            reply = await self._reply(continued(messages, text), "continuation")
            text = self._joined(text, reply.text)
            if reply.finish_reason != "length" or not reply.text.strip():
                break  # what still has no end now is asked for again, or adds nothing more
        if reply.finish_reason == "length" and self._is_cut_off(reply, text):
            raise self._too_long(text)
        return text, reply

    def _joined(self, text: str, continuation: str) -> str:
        if is_whole(continuation, self._output):
            return continuation
        return stitch(text, without_leading_thought(continuation))

    def _is_cut_off(self, reply: StoredReply, text: str) -> bool:
        if reply.finish_reason == "length":
            return not is_complete(text, self._output)
        # Servers say "stop" of answers, too, that their own limit cut.
        return is_cut_off(text, self._output)

    def _only_thought(self) -> AnswerTooLong:
        return AnswerTooLong(
            f"{self._request.model!r} used up its output limit of "
            f"{self._request.limits.max_output_tokens} tokens on thinking, before its answer for "
            f"{self._request.task!r} began; allow more output tokens "
            "(QL_MODEL_MAX_OUTPUT_TOKENS), or choose a model that thinks less"
        )

    def _too_long(self, text: str) -> AnswerTooLong:
        limits = self._request.limits
        return AnswerTooLong(
            f"{self._request.model!r} was cut off {limits.continuations + 1} times in its "
            f"answer for {self._request.task!r}, after {len(text)} characters; allow more "
            f"than {limits.max_output_tokens} output tokens (QL_MODEL_MAX_OUTPUT_TOKENS), or ask "
            "for less at once"
        )

    async def _reply(self, messages: tuple[Message, ...], form: AnswerForm) -> StoredReply:
        asked = ProviderRequest(
            task=self._request.task,
            model=self._request.model,
            messages=messages,
            input=self._request.input,
            json_schema=self._schema,
            form=form,
            max_output_tokens=self._request.limits.max_output_tokens,
            timeout_seconds=self._request.limits.timeout_seconds,
        )
        reply = await self._calls.next(asked, estimate_input_tokens(messages, self._schema_text))
        words = reply.text.strip()[:_WORDS_SHOWN]
        if reply.finish_reason == "refusal":
            raise ModelRefused(f"the model refused: {words}")
        if reply.finish_reason == "content_filter":
            raise ContentFiltered(
                f"the content filter of {reply.provider} withheld the answer for "
                f"{self._request.task!r}{': ' if words else ''}{words}"
            )
        return reply


def _hash(request: CompletionRequest, schema_text: str) -> str:
    """Names the question: everything that the answer depends on, and no limit."""
    asked = request.model_dump(mode="json", include={"task", "model", "messages", "input"})
    canonical = json.dumps([asked, schema_text], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
