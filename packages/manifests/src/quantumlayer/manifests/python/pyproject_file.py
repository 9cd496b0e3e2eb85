"""pyproject.toml: the standard tables, and those of uv, PDM, Hatch, Flit and setuptools."""

import re
from typing import Any

from packaging.dependency_groups import DependencyGroupResolver

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.compiled_modules import of_tables
from quantumlayer.manifests.python.declaration import Declaration, Wanted, together
from quantumlayer.manifests.python.needs import PythonVersion, Shortfall
from quantumlayer.manifests.python.poetry_tables import poetry
from quantumlayer.manifests.python.pyproject_tools import ToolTables
from quantumlayer.manifests.python.requirement_files import listed
from quantumlayer.manifests.python.texts import (
    entry_points,
    folder_of,
    line_with,
    table,
    text_of,
    texts,
    toml_of,
    within,
)
from quantumlayer.manifests.python.versions import version_in_file, version_of_module

SCM = re.compile(r"setuptools[-_]scm|hatch-vcs|versioningit|setuptools-git-versioning|pdm-backend")


def pyproject_file(files: ProjectFiles, path: str) -> Declaration:
    """What a pyproject.toml declares. Raises Malformed for what the standard forbids."""
    document = toml_of(files, path)
    if document is None:
        return Declaration(path=path)
    text = text_of(files, path) or ""
    tool = table(document.get("tool"))
    reading, tables = (
        _Reading(files, path, text, document, tool),
        ToolTables(files, path, text, tool),
    )
    return together(
        path,
        (
            reading.project(),
            reading.groups(),
            tables.uv(),
            tables.pdm(),
            tables.flit(),
            poetry(table(tool.get("poetry")), files, path, text),
        ),
    )


class _Reading:
    """One file while it is read."""

    def __init__(
        self,
        files: ProjectFiles,
        path: str,
        text: str,
        document: dict[str, Any],
        tool: dict[str, Any],
    ) -> None:
        self.files, self.path, self.text = files, path, text
        self.document, self.tool = document, tool
        self.folder = folder_of(path)

    def wanted(self, entries: object) -> tuple[Wanted, ...]:
        return tuple(Wanted(one, self.path, self.line(one)) for one in texts(entries))

    def line(self, needle: str) -> int | None:
        return line_with(self.text, needle)

    def project(self) -> Declaration:
        """The table [project], with what it leaves to the build's own tables."""
        project = table(self.document.get("project"))
        dynamic = texts(project.get("dynamic"))
        optional = table(project.get("optional-dependencies"))
        runtime, shortfalls = self.wanted(project.get("dependencies")), list[Shortfall]()
        extras = {str(name): self.wanted(entries) for name, entries in optional.items()}
        if "dependencies" in dynamic:
            given, lacking = self.dynamic("dependencies")
            runtime, shortfalls = (*runtime, *given), [*shortfalls, *lacking]
        if "optional-dependencies" in dynamic:
            named = table(table(table(self.tool.get("setuptools")).get("dynamic")).get(
                "optional-dependencies"))  # fmt: skip
            for name, source in named.items():
                given, lacking = self.from_files(table(source).get("file"))
                extras[str(name)], shortfalls = given, [*shortfalls, *lacking]
        asked = project.get("requires-python")
        return Declaration(
            path=self.path,
            name=str(project.get("name", "")),
            version=str(project.get("version", "")) or self.version(project, dynamic),
            python=PythonVersion(
                specifier=asked, path=self.path, line=self.line("requires-python")
            ) if isinstance(asked, str) else PythonVersion(),
            runtime=runtime,
            extras=extras,
            roots=self.roots(),
            entry_points=_entry_points(project),
            shortfalls=tuple(shortfalls),
            compiled=tuple(of_tables(self.document, self.text, self.path)),
        )  # fmt: skip

    def dynamic(self, field: str) -> tuple[tuple[Wanted, ...], list[Shortfall]]:
        """Dependencies that are kept in files which a build would read."""
        setuptools = table(table(self.tool.get("setuptools")).get("dynamic"))
        hooks = table(table(table(self.tool.get("hatch")).get("metadata")).get("hooks"))
        named = table(setuptools.get(field)).get("file")
        named = named or table(hooks.get("requirements_txt")).get("files")
        if named is not None:
            return self.from_files(named)
        # setup.py and setup.cfg, which are read on their own, may say it.
        start = "" if self.folder == "." else f"{self.folder}/"
        if {f"{start}setup.py", f"{start}setup.cfg"} & set(self.files.paths()):
            return (), []
        reason = f"`{field}` is dynamic: it would take a build to know it"
        return (), [Shortfall(reason=reason, path=self.path, line=self.line("dynamic"))]

    def from_files(self, named: object) -> tuple[tuple[Wanted, ...], list[Shortfall]]:
        names = [named] if isinstance(named, str) else texts(named)
        wanted, shortfalls = list[Wanted](), list[Shortfall]()
        for name in names:
            place = within(self.folder, name)
            if place is None or self.files.content(place) is None:
                raise Malformed(f"`{name}` does not exist", path=self.path, line=self.line(name))
            found = listed(self.files, place)
            wanted += found.wanted
            shortfalls += found.shortfalls
        return tuple(wanted), shortfalls

    def version(self, project: dict[str, Any], dynamic: list[str]) -> str:
        """The version that a build would find, as far as that is written somewhere."""
        if "version" not in dynamic:
            return ""
        setuptools = table(table(table(self.tool.get("setuptools")).get("dynamic")).get("version"))
        hatch = table(table(self.tool.get("hatch")).get("version"))
        pdm = table(table(self.tool.get("pdm")).get("version"))
        if isinstance(setuptools.get("attr"), str):
            return version_of_module(self.files, self.folder, setuptools["attr"])
        for named in (setuptools.get("file"), hatch.get("path"), pdm.get("path")):
            for name in [named] if isinstance(named, str) else texts(named):
                found = version_in_file(self.files, within(self.folder, name) or "")
                if found:
                    return found
        module = str(project.get("name", "")).replace("-", "_")
        return version_of_module(self.files, self.folder, f"{module}.__version__")

    def roots(self) -> tuple[str, ...] | None:
        """The folders from which this project's packages would be installed."""
        setuptools = table(self.tool.get("setuptools"))
        hatch = table(table(table(self.tool.get("hatch")).get("build")))
        wheel = table(table(hatch.get("targets")).get("wheel"))
        packages = setuptools.get("packages")
        named = texts(table(table(packages).get("find")).get("where"))
        named += [str(folder) for folder in table(setuptools.get("package-dir")).values()
                  if isinstance(folder, str)]  # fmt: skip
        for build in (hatch, wheel):
            named += [_parent(one) for one in texts(build.get("packages"))]
            named += texts(build.get("dev-mode-dirs"))
            named += [one.rstrip("/") for one in table(build.get("sources"))]
            named += texts(build.get("sources"))
        backend = table(table(self.tool.get("uv")).get("build-backend")).get("module-root")
        named += [backend] if isinstance(backend, str) else []
        pdm = table(table(self.tool.get("pdm")).get("build")).get("package-dir")
        named += [pdm] if isinstance(pdm, str) else []
        maturin = table(self.tool.get("maturin")).get("python-source")
        named += [maturin] if isinstance(maturin, str) else []
        places = [within(self.folder, one or ".") for one in named]
        found = tuple(dict.fromkeys(place for place in places if place is not None))
        return found or None

    def groups(self) -> Declaration:
        """[dependency-groups], each resolved as the standard says."""
        given = table(self.document.get("dependency-groups"))
        found: dict[str, tuple[Wanted, ...]] = {}
        for name in given:
            try:
                resolved = DependencyGroupResolver(given).resolve(name)
            except (ValueError, TypeError, LookupError, ExceptionGroup) as error:
                line = self.line(f"{name} =") or self.line(str(name))
                reason = f"the dependency group `{name}` is not valid: {_said(error)}"
                raise Malformed(reason, path=self.path, line=line) from error
            found[str(name)] = tuple(
                Wanted(str(one), self.path, self.line(one.name)) for one in resolved
            )
        return Declaration(path=self.path, groups=found)


def _parent(package: str) -> str:
    return folder_of(package.rstrip("/"))


def _entry_points(project: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    groups = {
        "console_scripts": table(project.get("scripts")),
        "gui_scripts": table(project.get("gui-scripts")),
        **{str(k): table(v) for k, v in table(project.get("entry-points")).items()},
    }
    return entry_points(groups)


def _said(error: BaseException) -> str:
    while isinstance(error, ExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return str(error)
