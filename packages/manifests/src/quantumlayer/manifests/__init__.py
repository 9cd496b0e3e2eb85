"""What a project declares: dependencies, toolchains, workspaces; read, never run.

The one room that knows the manifests of each ecosystem. Whoever installs, checks imports or looks a
name up in a registry asks here.
"""

from quantumlayer.manifests.declared import declared, is_manifest
from quantumlayer.manifests.files import FilesInMemory, FilesOnDisk
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
    "Dependency",
    "Ecosystem",
    "FilesInMemory",
    "FilesOnDisk",
    "LocalProject",
    "Malformed",
    "NotUnderstood",
    "OfferedGroup",
    "ProjectFiles",
    "PythonNeeds",
    "PythonVersion",
    "Shortfall",
    "declared",
    "is_manifest",
    "made_tree",
    "normalised",
    "normalised_lines",
    "provided",
    "python_needs",
    "python_tree",
]
