"""Which package registries an installer may reach, and the one way by which it reaches them.

`registries.door` is loaded where it is used: the network's modules are slow to load.
"""

from quantumlayer.qtest.registries.endpoints import Endpoint, Registries, endpoint_of
from quantumlayer.qtest.registries.model import Access

__all__ = ["Access", "Endpoint", "Registries", "endpoint_of"]
