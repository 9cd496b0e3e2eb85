"""Which registries each ecosystem's installer may reach, as this deployment is set up."""

from quantumlayer.qtest.environments.access.go import go_access
from quantumlayer.qtest.environments.access.java import java_access
from quantumlayer.qtest.environments.access.node import node_access
from quantumlayer.qtest.environments.access.python import python_access
from quantumlayer.qtest.environments.access.rust import rust_access

__all__ = ["go_access", "java_access", "node_access", "python_access", "rust_access"]
