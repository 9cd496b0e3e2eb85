"""Manifests and locks of npm, yarn and pnpm."""

from quantumlayer.manifests.javascript.installation import (
    Engine,
    Installation,
    Link,
    read_installation,
)
from quantumlayer.manifests.javascript.package import Malformed, Package, read_package
from quantumlayer.manifests.javascript.workspaces import Workspace, read_workspace

__all__ = [
    "Engine",
    "Installation",
    "Link",
    "Malformed",
    "Package",
    "Workspace",
    "read_installation",
    "read_package",
    "read_workspace",
]
