"""Where a project's Go tests are run from: its go.work, and each module beside it."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from quantumlayer.manifests.go.grammar import Directive, directives
from quantumlayer.manifests.go.ignored import is_ignored_folder
from quantumlayer.manifests.go.versions import is_newer
from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

TEST = "_test.go"
# Modules of their own in these folders show how something is used; they prove nothing of it.
_SHOWN = frozenset({"examples", "example", "samples", "docs", "templates"})
Place = tuple[str, int]


@dataclass(frozen=True)
class GoRoot:
    """A folder that `go test` is run from, and the modules that it tests there.

    `modules` gives the folder of each by its import path; all folders are the project's, `.` for
    itself. `workspace`: whether a go.work in the folder holds them together. `required` are modules
    of others: where each is asked for.
    """

    folder: str
    modules: Mapping[str, str]
    workspace: bool
    required: Mapping[str, Place]

    @property
    def manifests(self) -> tuple[str, ...]:
        """The paths of the go.work and of each go.mod."""
        own = (_in(self.folder, "go.work"),) if self.workspace else ()
        return (*own, *(_in(folder, "go.mod") for folder in self.modules.values()))

    @property
    def patterns(self) -> tuple[str, ...]:
        """What `go test` is asked for in the folder: every package of each module."""
        inside = (posixpath.relpath(folder, self.folder) for folder in self.modules.values())
        return tuple("./..." if one == "." else f"./{one}/..." for one in inside)


def go_roots(files: ProjectFiles) -> tuple[GoRoot, ...]:
    """Where tests are run from: the folders with tests, or all of them when there are none.

    Raises NotUnderstood where a go.work or go.mod is malformed or names what is not in the project.
    """
    paths = tuple(files.paths())
    places = [path for path in paths if not is_ignored_folder(path)]
    modules = {_above(path): path for path in places if PurePosixPath(path).name == "go.mod"}
    tested = _with_tests(places, modules)
    works = [_above(path) for path in places if PurePosixPath(path).name == "go.work"]
    topmost = [one for one in works if not any(_is_below(one, other) for other in works)]
    used: dict[str, list[str]] = {work: _used(files, work, modules) for work in topmost}
    taken = {folder for folders in used.values() for folder in folders}
    groups = [(work, folders, True) for work, folders in sorted(used.items())]
    groups += [(folder, [folder], False) for folder in sorted(modules) if folder not in taken]
    chosen = [group for group in groups if not tested.isdisjoint(group[1])]
    own = [group for group in chosen if _SHOWN.isdisjoint(PurePosixPath(group[0]).parts)]
    return tuple(_root(files, *group) for group in own or chosen or groups)


def check_toolchain(files: ProjectFiles, root: GoRoot, here: str) -> None:
    """Raise NotUnderstood when a `go` or `toolchain` line is newer than the Go that is here."""
    for path in root.manifests:
        for one in _directives(files, path):
            asks = one.verb in ("go", "toolchain") and len(one.words) == 1
            if asks and is_newer(one.words[0], here):
                wanted = one.words[0].removeprefix("go")
                raise NotUnderstood(
                    f"Go {wanted} is asked for, and this machine has Go {here.removeprefix('go')}; "
                    "toolchains are not downloaded",
                    path=path,
                    line=one.line,
                )


def _with_tests(paths: Iterable[str], modules: Mapping[str, str]) -> set[str]:
    """The folders of the modules that have a test file of their own."""
    found: set[str] = set()
    for path in paths:
        if path.endswith(TEST):
            above = (str(one) for one in PurePosixPath(path).parents)
            found.update(next(([one] for one in above if one in modules), []))
    return found


def _used(files: ProjectFiles, work: str, modules: Mapping[str, str]) -> list[str]:
    """The folders that a go.work uses."""
    path, found = _in(work, "go.work"), []
    for one in _directives(files, path):
        if one.verb == "use" and one.words:
            folder = _inside(work, one.words[0], path, one.line)
            if folder not in modules and files.content(_in(folder, "go.mod")) is None:
                raise NotUnderstood(
                    f"it uses {one.words[0]}, where there is no go.mod", path=path, line=one.line
                )
            found.append(folder)
    return found


def _root(files: ProjectFiles, folder: str, members: Iterable[str], workspace: bool) -> GoRoot:
    """A root whose replacements have been looked at."""
    modules: dict[str, str] = {}
    required: dict[str, Place] = {}
    replaced: set[str] = set()
    manifests = [*((_in(folder, "go.work"),) if workspace else ())]
    manifests += [_in(member, "go.mod") for member in members]
    every = [(path, one) for path in manifests for one in _directives(files, path)]
    for path, one in every:
        if one.verb == "module" and one.words:
            modules[one.words[0]] = _above(path)
        elif one.verb == "require" and len(one.words) == 2:
            required.setdefault(one.words[0], (path, one.line))
    for path, one in every:
        if one.verb == "replace" and "=>" in one.words and one.words[0] in required:
            target = one.words[one.words.index("=>") + 1 :]
            if len(target) == 1:
                _check_replacement(files, path, one, target[0])
                replaced.add(one.words[0])
    wanted = {name: at for name, at in required.items() if name not in modules.keys() | replaced}
    return GoRoot(folder, modules, workspace, wanted)


def _check_replacement(files: ProjectFiles, path: str, one: Directive, target: str) -> None:
    folder = _inside(_above(path), target, path, one.line)
    if files.content(_in(folder, "go.mod")) is None:
        raise NotUnderstood(
            f"{one.words[0]} is replaced by {target}, where there is no go.mod",
            path=path,
            line=one.line,
        )


def _directives(files: ProjectFiles, path: str) -> tuple[Directive, ...]:
    content = files.content(path)
    if content is None:
        return ()
    return directives(content.decode("utf-8-sig", errors="replace"), path)


def _inside(start: str, target: str, path: str, line: int) -> str:
    """A folder of the project, named from another one. Raises NotUnderstood when it is outside."""
    folder = posixpath.normpath(posixpath.join(start, target.replace("\\", "/")))
    if folder.startswith(("/", "../")) or folder == "..":
        raise NotUnderstood(
            f"{target} lies outside of the project, so it is not here", path=path, line=line
        )
    return folder


def _in(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _above(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _is_below(folder: str, other: str) -> bool:
    return folder != other and (other == "." or folder.startswith(f"{other}/"))
