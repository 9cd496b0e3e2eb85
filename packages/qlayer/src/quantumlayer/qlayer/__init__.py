"""The engine's nouns and pure steps, from requirements to capsule."""

from quantumlayer.qlayer.blueprint import (
    Blueprint,
    Dependency,
    EnvironmentVariable,
    FileRole,
    PlannedFile,
)
from quantumlayer.qlayer.noun import SCHEMA_VERSION, Noun, slug
from quantumlayer.qlayer.paths import PathEscapesTree, colliding, confined
from quantumlayer.qlayer.source_tree import SourceFile, SourceTree

__all__ = [
    "SCHEMA_VERSION",
    "Blueprint",
    "Dependency",
    "EnvironmentVariable",
    "FileRole",
    "Noun",
    "PathEscapesTree",
    "PlannedFile",
    "SourceFile",
    "SourceTree",
    "colliding",
    "confined",
    "slug",
]
