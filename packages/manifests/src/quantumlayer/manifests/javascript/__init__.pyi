from .globs import matching
from .installation import (
    Engine,
    Installation,
    Link,
    read_installation,
)
from .package import (
    Malformed,
    Package,
    least_version,
    read_package,
)
from .programs import TEST_PROGRAMS
from .scripts import Command, commands
from .workspaces import (
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
