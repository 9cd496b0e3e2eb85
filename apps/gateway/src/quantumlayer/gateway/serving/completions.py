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
from quantumlayer.gateway.serving.ending import book, booked
from quantumlayer.gateway.serving.entrance import asked, recognised
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.router.answers import (
    Answer,
    AnswerKey,
    Beginning,
    Conflict,
    IdempotencyUnavailable,
    InProgress,
    NotKept,
    Ownership,
    Replayed,
    RequestFacts,
    answer_key,
    cacheable,
    request_hash,
)
from quantumlayer.router.guardrails import Exchange, Passage
from quantumlayer.router.guardrails import Refusal as Refused
from quantumlayer.router.routing import Wishes, route

# An upper estimate: what a request has besides words counts as words.
_BYTES_PER_TOKEN = 3
_CACHE_WISHES = {"on": True, "off": False}
# Headers of clients that have a meaning in a provider's own format.
_PASSED_ON = {b"anthropic-version": "anthropic-version", b"anthropic-beta": "anthropic-beta"}


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
        task = asyncio.ensure_future(answering)
        gone = asyncio.ensure_future(self.request.gone())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise ClientGone
            task.result()
        finally:
            for each in (task, gone):
                each.cancel()
            await asyncio.gather(task, gone, return_exceptions=True)

    async def _fresh(self, *, kept: bool) -> Answer:
        passage = self.setup.pipelines[self.call.caller.modules].open()
        await self._inspect(passage)
        cached = self._cache_key()
        found = await self.setup.parts.cache.find(cached)
        self.call.cache = found.outcome.value
        self.reply.headers.append((b"x-ql-cache", found.outcome.value.encode()))
        if found.answer is not None:
            await self._repeat(found.answer, b"x-ql-repeated")
            return found.answer
        answer = await self._bought(passage, keeps=kept or cached is not None)
        await self.setup.parts.cache.keep(cached, answer)
        return answer

    async def _bought(self, passage: Passage, *, keeps: bool) -> Answer:
        call, parts, upstreams = self.call, self.setup.parts, self.setup.upstreams
        candidates = route(self.setup.table, call.asked.model, Wishes(), parts.health, parts.rng)
        estimate = -(-self.request.size // _BYTES_PER_TOKEN)
        writer = self.dialect.writer(call.asked, f"gw-{call.id.hex}")
        answering = Answering(call, self.reply, writer, passage, keeps)
        attempts = Attempts(
            call,
            self.dialect,
            self._passed_on(),
            upstreams,
            parts.health,
            parts.rules,
            parts.limiter,
            estimate,
        )
        asked = (upstreams[one.deployment.name] for one in candidates)
        most = await most_of(call, asked, estimate)
        try:
            async with allowed(call, parts.limiter, estimate), parts.accounts.held(call, most):
                await answering.send(attempts.pieces(candidates))
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

    def _passed_on(self) -> dict[str, str]:
        found = ((name, self.request.header(key)) for key, name in _PASSED_ON.items())
        return {name: value for name, value in found if value is not None}

    async def _repeat(self, answer: Answer, header: bytes) -> None:
        """Sends an answer that was given before."""
        self.reply.headers.append((header, b"true"))
        kind = dict(answer.headers).get("content-type", "application/json").encode()
        book(self.call, self.setup.parts)
        await self.reply.whole(answer.status, kind, answer.body)
