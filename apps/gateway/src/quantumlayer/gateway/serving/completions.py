"""A client's request from its first byte to its audit row, whatever its format."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from quantumlayer.core.identity import organisation_id
from quantumlayer.gateway.dialects import Dialect
from quantumlayer.gateway.http import ClientGone, GatewayError, Reply, Request
from quantumlayer.gateway.serving.allowance import allowed, most_of
from quantumlayer.gateway.serving.answering import Answering, refused
from quantumlayer.gateway.serving.attempts import Attempts
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.choosing import candidates_of
from quantumlayer.gateway.serving.ending import book, booked
from quantumlayer.gateway.serving.entrance import asked, passed_on, recognised
from quantumlayer.gateway.serving.likeness import like, question_of
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.router.answers import (
    Answer,
    AnswerKey,
    Beginning,
    Conflict,
    IdempotencyUnavailable,
    InProgress,
    NotKept,
    Outcome,
    Ownership,
    Replayed,
    RequestFacts,
    SemanticLookup,
    answer_key,
    cacheable,
    request_hash,
)
from quantumlayer.router.guardrails import Exchange, Passage
from quantumlayer.router.guardrails import Refusal as Refused
from quantumlayer.router.pricing import estimate_tokens

_CACHE_WISHES = {"on": True, "off": False}


async def complete(request: Request, reply: Reply, dialect: Dialect, setup: Setup) -> None:
    """Answers a request for a completion. Raises `GatewayError` before an answer has begun."""
    caller = recognised(request, setup)
    found = await asked(request, dialect, caller, setup)
    with booked(Call.of(request, dialect.name, caller, found), setup.parts) as call:
        await _Completion(request, reply, dialect, setup, call).answer()


@dataclass(slots=True)
class _Completion:
    request: Request
    reply: Reply
    dialect: Dialect
    setup: Setup
    call: Call

    async def answer(self) -> None:
        """Answers from the idempotency key, the cache or a provider."""
        key = self.request.header(b"idempotency-key")
        if key is None:
            await self._until_gone(self._fresh(kept=False))
            return
        tenant = organisation_id(self.call.caller.organisation)
        question = {"endpoint": self.call.endpoint, "body": self.call.asked.body}
        begun = await self._begun(key, tenant, request_hash(tenant, question))
        match begun:
            case Replayed(answer=answer):
                await self._repeat(answer, b"idempotency-replayed")
            case InProgress(retry_after=seconds):
                said = "the first request under this Idempotency-Key is still being answered"
                raise GatewayError("in_progress", said, retry_after=seconds)
            case Conflict():
                said = "this Idempotency-Key was used for another request; use another key"
                raise GatewayError("key_used_differently", said)
            case NotKept():
                said = "this was answered, and its answer was too large to keep; use another key"
                raise GatewayError("in_progress", said)
            case Ownership():
                # Goes on without its client: the answer is promised to whoever asks again.
                async with begun:
                    await begun.finish(await self._fresh(kept=True))

    async def _begun(self, key: str, tenant: UUID, hashed: str) -> Beginning:
        try:
            return await self.setup.parts.idempotency.begin(tenant, key, hashed)
        except IdempotencyUnavailable as error:
            raise GatewayError("unavailable", str(error), retry_after=1) from None

    async def _until_gone(self, answering: Coroutine[Any, Any, Answer]) -> None:
        """Answers for as long as somebody listens; what was paid until then is booked."""
        answerer = asyncio.current_task()
        assert answerer is not None  # noqa: S101 - for its type

        async def watch() -> None:
            await self.request.gone()
            # Behind its end nobody listens any more, and the answer has still to be kept.
            if not self.reply.ended:
                answerer.cancel()

        watching = asyncio.create_task(watch())
        try:
            await answering
        except asyncio.CancelledError:
            ours = watching.done() and not watching.cancelled()
            if ours and answerer.uncancel() == 0:
                raise ClientGone from None
            raise
        finally:
            watching.cancel()

    async def _fresh(self, *, kept: bool) -> Answer:
        passage = self.setup.pipelines[self.call.caller.modules].open()
        # By what the client wrote: answers hold what modules mask, and restore for this client.
        cached, written = self._cache_key(), self.call.asked
        await self._inspect(passage)
        parts = self.setup.parts
        found = await parts.cache.find(cached)
        near = None
        unchanged = self.call.asked is written
        if parts.semantic and cached is not None and found.answer is None and unchanged:
            near = await self._near()
        if near is not None and near.found.outcome is not Outcome.MISS:
            found = near.found
        self._say(found.outcome.value, None if near is None else near.similarity)
        if found.answer is not None:
            await self._repeat(found.answer, b"x-ql-repeated")
            return found.answer
        answer = await self._bought(passage, keeps=kept or cached is not None)
        await parts.cache.keep(cached, answer)
        if near is not None and parts.semantic is not None:
            await parts.semantic.keep(near, answer)
        return answer

    async def _near(self) -> SemanticLookup | None:
        question = question_of(self.call, self.dialect)
        return (
            None if question is None else await like(question, self.call, self.setup, self.request)
        )

    def _say(self, outcome: str, likeness: float | None) -> None:
        """Where the answer comes from, and how like its question is if that was another one."""
        self.call.cache = outcome if likeness is None else f"{outcome}-semantic"
        self.reply.headers.append((b"x-ql-cache", self.call.cache.encode()))
        if likeness is not None:
            self.reply.headers.append((b"x-ql-likeness", f"{likeness:.4f}".encode()))

    async def _bought(self, passage: Passage, *, keeps: bool) -> Answer:
        call, parts, upstreams = self.call, self.setup.parts, self.setup.upstreams
        # What a request has besides words counts as words.
        estimate = estimate_tokens(self.request.size)
        candidates = candidates_of(call, self.request, self.setup, estimate)
        writer = self.dialect.writer(call.asked, f"gw-{call.id.hex}")
        answering = Answering(call, self.reply, writer, passage, keeps)
        attempts = Attempts(
            call,
            self.dialect,
            passed_on(self.request),
            upstreams,
            parts.health,
            parts.rules,
            parts.limiter,
            parts.leases,
            estimate,
        )
        asked = (upstreams[one.deployment.name] for one in candidates)
        most = await most_of(call, asked, estimate)
        try:
            place = allowed(call, parts.limiter, parts.leases, estimate)
            async with place, parts.accounts.held(call, most):
                try:
                    await attempts.answer(candidates, answering.take)
                    await answering.close()
                finally:
                    # Before the money is settled: Redis is told of both with one trip.
                    await place.give_back()
        except GatewayError as error:
            if not self.reply.begun:
                raise
            call.status, call.error = error.kind.status, error.kind.name
            book(call, parts)
            await answering.fail(error)
            return Answer(call.status, (), (), streamed=True, complete=False)
        book(call, parts)
        return await answering.finish()

    async def _inspect(self, passage: Passage) -> None:
        """Shows the request to the modules, and goes on with what they make of it."""
        call = self.call
        if not call.caller.modules:
            return
        texts = self.dialect.texts(call.asked)
        shown = Exchange(call.asked.model, texts, call.caller.organisation, call.run or "")
        seen = await passage.before(shown)
        if isinstance(seen, Refused):
            call.modules.append(seen.module)
            raise refused(seen)
        if seen.texts != texts:
            call.asked = self.dialect.replaced(call.asked, seen.texts)

    def _cache_key(self) -> AnswerKey | None:
        call, asked = self.call, self.call.asked
        wish = self.request.header(b"x-ql-cache")
        facts = RequestFacts(
            enabled=self.setup.configuration.cache is not None,
            asked=_CACHE_WISHES.get(wish.lower()) if wish else None,
            tools_act=asked.acts,
            sampled=bool(asked.body.get("temperature")) or (asked.body.get("n") or 1) != 1,
        )
        if not cacheable(facts).use:
            return None
        depends_on = {"endpoint": call.endpoint, "body": asked.body, "modules": call.caller.modules}
        return answer_key(organisation_id(call.caller.organisation), depends_on)

    async def _repeat(self, answer: Answer, header: bytes) -> None:
        """Sends an answer that was given before."""
        self.reply.headers.append((header, b"true"))
        kind = dict(answer.headers).get("content-type", "application/json").encode()
        book(self.call, self.setup.parts)
        await self.reply.whole(answer.status, kind, answer.body)
