from .check import DependencyReport, check_dependencies, objections
from .files import declared_in
from .names import famous, imitated
from .registry import Registries, newest_version

__all__ = [
    "DependencyReport",
    "Registries",
    "check_dependencies",
    "declared_in",
    "famous",
    "imitated",
    "newest_version",
    "objections",
]
