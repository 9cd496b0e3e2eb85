"""What locks say: npm's own, and the versions in those of yarn and pnpm."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from quantumlayer.manifests.javascript.package import DEPENDENCY_FIELDS, read_object
from quantumlayer.manifests.model import ProjectFiles

NPM = ("npm-shrinkwrap.json", "package-lock.json")
YARN, PNPM = "yarn.lock", "pnpm-lock.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMED = re.compile(r"^/?(?P<name>(?:@[^/@]+/)?[^/@]+)[@/](?P<rest>.+)$")
_VERSION = re.compile(r"^\d+\.\d+\.\d+[\w.+-]*")
_YARN_ENTRY = re.compile(r"^(?P<keys>\S.*):\n(?:[ ]+.*\n)*?[ ]+version:? \"?(?P<version>[^\"\n]+)",
                         re.MULTILINE)  # fmt: skip
_OWN = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies",
        "peerDependenciesMeta")  # fmt: skip
_NOT_REGISTRY = re.compile(r"^(?:git|https?:|file:|github:|ssh:)")


@dataclass(frozen=True)
class Lock:
    """The versions that a project was locked to.

    `npm` is npm's own lock. `ranges` has the version for a name and a range as written, `imports`
    that for a folder and a name, `versions` all that there are of a name: locks of other tools.
    """

    npm: Mapping[str, Any] = field(default_factory=dict)
    ranges: Mapping[tuple[str, str], str] = field(default_factory=dict)
    imports: Mapping[tuple[str, str], str] = field(default_factory=dict)
    versions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def pinned(self, folder: str, name: str, written: str) -> str | None:
        """The version that another tool's lock has for a direct dependency."""
        return self.imports.get((folder, name)) or self.ranges.get((name, written))

    def single_versions(self) -> dict[str, str]:
        """Names of which another tool's lock has exactly one version."""
        return {name: min(all_) for name, all_ in self.versions.items() if len(all_) == 1}

    def for_npm(self, manifests: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """npm's lock for manifests that may ask for less: without addresses, those are for the
        platform to choose, and with what the manifests say of themselves."""
        packages = self.npm.get("packages")
        if not isinstance(packages, dict):
            return {}
        cleaned = {"": {"name": "project"}} | dict(_entries(packages))
        for folder, manifest in manifests.items():
            entry = cleaned.get("" if folder == "." else folder)
            if entry is not None:
                for name in _OWN:
                    entry.pop(name, None)
                entry |= {
                    name: manifest[name] for name in (*_OWN, "workspaces") if name in manifest
                }
        version = self.npm.get("lockfileVersion", 3)
        return {"lockfileVersion": version, "requires": True, "packages": cleaned}


def read_lock(files: ProjectFiles) -> Lock:
    """The lock of a project, npm's before others'. Raises Malformed for one of npm's."""
    for name in NPM:
        content = files.content(name)
        if content is not None:
            found = read_object(content.decode("utf-8-sig", errors="replace"), name)
            notes = () if isinstance(found.get("packages"), dict) else (
                f"{name} is of a version without `packages` and was not used.",)  # fmt: skip
            return Lock(npm=found, notes=notes)
    for name, reader in ((PNPM, _pnpm), (YARN, _yarn)):
        content = files.content(name)
        if content is not None:
            try:
                return reader(content.decode("utf-8", errors="replace"))
            except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
                return Lock(notes=(f"{name} could not be read and was not used.",))
    return Lock()


def _entries(packages: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, entry in packages.items():
        if not isinstance(entry, dict):
            continue
        if entry.get("link") is True:
            target = entry.get("resolved")
            inside = isinstance(target, str) and not posixpath.normpath(target).startswith(
                ("..", "/")
            )
            if inside:
                yield path, {"resolved": target, "link": True}
        else:
            yield path, {name: value for name, value in entry.items() if name != "resolved"}


def _yarn(text: str) -> Lock:
    """Entries of yarn's lock, classic and later."""
    ranges: dict[tuple[str, str], str] = {}
    versions: dict[str, set[str]] = {}
    for entry in _YARN_ENTRY.finditer(text):
        version = entry["version"].strip()
        for key in re.split(r",\s*", entry["keys"].replace('"', "")):
            found = re.match(r"^((?:@[^/@]+/)?[^/@]+)@(.*)$", key)
            if found is None or not _VERSION.match(version):
                continue
            name, wanted = found[1], found[2].removeprefix("npm:")
            if re.match(r"^(?:workspace|patch|link|file|portal):", wanted) or (
                _NOT_REGISTRY.match(wanted) or re.match(r"^(?:@[\w.-]+/)?[\w-]+@", wanted)
            ):
                continue
            ranges[name, wanted] = version
            versions.setdefault(name, set()).add(version)
    return Lock(ranges=ranges, versions={name: frozenset(all_) for name, all_ in versions.items()})


def _pnpm(text: str) -> Lock:
    given = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, in C where it is
    versions: dict[str, set[str]] = {}
    for key in given.get("packages") or {}:
        found = _NAMED.match(str(key))
        version = _VERSION.match(found["rest"]) if found else None
        if found and version:
            versions.setdefault(found["name"], set()).add(re.split(r"[_(]", version[0])[0])
    imports: dict[tuple[str, str], str] = {}
    for folder, importer in (given.get("importers") or {".": given}).items():
        for kind in DEPENDENCY_FIELDS:
            for name, entry in (importer.get(kind) or {}).items():
                written = str(entry.get("version") if isinstance(entry, dict) else entry)
                version = _VERSION.match(written)
                if version:
                    imports[str(folder), str(name)] = re.split(r"[_(]", version[0])[0]
    return Lock(
        imports=imports, versions={name: frozenset(all_) for name, all_ in versions.items()}
    )
