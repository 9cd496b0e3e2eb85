"""The models outside this process: who serves them, what they cost, what they are like."""

from fnmatch import fnmatchcase
from functools import partial

from quantumlayer.router.errors import BadRequest
from quantumlayer.router.observability import TracedProvider
from quantumlayer.router.pricing import Price
from quantumlayer.router.profiles.catalogue import Catalogue
from quantumlayer.router.profiles.families import profile_of
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import ModelEndpoint, endpoint_of
from quantumlayer.router.providers.http_provider import HttpProvider
from quantumlayer.router.providers.litellm_provider import LiteLLMProvider
from quantumlayer.router.providers.protocol import Provider
from quantumlayer.router.providers.reachability import check_endpoint
from quantumlayer.router.providers.surroundings import Around


class ExternalModels:
    """Providers by model name, made when first asked, so that each learns once a process."""

    def __init__(self, settings: ModelEndpoint | None = None, around: Around | None = None) -> None:
        """`around` puts something around every provider: limits, a recording."""
        self._settings = settings or ModelEndpoint()
        self._around = around
        self._catalogue = Catalogue()
        self._providers: dict[str, Provider] = {}

    def provider(self, model: str) -> Provider:
        """The model's provider; raises `BadRequest` when its name says none."""
        found = self._providers.get(model)
        if found is None:
            made = self._made(model)
            if self._around is not None:
                made = self._around.model(made, partial(self.price, model))
            found = self._providers[model] = made
        return found

    async def profile(self, model: str) -> Profile:
        """What the model can and wants."""
        return profile_of(model, await self._catalogue.facts(model), self._settings.overrides)

    async def price(self, model: str) -> Price | None:
        """The price that settings name, else the price map's; None where nobody knows."""
        prices = self._settings.prices
        fitting = [name for name in prices if name == model or fnmatchcase(model, name)]
        if fitting:
            return prices[max(fitting, key=lambda name: (name == model, len(name)))]
        return self._settings.price or await self._catalogue.price(model)

    async def check(self, model: str) -> None:
        """Raises, within two seconds, what would keep every call of the model from working."""
        endpoint = endpoint_of(model, self._settings)
        if endpoint is None:
            self.provider(model)
        else:
            await check_endpoint(endpoint)

    def _made(self, model: str) -> Provider:
        profile = partial(self.profile, model)
        endpoint = endpoint_of(model, self._settings)
        if endpoint is not None:
            return TracedProvider(HttpProvider(endpoint, profile), endpoint.target.url)
        prefix, slash, _ = model.partition("/")
        if not slash:
            raise BadRequest(
                f"the model name {model!r} does not say who serves it: write it with the"
                f" provider's prefix, such as openai/{model}, or set QL_MODEL_BASE_URL"
            )
        return TracedProvider(
            LiteLLMProvider(prefix, self._settings, profile), self._settings.base_url
        )
