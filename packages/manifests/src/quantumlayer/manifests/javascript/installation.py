"""What has to be installed for a project: manifests without whatever is its own, and links.

Packages of the project are linked, never fetched; all others come from the registry. What can be
had neither way is NotUnderstood, with the line that asks for it.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.manifests.javascript.locks import Lock, read_lock
from quantumlayer.manifests.javascript.package import (
    DEPENDENCY_FIELDS,
    Package,
    least_version,
    read_package,
)
from quantumlayer.manifests.javascript.resolutions import overrides_of
from quantumlayer.manifests.javascript.specifiers import Origin, specifier
from quantumlayer.manifests.javascript.workspaces import Workspace, read_workspace
from quantumlayer.manifests.model import ProjectFiles

CANNOT = {
    Origin.ARCHIVE: "is an archive, and only folders and the registry are installed from",
    Origin.ELSEWHERE: "is neither in the registry nor a folder of the project",
}


@dataclass(frozen=True)
class Link:
    """A package of the project, by the name that it is imported by and its folder."""

    name: str
    folder: str


@dataclass(frozen=True)
class Installation:
    """Manifests by folder as an installer needs them, its lock, and the project's own packages.

    `fetches`: whether anything comes from a registry. `lock` is npm's, empty without one. `notes`
    tell what was not heeded. `engines` are the least versions of Node asked for, with their
    manifest and line.
    """

    manifests: Mapping[str, Mapping[str, Any]]
    lock: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    fetches: bool = False
    notes: tuple[str, ...] = ()
    engines: tuple["Engine", ...] = ()


@dataclass(frozen=True)
class Engine:
    """A version of Node that a package asks for at least, as written and as numbers."""

    wanted: str
    least: tuple[int, ...]
    path: str
    line: int | None


def read_installation(files: ProjectFiles) -> Installation:
    """What the manifests and locks of a project ask for. Raises NotUnderstood and Malformed."""
    workspace = read_workspace(files)
    packages = {package.folder: package for package in workspace.packages}
    own = {package.name: package.folder for package in workspace.members if package.name}
    links = {Link(name, folder): None for name, folder in own.items()}
    manifests: dict[str, dict[str, Any]] = {}
    lock = read_lock(files)
    pending = list(packages)
    while pending:
        package = packages[pending.pop(0)]
        reader = _Reader(files, workspace, package, own, lock)
        manifests[package.folder] = reader.manifest()
        for link, target in reader.links:
            links[link] = None
            if target is not None and target.folder not in packages:
                packages[target.folder] = target
                pending.append(target.folder)
    root = manifests["."]
    if others := sorted(folder for folder in manifests if folder != "."):
        root["workspaces"] = others
    if overrides := overrides_of(workspace.root, lock, root):
        root["overrides"] = overrides
    return Installation(
        manifests=manifests,
        lock=lock.for_npm(manifests),
        links=tuple(links),
        fetches=any(manifest.get(kind) for manifest in manifests.values()
                    for kind in DEPENDENCY_FIELDS),
        notes=lock.notes,
        engines=tuple(_engines(packages.values())),
    )  # fmt: skip


@dataclass
class _Reader:
    """One package on its way to a manifest that npm can follow."""

    files: ProjectFiles
    workspace: Workspace
    package: Package
    own: Mapping[str, str]
    lock: Lock
    links: list[tuple[Link, Package | None]] = field(default_factory=list)

    def manifest(self) -> dict[str, Any]:
        fields = self.package.fields
        kept: dict[str, Any] = {
            "name": self.package.name or f"package-{self.package.folder.replace('/', '-')}",
            "version": _version(fields.get("version")),
            "private": True,
        }
        if self.package.folder == ".":
            kept |= {"name": "project", "version": "0.0.0"}
        for kind in DEPENDENCY_FIELDS:
            kept[kind] = dict(self._fetched(self.package.table(kind)))
        peers = dict(self.package.table("peerDependencies"))
        kept["peerDependencies"] = {
            name: wanted for name, wanted in peers.items()
            if name not in self.own and specifier(str(wanted)).origin is Origin.REGISTRY
        }  # fmt: skip
        kept["peerDependenciesMeta"] = dict(self.package.table("peerDependenciesMeta"))
        return {name: value for name, value in kept.items() if value}

    def _fetched(self, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What of a table comes from the registry; the rest becomes links."""
        for name, written in table.items():
            if not isinstance(written, str):
                raise self.package.refuse(f"`{name}` has no version that can be read", name)
            wanted = specifier(written)
            if wanted.origin is Origin.CATALOG:
                written = self._listed(name, wanted.wanted)  # noqa: PLW2901 - the same thing, read further
                wanted = specifier(written)
            if wanted.origin is Origin.REGISTRY:
                pinned = self.lock.pinned(self.package.folder, name, written)
                yield name, pinned or wanted.wanted or "*"
            elif wanted.origin is Origin.FOLDER:
                self._link_folder(name, written, wanted.wanted)
            elif wanted.origin is Origin.WORKSPACE:
                self._link_member(name, written, wanted.wanted)
            else:
                reason = CANNOT[wanted.origin]
                raise self.package.refuse(f"`{name}`: `{written}` {reason}", name, written)

    def _listed(self, name: str, catalog: str) -> str:
        version = self.workspace.catalogs.get(catalog, {}).get(name)
        if version is None:
            raise self.package.refuse(f"`{name}` is not in the catalogue `{catalog}`", name)
        return version

    def _link_folder(self, name: str, written: str, path: str) -> None:
        folder = posixpath.normpath(posixpath.join(self.package.folder, path))
        if path.startswith(("/", "~")) or folder.startswith(".."):
            reason = f"`{name}`: `{written}` leads out of the project"
            raise self.package.refuse(reason, name, written)
        target = read_package(self.files, folder)
        if target is None:
            reason = f"`{name}`: `{written}` names a folder without a package.json"
            raise self.package.refuse(reason, name, written)
        self.links.append((Link(name, folder), target))

    def _link_member(self, name: str, written: str, wanted: str) -> None:
        alias = wanted.rpartition("@")[0]
        folder = self.own.get(alias or name)
        if folder is None and "/" in wanted:
            self._link_folder(name, written, wanted)
        elif folder is None:
            reason = f"`{name}`: `{written}` names no package of this workspace"
            raise self.package.refuse(reason, name, written)
        else:
            self.links.append((Link(name, folder), None))


def _version(found: object) -> str:
    return found if isinstance(found, str) and found.strip() else "0.0.0"


def _engines(packages: Iterable[Package]) -> Iterator[Engine]:
    for package in packages:
        wanted = package.table("engines").get("node")
        if not isinstance(wanted, str):
            continue
        least = least_version(wanted)
        if least is not None:
            yield Engine(wanted, least, package.path, package.line("node", wanted))
