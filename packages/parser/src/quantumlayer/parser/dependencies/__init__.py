"""Dependencies that a project declares, and whether they are what they seem."""

from quantumlayer.parser.dependencies.check import DependencyReport, check_dependencies
from quantumlayer.parser.dependencies.files import declared_in
from quantumlayer.parser.dependencies.names import imitated
from quantumlayer.parser.dependencies.registry import Registries

__all__ = [
    "DependencyReport",
    "Registries",
    "check_dependencies",
    "declared_in",
    "imitated",
]
