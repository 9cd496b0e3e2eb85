from .unresolved import unresolved_imports
from .uses import module_uses

__all__ = ["module_uses", "unresolved_imports"]
