from .check import DependencyReport, check_dependencies
from .files import declared_in
from .names import imitated
from .registry import Registries

__all__ = [
    "DependencyReport",
    "Registries",
    "check_dependencies",
    "declared_in",
    "imitated",
]
