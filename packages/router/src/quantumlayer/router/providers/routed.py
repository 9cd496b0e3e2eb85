"""A model group as a provider: asks one deployment, and the next one where that does not answer."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from quantumlayer.router.deltas import Alive, Delta, Finished, Named, TokenUsage, UsageDelta
from quantumlayer.router.errors import BadRequest, ProviderUnavailable, RouterError
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.pricing import Price, estimate_input_tokens
from quantumlayer.router.providers.protocol import Provider, ProviderRequest, ProviderTraits
from quantumlayer.router.providers.streaming import streamed
from quantumlayer.router.providers.surroundings import PriceOf
from quantumlayer.router.routing import (
    Candidate,
    Deployment,
    HealthBook,
    RoutingTable,
    Rules,
    Wishes,
    failover_rules,
    kind_of,
    remaining,
    route,
)

# Who broke a reply off is asked last for so long: its end is another one's to write.
_DOUBT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """Who answers for a deployment, and what its tokens cost."""

    provider: Provider
    price: PriceOf


@dataclass
class Routes:
    """What all groups of a process share: where deployments are, and how they do."""

    table: RoutingTable
    served: dict[str, Served]
    health: HealthBook = field(default_factory=HealthBook)
    rules: Rules = field(default_factory=failover_rules)
    wishes: Wishes = field(default_factory=Wishes)
    rng: random.Random = field(default_factory=random.Random)
    broke_at: dict[str, float] = field(default_factory=dict)

    def candidates(self, group: str, input_tokens: int | None = None) -> tuple[Candidate, ...]:
        """Whom to ask, in order; `input_tokens` is the estimate that prices are compared by.

        Raises `BadRequest` where nobody fits the wishes.
        """
        wishes = self.wishes
        if input_tokens is not None:
            wishes = replace(wishes, input_tokens=input_tokens)
        found = route(self.table, group, wishes, self.health, self.rng)
        if not found:
            raise BadRequest(
                f"no deployment of {group!r} has the tags and the region that its calls must have:"
                " change the `routes` of whose calls they are, or the group"
            )
        since = _now() - _DOUBT_SECONDS
        doubted = {name for name, at in self.broke_at.items() if at > since}
        return tuple(sorted(found, key=lambda one: one.deployment.name in doubted))


class RoutedProvider:
    """Answers for the group `name`.

    While nothing of a reply was received the next deployment is asked. What breaks off later is
    told: it is paid for, and whoever accounts for it asks again for the rest, which then is another
    deployment's to write.
    """

    traits = ProviderTraits()

    def __init__(self, name: str, routes: Routes) -> None:
        self.name = name
        self._routes = routes

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks until somebody answers, as `Provider.stream` has it."""
        routes = self._routes
        candidates = routes.candidates(self.name, estimate_input_tokens(request.messages))
        failures: list[RouterError] = []
        while candidates:
            deployment = candidates[0].deployment
            permit = routes.health.admit(deployment, last_resort=len(candidates) == 1)
            if permit is None:
                candidates = candidates[1:]
                continue
            received = _Received()
            with permit:
                try:
                    async with aclosing(self._one(deployment, request, received)) as pieces:
                        async for piece in pieces:
                            yield piece
                except RouterError as error:
                    if received.finished:
                        permit.succeeded()  # what breaks behind a reply's end is no matter
                        raise
                    kind = kind_of(error)
                    permit.failed(kind, str(error), error.retry_after)
                    if received.begun:
                        routes.broke_at[deployment.name] = _now()
                        raise
                    failures.append(error)
                    candidates = remaining(candidates, 0, routes.rules[kind].then)
                else:
                    permit.succeeded()
                    return
        raise _told(self.name, failures)

    async def _one(
        self, deployment: Deployment, request: ProviderRequest, received: "_Received"
    ) -> AsyncGenerator[Delta, None]:
        served = self._routes.served[deployment.name]
        model = deployment.model.partition("/")[2]
        begun_at, price = _now(), await served.price()
        named = request.model_copy(update={"model": model})
        async with streamed(served.provider, named) as pieces:
            async for piece in pieces:
                if received.begins_with(piece):
                    self._routes.health.first_token(deployment, _now() - begun_at)
                    # In the records stands who answered, not only what was asked for.
                    yield Named(model=deployment.name)
                if not isinstance(piece, Named):
                    yield piece
        if (cost := _cost(received.gathered.usage, price)) is not None:
            yield UsageDelta(cost)


@dataclass(slots=True)
class _Received:
    """What came of one reply."""

    gathered: Gathered = field(default_factory=Gathered)
    begun: bool = False

    def begins_with(self, piece: Delta) -> bool:
        """Takes a piece in; whether it is the first that is paid for."""
        if isinstance(piece, UsageDelta | Finished):
            self.gathered.add(piece)
        before = self.begun
        self.begun = before or not isinstance(piece, Alive | Named)
        return self.begun and not before

    @property
    def finished(self) -> bool:
        return self.gathered.finished is not None


def _cost(usage: TokenUsage, price: Price | None) -> TokenUsage | None:
    """What the reply cost at the deployment that gave it; None where that is not known here."""
    asked, answered = usage.input_tokens, usage.output_tokens
    if price is None or usage.cost_usd is not None or asked is None or answered is None:
        return None
    cached, written = usage.cached_tokens or 0, usage.cache_written_tokens or 0
    thought = usage.reasoning_tokens or 0
    return TokenUsage(
        cost_usd=price.cost(asked, answered, cached=cached, written=written, reasoning=thought)
    )


def _told(group: str, failures: Sequence[RouterError]) -> RouterError:
    """What the caller hears: a failure that may pass, where one of them may."""
    if not failures:
        return ProviderUnavailable(
            f"every deployment of {group!r} failed lately and rests; try again", retry_after=1.0
        )
    return next((error for error in failures if error.retryable), failures[-1])


def _now() -> float:
    return asyncio.get_running_loop().time()
