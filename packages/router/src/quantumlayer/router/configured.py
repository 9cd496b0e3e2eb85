"""Models by a configuration: its groups by their names, all others where they always were."""

import asyncio
from collections.abc import Iterator
from functools import cached_property

from quantumlayer.router.agents import AgentRules
from quantumlayer.router.configuration import Configuration, ConfigurationError, Deployment
from quantumlayer.router.configuration.answerers import answerer
from quantumlayer.router.configuration.facts import ModelKnowledge, listed_name
from quantumlayer.router.configuration.table import routing_table
from quantumlayer.router.errors import BadRequest, RouterError
from quantumlayer.router.limits import RateLimit
from quantumlayer.router.observability import TracedProvider
from quantumlayer.router.pricing import Price, dearest
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.providers.external import ExternalModels
from quantumlayer.router.providers.protocol import Provider
from quantumlayer.router.providers.reachability import check_endpoint
from quantumlayer.router.providers.routed import RoutedProvider, Routes, Served
from quantumlayer.router.providers.surroundings import Around


class ConfiguredModels:
    """The groups of `configuration`, and what `outside` knows.

    A group is made when it is first asked for: one that cannot be reached ends the runs that ask
    it, and no others.
    """

    def __init__(
        self,
        configuration: Configuration,
        outside: ExternalModels,
        *,
        rules: AgentRules,
        around: Around | None = None,
        proxy: str | None = None,
    ) -> None:
        self._configuration = configuration
        self._outside = outside
        self._rules = rules
        self._around = around
        self._proxy = proxy
        self._groups: dict[str, Provider] = {}
        self._endpoints: dict[str, Endpoint | None] = {}
        self._known: dict[str, ModelKnowledge] = {}

    def provider(self, model: str) -> Provider:
        """The model's provider; raises `BadRequest` for one that agents may not or cannot ask."""
        self._rules.check(model)
        if model not in self._configuration.models:
            return self._outside.provider(model)
        if model not in self._groups:
            self._serve(model)
            routed = RoutedProvider(model, self._routes)
            self._groups[model] = self._around.group(routed) if self._around else routed
        return self._groups[model]

    async def check(self, model: str) -> None:
        """Raises what would keep every call from working: of a group, where none can be asked."""
        self.provider(model)
        if model not in self._configuration.models:
            await self._outside.check(model)
            return
        candidates = self._routes.candidates(model)
        endpoints = [self._endpoints[one.deployment.name] for one in candidates]
        found = await asyncio.gather(*map(_trouble, endpoints))
        if (trouble := found[0]) is not None and None not in found:
            raise trouble

    async def profile(self, model: str) -> Profile:
        """What the model can and wants; of a group what all of its deployments can."""
        if model not in self._configuration.models:
            return await self._outside.profile(model)
        found = [await self._facts(one).profile() for one in self._deployments(model)]
        return found[0].model_copy(
            update={
                "context_window": min(profile.context_window for profile in found),
                "output_cap": min(profile.output_cap for profile in found),
            }
        )

    async def price(self, model: str) -> Price | None:
        """The price; of a group the dearest, which is what must be held back for a call."""
        if model not in self._configuration.models:
            return await self._outside.price(model)
        found = [await self._facts(one).price() for one in self._deployments(model)]
        known = [price for price in found if price is not None]
        return dearest(known) if len(known) == len(found) else None

    @cached_property
    def _routes(self) -> Routes:
        return Routes(routing_table(self._configuration), {}, wishes=self._rules.wishes)

    def _deployments(self, group: str) -> Iterator[Deployment]:
        """Those of the group and of all that it falls back to."""
        for each in self._routes.table.chain(group):
            yield from self._configuration.models[each.name].deployments

    def _facts(self, deployment: Deployment) -> ModelKnowledge:
        name = deployment.known_as
        if name not in self._known:
            self._known[name] = ModelKnowledge(
                listed_name(self._configuration, deployment),
                deployment.price,
                deployment.profile,
            )
        return self._known[name]

    def _serve(self, group: str) -> None:
        for deployment in self._deployments(group):
            name = deployment.known_as
            if name not in self._routes.served:
                self._endpoints[name], served = self._served(group, deployment)
                self._routes.served[name] = served

    def _served(self, group: str, deployment: Deployment) -> tuple[Endpoint | None, Served]:
        provider_name, _, model = deployment.model.partition("/")
        configured = self._configuration.providers[provider_name]
        if configured.wire == "in_process":
            raise BadRequest(
                f"the group {group!r} has a model of this process, {deployment.model}, which runs"
                f" ask by its own name: set QL_MODEL to {model}, or take it out of the group"
            )
        known = self._facts(deployment)
        try:
            made, endpoint = answerer(provider_name, model, configured, known, self._proxy)
        except ConfigurationError as error:
            raise BadRequest(f"the model group {group!r} cannot be asked: {error}") from None
        rates = configured.rates
        limit = RateLimit(
            f"provider:{provider_name}",
            rates.requests_a_minute,
            rates.tokens_a_minute,
            rates.concurrent,
        )
        url = configured.base_url if endpoint is None else endpoint.target.url
        made = TracedProvider(made, url)
        if self._around is not None:
            made = self._around.deployment(made, known.price, limit)
        return endpoint, Served(made, known.price)


async def _trouble(endpoint: Endpoint | None) -> RouterError | None:
    """Why the endpoint cannot be asked, as far as that is known."""
    if endpoint is None:
        return None
    try:
        await check_endpoint(endpoint)
    except RouterError as error:
        return error
    return None
