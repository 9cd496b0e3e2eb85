"""What is known of one deployment's model, found out once."""

from dataclasses import dataclass, field
from decimal import Decimal

from quantumlayer.gateway.configuration import Price as Configured
from quantumlayer.router import Price
from quantumlayer.router.profiles.catalogue import Catalogue
from quantumlayer.router.profiles.families import profile_of
from quantumlayer.router.profiles.profile import Profile

_MILLION = Decimal(1_000_000)


@dataclass(slots=True)
class ModelKnowledge:
    """The price and the profile of `model`, a name such as `openai/gpt-5`."""

    model: str
    configured: Configured | None
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
            price = _per_token(self.configured) or (facts.price if facts else None)
            self._found = price, profile_of(self.model, facts)
        return self._found


def _per_token(price: Configured | None) -> Price | None:
    if price is None:
        return None
    return Price(
        input_usd=price.input / _MILLION,
        output_usd=price.output / _MILLION,
        cached_usd=None if price.cached is None else price.cached / _MILLION,
        cache_written_usd=None if price.cache_written is None else price.cache_written / _MILLION,
    )
