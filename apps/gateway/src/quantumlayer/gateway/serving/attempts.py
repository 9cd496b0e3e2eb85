"""Deployments asked one after the other until one answers, or ends what another one began."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from quantumlayer.gateway.dialects import Dialect
from quantumlayer.gateway.http import GatewayError
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.continuation import Seam
from quantumlayer.gateway.serving.failover import tries
from quantumlayer.gateway.serving.failures import told
from quantumlayer.gateway.serving.places import Places
from quantumlayer.gateway.serving.upstreams import Upstream
from quantumlayer.router import RateLimited, RouterError
from quantumlayer.router.deltas import Delta, Finished, TextDelta
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.leases import Leases
from quantumlayer.router.limits import RateLimiter, RateSignals
from quantumlayer.router.observability import asking
from quantumlayer.router.providers.passing import Burst, PassedPiece
from quantumlayer.router.routing import Candidate, Deployment, HealthBook, Rules
from quantumlayer.router.spending import spent_on

Give = Callable[[Burst], Awaitable[None]]
"""Takes what came of an answer, in its order."""

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
    leases: Leases
    input_estimate: int
    gathered: Gathered = field(default_factory=Gathered)

    async def answer(self, candidates: tuple[Candidate, ...], give: Give) -> None:
        """Gives the answer as it comes, whoever it is from.

        Raises the last failure as a `GatewayError`, and what `give` raises.
        """
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
        for one in tries(fitting, self.health, self.rules):
            with one.permit:
                try:
                    await self._one(one.deployment, give, alone=one.alone)
                except RouterError as error:
                    if self.gathered.finished is not None:
                        one.permit.succeeded()  # what breaks behind an answer's end is no matter
                        return
                    failure = error
                    one.failed(error)
                    if not self._can_go_on():
                        break
                else:
                    one.permit.succeeded()
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

    async def _one(self, deployment: Deployment, give: Give, *, alone: bool) -> None:
        call, upstream = self.call, self.upstreams[deployment.name]
        # What the first one says is all that was said.
        own = Gathered() if call.attempts else self.gathered
        call.attempts += 1
        call.deployment, call.provider = upstream.name, upstream.provider
        price = await upstream.price()
        places = Places(self.limiter, self.leases)
        await self._take(places, upstream, alone=alone)
        try:
            await self._asked(deployment, upstream, own, give)
        except RateLimited as error:
            # The other processes need not find out for themselves.
            await places.refused(RateSignals(retry_after_seconds=error.retry_after))
            raise
        finally:
            spent = spent_on(own, self.input_estimate, price)
            call.spent = call.spent.plus(spent)
            await places.give_back(spent.input_tokens + spent.output_tokens)

    async def _asked(
        self,
        deployment: Deployment,
        upstream: Upstream,
        own: Gathered,
        give: Give,
    ) -> None:
        """Gives what one deployment says, which is gathered in `own`."""
        call, asked_at, silent = self.call, time.perf_counter(), True
        seam = Seam(self.gathered.text) if self.gathered.text else None
        begun = seam.begun if seam else ""
        with asking(upstream.traced, own) as span:
            answer = upstream.bursts(self.dialect, call.asked, self.headers, begun, span.headers)
            async with aclosing(answer) as bursts:
                while (burst := await self._next(bursts)) is not None:
                    own.add_all(_deltas(burst))
                    if silent and own.characters:
                        silent = False
                        span.first_token()
                        self.health.first_token(deployment, time.perf_counter() - asked_at)
                    burst = burst if seam is None else _joined(burst, seam)
                    if own is not self.gathered:
                        self.gathered.add_all(_deltas(burst))
                    if call.first_token is None and self.gathered.characters:
                        call.first_token = call.seconds
                    await give(burst)

    async def _next(self, bursts: AsyncGenerator[Burst, None]) -> Burst | None:
        begun = time.perf_counter()
        try:
            return await anext(bursts, None)
        finally:
            self.call.waited += time.perf_counter() - begun

    async def _take(self, places: Places, upstream: Upstream, *, alone: bool) -> None:
        """Takes a place under the provider's limit, where it has one."""
        limit = upstream.limit
        if not (limit.requests_per_minute or limit.tokens_per_minute or limit.concurrent):
            return
        tokens = self.input_estimate + (self.call.asked.most_output or 0)
        until = time.monotonic() + (upstream.clocks.first_token if alone else _PATIENCE_SECONDS)
        wait = await places.take(limit, tokens)
        while wait is not None:
            if time.monotonic() + wait.seconds > until:
                await places.give_up(limit, wait)
                raise RateLimited(
                    f"{upstream.provider} is asked as much as its limit allows; try again in "
                    f"{wait.seconds:.0f} s",
                    retry_after=wait.seconds,
                )
            await asyncio.sleep(wait.seconds)
            wait = await places.take(limit, tokens, wait)


def _deltas(burst: Burst) -> list[Delta]:
    return [delta for piece in burst for delta in piece.deltas]


def _joined(burst: Burst, seam: Seam) -> Burst:
    """The pieces without what the client has already; never word for word."""
    deltas: list[Delta] = []
    for delta in _deltas(burst):
        if isinstance(delta, Finished) and (rest := seam.rest()):
            deltas.append(TextDelta(rest))
        if not isinstance(delta, TextDelta):
            deltas.append(delta)
        elif text := seam.more(delta.text):
            deltas.append(TextDelta(text))
    return [PassedPiece(tuple(deltas))]
