"""Which imports of Python files lead somewhere."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from quantumlayer.manifests import Dependency, Ecosystem, is_manifest, provided
from quantumlayer.parser.module_use import ModuleUse

_SUFFIXES = (".py", ".pyi", ".pyx", ".so", ".pyd")
_ALWAYS = frozenset({"__future__", "__main__", "_typeshed", "typing_extensions_stub"})
_SOURCES = frozenset({"src", "lib", "python", "source", "app", "backend", "server"})


class PythonTree:
    """The modules of a tree of files, and what its manifests let it import.

    Without any manifest nothing is said of modules from elsewhere.
    """

    def __init__(self, paths: Sequence[str], declared: Sequence[Dependency]) -> None:
        self._modules: set[str] = set()
        self._folders: set[str] = set()
        for path in paths:
            where = PurePosixPath(path)
            if path.endswith(_SUFFIXES):
                self._modules.add(str(where.parent / where.name.split(".", 1)[0]))
                self._folders.update(str(folder) for folder in where.parents)
        self._roots = self._find_roots()
        self._judged = any(is_manifest(path, Ecosystem.PYPI) for path in paths)
        self._provided = provided(one.name for one in declared if one.ecosystem is Ecosystem.PYPI)

    def problem(self, path: str, use: ModuleUse) -> str | None:
        """Why an import leads nowhere; None when it leads somewhere."""
        if use.module.startswith("."):
            return self._relative(path, use)
        foreign = self.foreign(path, use)
        if foreign is not None:
            return f"no module {foreign}: neither standard, nor in the project, nor declared"
        parts = use.module.split(".")
        roots = self._roots_of(path)
        if _is_standard(parts[0]) or not self._reaches(roots, parts[:1]):
            return None
        if self._reaches(roots, parts) or self._is_provided(parts[0]):
            return None
        return f"the project has no module {use.module}"

    def foreign(self, path: str, use: ModuleUse) -> str | None:
        """The top name of a module from elsewhere that no manifest lets a program import."""
        top = use.module.split(".")[0]
        if not top or not self._judged or _is_standard(top) or self._is_provided(top):
            return None
        return None if self._reaches(self._roots_of(path), [top]) else top

    def similar(self) -> list[str]:
        """Names that could have been meant."""
        names = {PurePosixPath(module).name for module in self._modules}
        return sorted(names | self._provided)

    def _is_provided(self, top: str) -> bool:
        return top in self._provided or top.lower() in self._provided

    def _roots_of(self, path: str) -> list[str]:
        return [*(str(folder) for folder in PurePosixPath(path).parents), *self._roots]

    def _find_roots(self) -> list[str]:
        """The folders whose content is imported by its name: the top, `src`, …"""
        roots = {"."}
        for folder in self._folders:
            where = PurePosixPath(folder)
            if where.name in _SOURCES or where.name in {"tests", "test"}:
                roots.add(folder)
        return sorted(roots)

    def _exists(self, root: str, parts: list[str]) -> bool:
        where = str(PurePosixPath(root, *parts))
        return where in self._modules or where in self._folders

    def _reaches(self, roots: Iterable[str], parts: list[str]) -> bool:
        return any(self._exists(root, parts) for root in roots)

    def _relative(self, path: str, use: ModuleUse) -> str | None:
        rest = use.module.lstrip(".")
        base = PurePosixPath(path).parent
        for _ in range(len(use.module) - len(rest) - 1):
            if base == PurePosixPath("."):
                return f"{use.module} leads out of the project"
            base = base.parent
        parts = rest.split(".") if rest else []
        if not parts:
            return None
        if self._exists(str(base), parts):
            return None
        return f"the project has no module {PurePosixPath(base, *parts)}"


def _is_standard(top: str) -> bool:
    return top in sys.stdlib_module_names or top in _ALWAYS
