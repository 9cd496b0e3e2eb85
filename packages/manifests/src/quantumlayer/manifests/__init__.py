"""What a project declares: dependencies, toolchains, workspaces; read, never run.

The one room that knows the manifests of each ecosystem. Whoever installs, checks imports or looks a
name up in a registry asks here.
"""

from quantumlayer.manifests.cargo.toolchain import check_rust
from quantumlayer.manifests.cargo.workspace import CargoRoot, cargo_roots
from quantumlayer.manifests.declared import declared, is_manifest
from quantumlayer.manifests.files import FilesInMemory, FilesOnDisk
from quantumlayer.manifests.go.ignored import is_ignored as is_ignored_by_go
from quantumlayer.manifests.go.workspace import GoRoot, check_toolchain, go_roots
from quantumlayer.manifests.java.encodings import encoding_for, java_encodings
from quantumlayer.manifests.model import (
    Dependency,
    Ecosystem,
    Malformed,
    NotUnderstood,
    ProjectFiles,
)
from quantumlayer.manifests.python.declarations import normalised
from quantumlayer.manifests.python.needs import (
    LocalProject,
    OfferedGroup,
    PythonNeeds,
    PythonVersion,
    Shortfall,
)
from quantumlayer.manifests.python.provided import provided
from quantumlayer.manifests.python.reading import normalised_lines, python_needs
from quantumlayer.manifests.python.trees import made_tree, python_tree

__all__ = [
    "CargoRoot",
    "Dependency",
    "Ecosystem",
    "FilesInMemory",
    "FilesOnDisk",
    "GoRoot",
    "LocalProject",
    "Malformed",
    "NotUnderstood",
    "OfferedGroup",
    "ProjectFiles",
    "PythonNeeds",
    "PythonVersion",
    "Shortfall",
    "cargo_roots",
    "check_rust",
    "check_toolchain",
    "declared",
    "encoding_for",
    "go_roots",
    "is_ignored_by_go",
    "is_manifest",
    "java_encodings",
    "made_tree",
    "normalised",
    "normalised_lines",
    "provided",
    "python_needs",
    "python_tree",
]
