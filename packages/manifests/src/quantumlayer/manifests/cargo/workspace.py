"""Where a project's Rust tests are run from: each workspace, and each package beside them."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from quantumlayer.manifests.cargo.manifest import CargoManifest, Table, manifests_in
from quantumlayer.manifests.model import ProjectFiles

# Cargo.toml of what tools made, of others, and of samples that tests read.
_NOT_OWN = frozenset({
    "target", "vendor", "node_modules", "third_party", "testdata", "test_data", "fixtures",
})  # fmt: skip
_SHOWN = frozenset({"examples", "example", "samples", "docs", "templates"})
_TEST = re.compile(rb"#\s*\[\s*(?:\w+::)*(?:test|rstest|test_case|quickcheck)\b|//[/!]\s*```")


@dataclass(frozen=True)
class LeftOut:
    """A target with tests that cargo builds only with features that are not on by default."""

    name: str
    path: str
    features: tuple[str, ...]


@dataclass(frozen=True)
class CargoRoot:
    """A folder that `cargo test --workspace` is run from, and the packages that it tests there.

    Folders are the project's, `.` for itself. `fetches`: whether a registry has to be asked.
    """

    folder: str
    members: tuple[CargoManifest, ...]
    manifest: CargoManifest
    fetches: bool
    left_out: tuple[LeftOut, ...]


def cargo_roots(files: ProjectFiles) -> tuple[CargoRoot, ...]:
    """Where tests are run from: the roots with tests, or all of them when there are none.

    Raises NotUnderstood where a manifest is malformed, or names what is not in the project and
    cannot be had from a registry.
    """
    paths = tuple(files.paths())
    places = [path for path in paths if PurePosixPath(path).name == "Cargo.toml"
              and _NOT_OWN.isdisjoint(PurePosixPath(path).parts[:-1])]  # fmt: skip
    found = {one.folder: one for one in manifests_in(files, places)}
    groups = _groups(found)
    tested = _tested(files, paths, found)
    chosen = {folder: each for folder, each in groups.items() if not tested.isdisjoint(each)}
    own = {folder: each for folder, each in chosen.items()
           if _SHOWN.isdisjoint(PurePosixPath(folder).parts)}  # fmt: skip
    vendored = any(uses_vendored_sources(files, path) for path in paths)
    return tuple(
        _root(found[folder], [found[member] for member in members], found, vendored)
        for folder, members in (own or chosen or groups).items()
    )


def _groups(found: Mapping[str, CargoManifest]) -> dict[str, list[str]]:
    """The members of each root; packages that a workspace above them does not take are none."""
    groups: dict[str, list[str]] = {}
    taken: set[str] = set()
    for folder, manifest in found.items():
        if manifest.workspace is not None:
            members = _members(manifest, found)
            groups[folder] = sorted(members)
            taken |= {folder, *members}
    excluded = {
        folder for folder, manifest in found.items() for root in groups
        if _is_below(folder, root) and _is_excluded(folder, found[root])
    }  # fmt: skip
    for folder, manifest in found.items():
        above = [other for other in found if _is_below(folder, other)]
        inside = [other for other in above if other in groups]
        free = not inside or folder in excluded
        # A package in the folder of another's tests is there to be read.
        sample = any("tests" in PurePosixPath(posixpath.relpath(folder, other)).parts
                     for other in above)  # fmt: skip
        if folder not in taken and manifest.package is not None and free and not sample:
            groups[folder] = [folder]
    return dict(sorted(groups.items()))


def _members(root: CargoManifest, found: Mapping[str, CargoManifest]) -> set[str]:
    """A workspace's packages: its own, those it names, and those they lean on in its folder."""
    workspace = root.workspace or {}
    wanted = [_pattern(root.folder, str(one)) for one in workspace.get("members", ())]
    below = [folder for folder in found if folder == root.folder or _is_below(folder, root.folder)]
    pending = [folder for folder in below if any(one.fullmatch(folder) for one in wanted)]
    pending = [folder for folder in pending if not _is_excluded(folder, root)]
    pending += [folder for folder, one in found.items() if _points_to(one, root.folder)]
    pending += [root.folder] if root.package is not None else []
    members: set[str] = set()
    while pending:
        folder = pending.pop()
        own = found[folder].workspace is None or folder == root.folder
        if folder in members or not own or found[folder].package is None:
            continue
        members.add(folder)
        leans_on = [_joined(folder, str(said["path"])) for _, said in found[folder].dependencies
                    if isinstance(said, dict) and "path" in said]  # fmt: skip
        pending += [one for one in leans_on if one in below and not _is_excluded(one, root)]
    return members


def _points_to(manifest: CargoManifest, folder: str) -> bool:
    named = (manifest.package or {}).get("workspace")
    return isinstance(named, str) and _joined(manifest.folder, named) == folder


def _is_excluded(folder: str, root: CargoManifest) -> bool:
    left_out = [_joined(root.folder, str(one)) for one in (root.workspace or {}).get("exclude", ())]
    return any(folder == one or _is_below(folder, one) for one in left_out)


def _tested(
    files: ProjectFiles, paths: Iterable[str], found: Mapping[str, CargoManifest]
) -> set[str]:
    """The folders of the packages whose own sources hold a test."""
    tested: set[str] = set()
    for path in paths:
        if path.endswith(".rs"):
            above = (str(one) for one in PurePosixPath(path).parents)
            folder = next((one for one in above if one in found), None)
            if folder is not None and folder not in tested:
                content = files.content(path) or b""
                if _TEST.search(content) or _has_own_harness(found[folder]):
                    tested.add(folder)
    return tested


def _has_own_harness(manifest: CargoManifest) -> bool:
    targets = manifest.content.get("test", ())
    return any(isinstance(one, dict) and one.get("harness") is False for one in targets)


def _root(
    root: CargoManifest,
    members: list[CargoManifest],
    found: Mapping[str, CargoManifest],
    vendored: bool,
) -> CargoRoot:
    """A root, after every dependency of its members has been looked at."""
    shared = (root.workspace or {}).get("dependencies", {})
    fetches = False
    for one in members:
        for name, said in one.dependencies:
            inherits = isinstance(said, dict) and said.get("workspace") is True
            place, told = (root, shared.get(name, "")) if inherits else (one, said)
            fetches |= _comes_from_registry(place, name, told, found, vendored=vendored)
    for name, said in root.patches:
        fetches |= _comes_from_registry(root, name, said, found, vendored=vendored)
    return CargoRoot(
        folder=root.folder,
        members=tuple(members),
        manifest=root,
        fetches=fetches and not vendored,
        left_out=tuple(target for one in members for target in _left_out(one)),
    )


def _comes_from_registry(
    manifest: CargoManifest,
    name: str,
    said: str | Table,
    found: Mapping[str, CargoManifest],
    *,
    vendored: bool,
) -> bool:
    """Whether a dependency does; raises NotUnderstood for one that cannot be had."""
    if not isinstance(said, dict):
        return True
    if "path" in said:
        folder = _joined(manifest.folder, str(said["path"]))
        if folder.startswith(("/", "../")) or folder == "..":
            raise manifest.refuse(
                f"{name} is at {said['path']}, outside of the project, so it is not here", name,
                "path",
            )  # fmt: skip
        if folder not in found and _NOT_OWN.isdisjoint(PurePosixPath(folder).parts):
            raise manifest.refuse(
                f"{name} is at {said['path']}, where there is no Cargo.toml", name, "path"
            )
        return False
    if "git" in said and not vendored:
        raise manifest.refuse(
            f"{name} comes from a git repository, {said['git']}, which is not fetched", name, "git"
        )
    registry = said.get("registry") or said.get("registry-index")
    if registry and registry != "crates-io" and not vendored:
        raise manifest.refuse(
            f"{name} comes from the registry {registry}, which is not asked", name
        )
    return True


def _left_out(manifest: CargoManifest) -> list[LeftOut]:
    """The test targets whose features are not on by default."""
    features = manifest.content.get("features", {})
    enabled, pending = set[str](), ["default"]
    while pending:
        name = pending.pop()
        if name not in enabled:
            enabled.add(name)
            pending += [str(one) for one in features.get(name, ())]
    return [
        LeftOut(str(one.get("name", "")), _source(manifest, one), tuple(wanted))
        for one in manifest.content.get("test", ())
        if isinstance(one, dict)
        and (wanted := [str(each) for each in one.get("required-features", ())])
        and not enabled.issuperset(wanted)
    ]


def _source(manifest: CargoManifest, target: Table) -> str:
    return _joined(manifest.folder, str(target.get("path") or f"tests/{target.get('name')}.rs"))


def uses_vendored_sources(files: ProjectFiles, path: str) -> bool:
    """Whether a configuration of cargo puts vendored sources into the place of registries."""
    if not path.endswith((".cargo/config.toml", ".cargo/config")):
        return False
    content = files.content(path) or b""
    return b"replace-with" in content and (b"directory" in content or b"local-registry" in content)


def _pattern(folder: str, member: str) -> re.Pattern[str]:
    """What a member's glob means: stars stay within a folder, `**` do not."""
    words = re.split(r"(\*\*|\*|\?)", _joined(folder, member))
    means = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(means.get(word, re.escape(word)) for word in words))


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))


def _is_below(folder: str, other: str) -> bool:
    return folder != other and (other == "." or folder.startswith(f"{other}/"))
