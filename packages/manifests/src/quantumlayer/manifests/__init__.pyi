from .additions import Addition, with_additions
from .cargo.toolchain import check_rust
from .cargo.workspace import CargoRoot, cargo_roots, uses_vendored_sources
from .compose import compose_companions, compose_workload
from .declared import declared, is_manifest
from .files import FilesInMemory, FilesOnDisk, regular_content
from .go.ignored import is_ignored_by_go
from .go.workspace import GoRoot, check_toolchain, go_roots
from .java.encodings import encoding_for, java_encodings
from .kubernetes.model import MountedFile, MountedVolume, Workload
from .kubernetes.workload import kubernetes_workload
from .model import (
    Dependency,
    Ecosystem,
    Malformed,
    NotUnderstood,
    ProjectFiles,
)
from .python.declarations import normalised
from .python.needs import (
    CompiledModule,
    LocalProject,
    OfferedGroup,
    PythonNeeds,
    PythonVersion,
    Shortfall,
)
from .python.provided import provided, provider
from .python.reading import normalised_lines, python_needs
from .python.trees import made_tree, python_text, python_tree

__all__ = [
    "Addition",
    "CargoRoot",
    "CompiledModule",
    "Dependency",
    "Ecosystem",
    "FilesInMemory",
    "FilesOnDisk",
    "GoRoot",
    "LocalProject",
    "Malformed",
    "MountedFile",
    "MountedVolume",
    "NotUnderstood",
    "OfferedGroup",
    "ProjectFiles",
    "PythonNeeds",
    "PythonVersion",
    "Shortfall",
    "Workload",
    "cargo_roots",
    "check_rust",
    "check_toolchain",
    "compose_companions",
    "compose_workload",
    "declared",
    "encoding_for",
    "go_roots",
    "is_ignored_by_go",
    "is_manifest",
    "java_encodings",
    "kubernetes_workload",
    "made_tree",
    "normalised",
    "normalised_lines",
    "provided",
    "provider",
    "python_needs",
    "python_text",
    "python_tree",
    "regular_content",
    "uses_vendored_sources",
    "with_additions",
]
