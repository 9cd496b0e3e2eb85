"""Which package registries an installer may reach, and the one way by which it reaches them."""

from quantumlayer.qtest.registries.door import Door, opened
from quantumlayer.qtest.registries.endpoints import Endpoint, Registries, endpoint_of

__all__ = ["Door", "Endpoint", "Registries", "endpoint_of", "opened"]
