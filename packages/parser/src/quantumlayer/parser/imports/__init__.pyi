from .unresolved import unresolved_imports
from .uses import module_uses
from .wanted import WantedPackage, wanted_packages

__all__ = ["WantedPackage", "module_uses", "unresolved_imports", "wanted_packages"]
