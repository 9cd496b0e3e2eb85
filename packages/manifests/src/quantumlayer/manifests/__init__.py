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
from quantumlayer.manifests.model import Dependency, Ecosystem, NotUnderstood, ProjectFiles
from quantumlayer.manifests.python.declarations import normalised

__all__ = [
    "CargoRoot",
    "Dependency",
    "Ecosystem",
    "FilesInMemory",
    "FilesOnDisk",
    "GoRoot",
    "NotUnderstood",
    "ProjectFiles",
    "cargo_roots",
    "check_rust",
    "check_toolchain",
    "declared",
    "encoding_for",
    "go_roots",
    "is_ignored_by_go",
    "is_manifest",
    "java_encodings",
    "normalised",
]
