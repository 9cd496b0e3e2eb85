from .blueprint import (
    ADDED,
    Blueprint,
    Dependency,
    EnvironmentVariable,
    FileRole,
    PlannedFile,
)
from .noun import SCHEMA_VERSION, Noun, slug
from .paths import PathEscapesTree, colliding, confined
from .source_tree import SourceFile, SourceTree

__all__ = [
    "ADDED",
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
