"""Dependencies that a project declares, and whether they are what they seem."""

from quantumlayer.parser.dependencies.check import DependencyReport, check_dependencies
from quantumlayer.parser.dependencies.manifests import (
    Dependency,
    Ecosystem,
    declared,
    is_manifest,
    normalised,
)
from quantumlayer.parser.dependencies.names import imitated
from quantumlayer.parser.dependencies.registry import Registries

__all__ = [
    "Dependency",
    "DependencyReport",
    "Ecosystem",
    "Registries",
    "check_dependencies",
    "declared",
    "imitated",
    "is_manifest",
    "normalised",
]
