"""Deployments asked one after the other until one answers, or ends what another one began."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

from quantumlayer.gateway.dialects import Dialect
from quantumlayer.gateway.http import GatewayError
from quantumlayer.gateway.serving.call import Call, spent_on
from quantumlayer.gateway.serving.continuation import Seam
from quantumlayer.gateway.serving.failures import kind_of, told
from quantumlayer.gateway.serving.leases import renewed
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.router import RateLimited, RouterError
from quantumlayer.router.deltas import Delta, Finished, TextDelta
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.limits import RateLimiter, Turn, Wait
from quantumlayer.router.providers.passing import PassedPiece
from quantumlayer.router.routing import Candidate, Deployment, HealthBook, Rules, remaining

# Longer than this nobody waits for room under a provider's limit while another one could be asked.
_PATIENCE_SECONDS = 0.2


@dataclass(slots=True)
class Attempts:
    """The tries of one call; `gathered` is all that its client was given."""

    call: Call
    dialect: Dialect
    headers: Mapping[str, str]
    upstreams: Mapping[str, Upstream]
    health: HealthBook
    rules: Rules
    limiter: RateLimiter
    input_estimate: int
    gathered: Gathered = field(default_factory=Gathered)

    async def pieces(self, candidates: tuple[Candidate, ...]) -> AsyncGenerator[PassedPiece, None]:
        """The answer's pieces, whoever gives them; raises the last failure as a `GatewayError`."""
        fitting = tuple(
            one
            for one in candidates
            if self.upstreams[one.deployment.name].carries(self.dialect, self.call.asked)
        )
        if not fitting:
            raise GatewayError(
                "bad_request",
                f"no deployment of {self.call.asked.model!r} speaks the format that this request "
                "needs: ask for one choice, without probabilities and audio, or for another model",
            )
        failure: RouterError | None = None
        while fitting:
            deployment = fitting[0].deployment
            permit = self.health.admit(deployment, last_resort=len(fitting) == 1)
            if permit is None:
                fitting = fitting[1:]
                continue
            with permit:
                try:
                    async with aclosing(self._one(deployment, alone=len(fitting) == 1)) as pieces:
                        async for piece in pieces:
                            yield piece
                except RouterError as error:
                    if self.gathered.finished is not None:
                        permit.succeeded()  # what breaks behind an answer's end is no matter
                        return
                    kind, failure = kind_of(error), error
                    permit.failed(kind, str(error), error.retry_after)
                    fitting = remaining(fitting, 0, self.rules[kind].then)
                    if not self._can_go_on():
                        break
                else:
                    permit.succeeded()
                    return
        if failure is None:
            raise GatewayError(
                "unavailable",
                f"every deployment of {self.call.asked.model!r} failed lately and rests; try again",
                retry_after=1,
            )
        raise told(failure)

    def _can_go_on(self) -> bool:
        """Whether another one can take over: with nothing said, or with nothing but words said."""
        said = self.gathered
        return not (said.tool_calls or said.refusal) and self.call.asked.plain

    async def _one(
        self, deployment: Deployment, *, alone: bool
    ) -> AsyncGenerator[PassedPiece, None]:
        call, own, upstream = self.call, Gathered(), self.upstreams[deployment.name]
        call.attempts += 1
        call.deployment, call.provider = upstream.name, upstream.provider
        seam = Seam(self.gathered.text) if self.gathered.text else None
        price = await upstream.price()
        async with self._place(upstream, alone=alone) as place:
            asked_at, silent = time.perf_counter(), True
            answer = upstream.pieces(
                self.dialect, call.asked, self.headers, seam.begun if seam else ""
            )
            try:
                async with aclosing(answer) as pieces:
                    while (piece := await self._next(pieces)) is not None:
                        for delta in piece.deltas:
                            own.add(delta)
                        if silent and own.characters:
                            silent = False
                            self.health.first_token(deployment, time.perf_counter() - asked_at)
                        yield self._taken(piece if seam is None else _joined(piece, seam))
            finally:
                spent = spent_on(own, self.input_estimate, price)
                call.spent = call.spent.plus(spent)
                place.tokens = spent.input_tokens + spent.output_tokens

    async def _next(self, pieces: AsyncGenerator[PassedPiece, None]) -> PassedPiece | None:
        begun = time.perf_counter()
        try:
            return await anext(pieces, None)
        finally:
            self.call.waited += time.perf_counter() - begun

    def _taken(self, piece: PassedPiece) -> PassedPiece:
        for delta in piece.deltas:
            self.gathered.add(delta)
        if self.call.first_token is None and self.gathered.characters:
            self.call.first_token = self.call.seconds
        return piece

    @asynccontextmanager
    async def _place(self, upstream: Upstream, *, alone: bool) -> "AsyncIterator[_Place]":
        """A place under the provider's limit, given back with what was really taken."""
        limit, turn = upstream.limit, await self._granted(upstream, alone=alone)
        place = _Place()
        if turn is None:
            yield place
            return
        try:
            async with renewed(lambda: self.limiter.renew(limit, turn)):
                yield place
        finally:
            await self.limiter.settle(limit, turn, place.tokens)

    async def _granted(self, upstream: Upstream, *, alone: bool) -> Turn | None:
        limit = upstream.limit
        if not (limit.requests_per_minute or limit.tokens_per_minute or limit.concurrent):
            return None
        tokens = self.input_estimate + (self.call.asked.most_output or 0)
        until = time.monotonic() + (upstream.clocks.first_token if alone else _PATIENCE_SECONDS)
        found = await self.limiter.acquire(limit, tokens)
        while isinstance(found, Wait):
            if time.monotonic() + found.seconds > until:
                await self.limiter.settle(limit, found.turn, 0)
                raise RateLimited(
                    f"{upstream.provider} is asked as much as its limit allows; try again in "
                    f"{found.seconds:.0f} s",
                    retry_after=found.seconds,
                )
            await asyncio.sleep(found.seconds)
            found = await self.limiter.acquire(limit, tokens, found.turn)
        return found.turn


@dataclass(slots=True)
class _Place:
    tokens: int = 0


def _joined(piece: PassedPiece, seam: Seam) -> PassedPiece:
    """The piece without what the client has already; never word for word."""
    deltas: list[Delta] = []
    for delta in piece.deltas:
        if isinstance(delta, Finished) and (rest := seam.rest()):
            deltas.append(TextDelta(rest))
        if not isinstance(delta, TextDelta):
            deltas.append(delta)
        elif text := seam.more(delta.text):
            deltas.append(replace(delta, text=text))
    return PassedPiece(tuple(deltas))
