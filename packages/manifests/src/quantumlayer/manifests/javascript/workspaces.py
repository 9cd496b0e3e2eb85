"""The packages of one repository that belong together: npm's, yarn's, pnpm's and lerna's way."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from quantumlayer.manifests.javascript.globs import is_extended, matching
from quantumlayer.manifests.javascript.package import Package, read_package
from quantumlayer.manifests.javascript.specifiers import Origin, specifier
from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

PNPM = "pnpm-workspace.yaml"
LERNA = "lerna.json"
NOT_MEMBERS = frozenset({
    "examples", "example", "samples", "docs", "templates", "fixtures", "__fixtures__", "testdata",
    "test_data", "test", "tests", "vendor", "third_party",
})  # fmt: skip
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Workspace:
    """The project's own package and its members, by their folders, in order.

    `catalogs` are pnpm's named lists of versions.
    """

    root: Package
    members: tuple[Package, ...] = ()
    catalogs: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def packages(self) -> tuple[Package, ...]:
        """All of them, the root first."""
        return (self.root, *self.members)


def read_workspace(files: ProjectFiles) -> Workspace:
    """The workspace that a project declares, without members where it declares none.

    Raises NotUnderstood and Malformed.
    """
    root = read_package(files)
    settings = _pnpm_settings(files)
    alone = root is None and not settings and files.content(LERNA) is None
    root = root or Package(".")
    chosen = _topmost(files) if alone else _members(files, root, settings)
    found = {package.folder: package for package in chosen}
    members = tuple(found[folder] for folder in sorted(found) if folder != ".")
    return Workspace(root, members, _catalogs(settings))


def lean_on_each_other(files: ProjectFiles) -> bool:
    """Whether packages in folders of a project without a package of its own use each other.

    Raises NotUnderstood and Malformed.
    """
    workspace = read_workspace(files)
    folders = {package.folder for package in workspace.members}
    for package in workspace.members:
        for written in package.dependencies().values():
            wanted = specifier(written)
            if wanted.origin is Origin.WORKSPACE:
                return True
            target = posixpath.normpath(posixpath.join(package.folder, wanted.wanted))
            if wanted.origin is Origin.FOLDER and target in folders - {package.folder}:
                return True
    return False


def _topmost(files: ProjectFiles) -> Iterator[Package]:
    """The packages of a folder that is none itself, without those inside of others."""
    folders = sorted(
        posixpath.dirname(one) for one in files.paths()
        if posixpath.basename(one) == "package.json" and NOT_MEMBERS.isdisjoint(one.split("/"))
    )  # fmt: skip
    last = ""
    for folder in folders:
        if last and folder.startswith(f"{last}/"):
            continue
        last = folder
        package = read_package(files, folder)
        if package is not None:
            yield package


def _members(files: ProjectFiles, owner: Package, settings: dict[str, Any]) -> Iterator[Package]:
    """The members that a package declares, and theirs."""
    patterns, path, line = _patterns(files, owner, settings)
    if not patterns:
        return
    folders = {
        posixpath.dirname(one) for one in files.paths() if posixpath.basename(one) == "package.json"
    }
    prefix = "" if owner.folder == "." else f"{owner.folder}/"
    inside = sorted(one.removeprefix(prefix) for one in folders if one and one.startswith(prefix))
    for folder in _chosen(patterns, inside, path, line):
        package = read_package(files, prefix + folder)
        if package is not None:
            yield package
            yield from _members(files, package, {})


def _chosen(patterns: list[str], folders: list[str], path: str, line: int | None) -> list[str]:
    """The folders that patterns choose: each adds, or takes away when it begins with `!`."""
    chosen: dict[str, None] = {}
    for pattern in patterns:
        if is_extended(pattern.removeprefix("!")):
            raise NotUnderstood(f"the pattern `{pattern}` cannot be read", path=path, line=line)
        for folder in matching(pattern.lstrip("!"), folders):
            if pattern.startswith("!"):
                chosen.pop(folder, None)
            else:
                chosen[folder] = None
    return list(chosen)


def _patterns(
    files: ProjectFiles, owner: Package, settings: dict[str, Any]
) -> tuple[list[str], str, int | None]:
    """The patterns of members, and where they stand."""
    declared = owner.fields.get("workspaces")
    if isinstance(declared, dict):
        declared = declared.get("packages")
    if isinstance(declared, list):
        return _words(declared), owner.path, owner.line("workspaces")
    if owner.folder != ".":
        return [], "", None
    if "packages" in settings:
        # What pnpm takes away stays away, wherever it says so.
        words = sorted(_words(settings["packages"]), key=lambda word: word.startswith("!"))
        return words, PNPM, 1
    lerna = _json(files.content(LERNA))
    return _words(lerna.get("packages")), LERNA, 1


def _words(found: object) -> list[str]:
    entries: Iterable[object] = found if isinstance(found, list) else ()
    return [str(one) for one in entries]


def _pnpm_settings(files: ProjectFiles) -> dict[str, Any]:
    content = files.content(PNPM)
    if content is None:
        return {}
    try:
        found = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, in C where it is
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = re.sub(r"\s+", " ", str(error))[:200]
        raise NotUnderstood(reason, path=PNPM, line=mark.line + 1 if mark else None) from error
    return found if isinstance(found, dict) else {}


def _catalogs(settings: dict[str, Any]) -> dict[str, dict[str, str]]:
    named = settings.get("catalogs")
    tables = {"default": settings.get("catalog"), **(named if isinstance(named, dict) else {})}
    return {
        name: {str(key): str(value) for key, value in table.items()}
        for name, table in tables.items()
        if isinstance(table, dict)
    }


def _json(content: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
