"""What a project declares: dependencies, toolchains, workspaces; read, never run.

The one room that knows the manifests of each ecosystem. Whoever installs, checks imports or looks a
name up in a registry asks here.
"""

from quantumlayer.manifests.declared import declared, is_manifest
from quantumlayer.manifests.files import FilesInMemory, FilesOnDisk
from quantumlayer.manifests.java.encodings import encoding_for, java_encodings
from quantumlayer.manifests.model import Dependency, Ecosystem, NotUnderstood, ProjectFiles
from quantumlayer.manifests.python.declarations import normalised

__all__ = [
    "Dependency",
    "Ecosystem",
    "FilesInMemory",
    "FilesOnDisk",
    "NotUnderstood",
    "ProjectFiles",
    "declared",
    "encoding_for",
    "is_manifest",
    "java_encodings",
    "normalised",
]
