"""Which imports of Go files lead somewhere."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from quantumlayer.manifests import Dependency, Ecosystem
from quantumlayer.parser.imports.standard import standard
from quantumlayer.parser.model import SourceText
from quantumlayer.parser.module_use import ModuleUse

_MODULE = re.compile(r"(?m)^module\s+\"?([^\s\"]+)")


class GoTree:
    """The packages of a tree's modules, and what their go.mod files require."""

    def __init__(self, files: Sequence[SourceText], declared: Sequence[Dependency]) -> None:
        self._modules = {}
        for file in files:
            if PurePosixPath(file.path).name == "go.mod":
                name = _MODULE.search(file.data.decode("utf-8", errors="replace"))
                if name is not None:
                    self._modules[name[1]] = str(PurePosixPath(file.path).parent)
        self._folders = {
            str(PurePosixPath(file.path).parent) for file in files if file.path.endswith(".go")
        }
        self._required = {one.name for one in declared if one.ecosystem is Ecosystem.GO}

    def problem(self, path: str, use: ModuleUse) -> str | None:
        """Why an import leads nowhere; None when it leads somewhere."""
        del path
        module = use.module
        if not self._modules or module in standard("go") or module == "C":
            return None
        for name, folder in self._modules.items():
            if module == name or module.startswith(f"{name}/"):
                where = str(PurePosixPath(folder, module[len(name) :].lstrip("/")))
                return None if where in self._folders else f"the project has no package {where}"
        if any(module == name or module.startswith(f"{name}/") for name in self._required):
            return None
        if "." not in module.split("/")[0]:
            return f"Go has no package {module}"
        return f"go.mod does not require {module}"

    def foreign(self, path: str, use: ModuleUse) -> str | None:
        """None: which module of Go a package belongs to, only a registry knows."""
        del path, use
        return None

    def similar(self) -> list[str]:
        """Names that could have been meant."""
        return sorted(self._required | standard("go"))
