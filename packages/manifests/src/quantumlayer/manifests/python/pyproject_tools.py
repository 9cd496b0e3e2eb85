"""Tables of pyproject.toml that belong to tools: uv, PDM, Flit."""

import re
from typing import Any

from packaging.utils import canonicalize_name

from quantumlayer.manifests.model import ProjectFiles
from quantumlayer.manifests.python.declaration import WORKSPACE, Declaration, Wanted
from quantumlayer.manifests.python.needs import PythonVersion
from quantumlayer.manifests.python.texts import (
    folder_of,
    inside,
    line_with,
    table,
    texts,
    toml_of,
    within,
)
from quantumlayer.manifests.python.versions import version_of_module


class ToolTables:
    """The tables [tool.…] of one file."""

    def __init__(self, files: ProjectFiles, path: str, text: str, tool: dict[str, Any]) -> None:
        """`tool`: all of them, `text` the whole file."""
        self.files, self.path, self.text, self.tool = files, path, text, tool
        self.folder = folder_of(path)

    def wanted(self, entries: object) -> tuple[Wanted, ...]:
        """A list of requirements, each with its line."""
        return tuple(Wanted(one, self.path, self.line(one)) for one in texts(entries))

    def line(self, needle: str) -> int | None:
        """The line that something stands in."""
        return line_with(self.text, needle)

    def uv(self) -> Declaration:
        """[tool.uv]: development dependencies, and where distributions come from."""
        uv = table(self.tool.get("uv"))
        sources: dict[str, Wanted] = {}
        for name, given in table(uv.get("sources")).items():
            place = self.source(str(name), given)
            if place is not None:
                sources[canonicalize_name(str(name))] = place
        for folder in self.members(uv):
            member = toml_of(self.files, inside(folder, "pyproject.toml")) or {}
            called = table(member.get("project")).get("name")
            if isinstance(called, str):
                known = sources.get(canonicalize_name(called))
                if known is None or known.text == WORKSPACE:
                    sources[canonicalize_name(called)] = Wanted(
                        f"./{folder}", "", self.line(called)
                    )
        return Declaration(
            path=self.path,
            groups={"dev": self.wanted(uv.get("dev-dependencies"))},
            chosen=frozenset(texts(uv.get("default-groups"))),
            sources=sources,
        )

    def source(self, name: str, given: object) -> Wanted | None:
        """Where [tool.uv.sources] says that a distribution comes from; None for a registry."""
        # With markers there are several; any that is not a registry decides.
        for one in given if isinstance(given, list) else [given]:
            entry, line = table(one), self.line(name)
            if isinstance(entry.get("path"), str):
                place = within(self.folder, entry["path"])
                return Wanted(f"./{place}" if place else entry["path"], self.path, line)
            if entry.get("workspace") is True:
                return Wanted(WORKSPACE, self.path, line)
            for key in ("git", "url"):
                if isinstance(entry.get(key), str):
                    return Wanted(entry[key], self.path, line)
        return None

    def members(self, uv: dict[str, Any]) -> list[str]:
        """The folders of the workspace that this file is the root of."""
        workspace = table(uv.get("workspace"))
        patterns = [_glob(inside(self.folder, one)) for one in texts(workspace.get("members"))]
        excluded = [_glob(inside(self.folder, one)) for one in texts(workspace.get("exclude"))]
        folders = [folder_of(one) for one in self.files.paths() if one.endswith("/pyproject.toml")]
        return [
            folder
            for folder in folders
            if any(one.match(folder) for one in patterns)
            and not any(one.match(folder) for one in excluded)
        ]

    def pdm(self) -> Declaration:
        """[tool.pdm.dev-dependencies]."""
        given = table(table(self.tool.get("pdm")).get("dev-dependencies"))
        groups = {str(name): self.wanted(entries) for name, entries in given.items()}
        return Declaration(path=self.path, groups=groups)

    def flit(self) -> Declaration:
        """[tool.flit.metadata], which came before [project]."""
        given = table(table(self.tool.get("flit")).get("metadata"))
        module = given.get("module")
        if not isinstance(module, str):
            return Declaration(path=self.path)
        extras = table(given.get("requires-extra"))
        asked = given.get("requires-python")
        return Declaration(
            path=self.path,
            name=str(given.get("dist-name", module)),
            version=version_of_module(self.files, self.folder, f"{module}.__version__"),
            python=PythonVersion(specifier=asked, path=self.path, line=self.line(asked))
            if isinstance(asked, str)
            else PythonVersion(),
            runtime=self.wanted(given.get("requires")),
            extras={str(name): self.wanted(entries) for name, entries in extras.items()},
            groups={"dev": self.wanted(given.get("dev-requires"))},
        )


def _glob(pattern: str) -> re.Pattern[str]:
    whole = re.escape(pattern.removeprefix("./").rstrip("/"))
    return re.compile(whole.replace(r"\*\*", ".*").replace(r"\*", "[^/]*") + "$")
