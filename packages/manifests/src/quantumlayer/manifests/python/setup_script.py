"""setup.py: what its call of `setup` says, found in its syntax tree. Nothing of it is run.

Constants, lists and names are followed. What it computes is not: where that names a requirements
file of the project, the file is taken; else it is told as not understood.
"""

import ast
import posixpath
import re
from typing import Any

from quantumlayer.manifests.model import ProjectFiles
from quantumlayer.manifests.python.compiled_modules import of_script
from quantumlayer.manifests.python.declaration import Declaration, Wanted
from quantumlayer.manifests.python.needs import PythonVersion, Shortfall
from quantumlayer.manifests.python.requirement_files import listed
from quantumlayer.manifests.python.setup_cfg_file import entry_points_in, pairs
from quantumlayer.manifests.python.static_values import Unknown, Values
from quantumlayer.manifests.python.texts import folder_of, within
from quantumlayer.manifests.python.trees import python_tree

_LISTS = re.compile(r"require|depend|\.txt$|\.in$", re.IGNORECASE)


def setup_script(files: ProjectFiles, path: str) -> Declaration:
    """What a setup.py declares, as far as it can be read."""
    content = files.content(path)
    if content is None:
        return Declaration(path=path)
    tree = python_tree(content)
    if tree is None:
        # Whether it is well formed is the syntax check's word.
        reason = "it is no Python that can be read"
        return Declaration(path=path, shortfalls=(Shortfall(reason=reason, path=path),))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node)]
    return _Setup(files, path, tree, calls[-1]).declaration() if calls else Declaration(path=path)


def _is_setup(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "setup" and bool(call.keywords)


class _Setup:
    """One call of `setup` while it is read."""

    def __init__(self, files: ProjectFiles, path: str, tree: ast.Module, call: ast.Call) -> None:
        self.files, self.path, self.tree = files, path, tree
        self.folder = folder_of(path)
        self.values = Values(tree)
        self.given: dict[str, ast.expr] = {}
        self.shortfalls: list[Shortfall] = []
        for keyword in call.keywords:
            if keyword.arg is not None:
                self.given[keyword.arg] = keyword.value
            else:
                self.spread(keyword.value)

    def spread(self, node: ast.expr) -> None:
        """`**arguments`: its entries, where it is written down."""
        entries = self.values.entries(node)
        if entries is None:
            self.lack("its arguments are computed", node)
        for name, value in (entries or {}).items():
            self.given.setdefault(name, value)

    def lack(self, reason: str, node: ast.expr) -> None:
        self.shortfalls.append(Shortfall(reason=reason, path=self.path, line=node.lineno))

    def declaration(self) -> Declaration:
        asked = self.text("python_requires")
        tests = self.requirements("tests_require")
        return Declaration(
            path=self.path,
            name=self.text("name"),
            version=self.text("version"),
            python=PythonVersion(
                specifier=asked, path=self.path, line=self.given["python_requires"].lineno
            )
            if asked
            else PythonVersion(),
            runtime=self.requirements("install_requires"),
            extras=self.extras(),
            groups={"test": tests} if tests else {},
            roots=self.roots(),
            entry_points=self.entry_points(),
            shortfalls=tuple(self.shortfalls),
            compiled=tuple(of_script(self.tree, self.given, self.values, self.path)),
        )

    def value(self, name: str) -> Any:  # noqa: ANN401 - what the script holds
        """What an argument is; Unknown when it is computed, None without it."""
        node = self.given.get(name)
        return None if node is None else self.values.of(node)

    def text(self, name: str) -> str:
        value = self.value(name)
        return value if isinstance(value, str) else ""

    def requirements(self, name: str) -> tuple[Wanted, ...]:
        node = self.given.get(name)
        return () if node is None else self.of(name, node)

    def of(self, name: str, node: ast.expr) -> tuple[Wanted, ...]:
        """The requirements that an expression gives."""
        value = self.values.of(node)
        if isinstance(value, str):
            value = value.splitlines()
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return tuple(Wanted(one, self.path, node.lineno) for one in value if one.strip())
        if value is None:
            return ()
        found = self.from_files(node)
        if found is None:
            self.lack(f"`{name}` is computed, and the script is not run", node)
        return found or ()

    def from_files(self, node: ast.expr) -> tuple[Wanted, ...] | None:
        """The entries of the requirements files whose names the expression uses; None for none."""
        known = set(self.files.paths())
        named = [
            within(self.folder, text)
            for text in self.values.texts_behind(node)
            if _LISTS.search(posixpath.basename(text))
        ]
        places = list(dict.fromkeys(one for one in named if one in known))
        if not places:
            return None
        found: list[Wanted] = []
        for place in places:
            lines = listed(self.files, str(place))
            found += lines.wanted
            self.shortfalls += lines.shortfalls
        return tuple(found)

    def extras(self) -> dict[str, tuple[Wanted, ...]]:
        node = self.given.get("extras_require")
        if node is None:
            return {}
        entries = self.values.entries(node)
        if entries is None:
            self.lack("`extras_require` is computed, and the script is not run", node)
            return {}
        return {name: self.of(f"extras_require[{name}]", value) for name, value in entries.items()}

    def roots(self) -> tuple[str, ...] | None:
        """`package_dir`, and the folder in which packages are looked for."""
        named: list[str] = []
        folders = self.value("package_dir")
        if isinstance(folders, dict) and isinstance(folders.get(""), str):
            named.append(folders[""])
        packages = self.given.get("packages")
        if isinstance(packages, ast.Call):
            where = [*packages.args[:1], *(k.value for k in packages.keywords if k.arg == "where")]
            named += [one for one in map(self.values.of, where) if isinstance(one, str)]
        places = [within(self.folder, one or ".") for one in named]
        return tuple(dict.fromkeys(one for one in places if one is not None)) or None

    def entry_points(self) -> tuple[tuple[str, str, str], ...]:
        value = self.value("entry_points")
        if isinstance(value, str):
            return entry_points_in(value)
        found: list[tuple[str, str, str]] = []
        for group, entries in value.items() if isinstance(value, dict) else ():
            lines = entries if isinstance(entries, list | tuple) else [entries]
            for line in lines:
                if isinstance(line, str):
                    found += [(str(group), *one) for one in pairs(line)]
        if value is Unknown:
            self.lack("`entry_points` is computed", self.given["entry_points"])
        return tuple(found)
