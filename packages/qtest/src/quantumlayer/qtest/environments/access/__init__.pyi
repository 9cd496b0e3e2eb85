from .go import go_access
from .java import java_access
from .node import node_access
from .python import python_access
from .rust import rust_access

__all__ = ["go_access", "java_access", "node_access", "python_access", "rust_access"]
