"""Manifests and locks of npm, yarn and pnpm."""

from quantumlayer.manifests.javascript.globs import matching
from quantumlayer.manifests.javascript.installation import (
    Engine,
    Installation,
    Link,
    read_installation,
)
from quantumlayer.manifests.javascript.package import (
    Malformed,
    Package,
    least_version,
    read_package,
)
from quantumlayer.manifests.javascript.programs import TEST_PROGRAMS
from quantumlayer.manifests.javascript.scripts import Command, commands
from quantumlayer.manifests.javascript.workspaces import (
    Workspace,
    lean_on_each_other,
    read_workspace,
)

__all__ = [
    "TEST_PROGRAMS",
    "Command",
    "Engine",
    "Installation",
    "Link",
    "Malformed",
    "Package",
    "Workspace",
    "commands",
    "lean_on_each_other",
    "least_version",
    "matching",
    "read_installation",
    "read_package",
    "read_workspace",
]
