"""What stands around providers: whatever a deployment wants done with every call."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from quantumlayer.router.limits import RateLimit
from quantumlayer.router.pricing import Price
from quantumlayer.router.providers.protocol import Provider

PriceOf = Callable[[], Awaitable[Price | None]]


class Around(Protocol):
    """Puts around a provider what stands there; what is around a provider is a provider."""

    def model(self, provider: Provider, price: PriceOf) -> Provider:
        """Around a model that is asked by its own name."""
        ...

    def group(self, provider: Provider) -> Provider:
        """Around a group of deployments."""
        ...

    def deployment(self, provider: Provider, price: PriceOf, limit: RateLimit) -> Provider:
        """Around one of a group's deployments."""
        ...
