"""What is known of one deployment's model, found out once."""

from dataclasses import dataclass, field
from decimal import Decimal

from quantumlayer.router.configuration.model import Configuration, Deployment
from quantumlayer.router.configuration.prices import Price as Configured
from quantumlayer.router.configuration.prices import Tier as ConfiguredTier
from quantumlayer.router.pricing import Price, Tier
from quantumlayer.router.profiles.catalogue import Catalogue, facts_of
from quantumlayer.router.profiles.families import Facts, profile_of
from quantumlayer.router.profiles.profile import Profile

_MILLION = Decimal(1_000_000)


def listed_name(configuration: Configuration, deployment: Deployment) -> str:
    """The name by which lists of prices and families know the model."""
    name, _, model = deployment.model.partition("/")
    provider = configuration.providers[name]
    return model if provider.wire == "other" else f"{provider.kind or name}/{model}"


@dataclass(slots=True)
class ModelKnowledge:
    """The price and the profile of `model`, a name such as `openai/gpt-5`.

    `overrides` are facts that go before those of its family.
    """

    model: str
    configured: Configured | None
    overrides: Facts = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=Catalogue)
    _found: tuple[Price | None, Profile] | None = None

    async def price(self) -> Price | None:
        """The configured price, else the catalogue's; None where nobody knows."""
        return (await self._known())[0]

    async def profile(self) -> Profile:
        """What the model can and wants."""
        return (await self._known())[1]

    async def _known(self) -> tuple[Price | None, Profile]:
        if self._found is None:
            facts = await self.catalogue.facts(self.model)
            price = price_of(self.model, self.configured)
            self._found = price, profile_of(self.model, facts, {self.model: self.overrides})
        return self._found


def price_of(model: str, configured: Configured | None) -> Price | None:
    """The configured price, else the catalogue's, which is read the first time."""
    if configured is not None:
        return _per_token(configured)
    facts = facts_of(model)
    return facts.price if facts else None


def _per_token(price: Configured) -> Price:
    tiers = (Tier(from_tokens=tier.from_tokens, **_rates(tier)) for tier in price.tiers)
    return Price(**_rates(price), tiers=tuple(tiers))


def _rates(price: Configured | ConfiguredTier) -> dict[str, Decimal | None]:
    million = {
        "input_usd": price.input,
        "output_usd": price.output,
        "cached_usd": price.cached,
        "cache_written_usd": price.cache_written,
    }
    return {name: None if usd is None else usd / _MILLION for name, usd in million.items()}
