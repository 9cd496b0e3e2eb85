"""From entries as they are written to what is installed, what is put on the path, and what is not.

An entry names a distribution of the registry, the project itself, a folder of it, or some place
elsewhere, which nothing is installed from.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.declaration import WORKSPACE, Declaration, Wanted
from quantumlayer.manifests.python.declarations import normalised
from quantumlayer.manifests.python.needs import LocalProject, Shortfall
from quantumlayer.manifests.python.texts import inside, is_folder, within
from quantumlayer.manifests.python.versions import UNKNOWN

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_LOCAL = re.compile(
    r"^(?P<path>(?:file:|\.{0,2}/|\.{1,2}$|\.{1,2}(?=\[)|/)[^\s\[;]*)(?:\[(?P<extras>[^\]]*)\])?"
)
_REMOTE = re.compile(r"^(?:(?:git|hg|svn|bzr)\+|https?://|ftp://|git@|ssh://)")
_NAMED = re.compile(
    r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[(?P<extras>[^\]]*)\])?\s*@\s*(?P<where>.+)$"
)
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][\w.-]*)")
ARCHIVES = (".whl", ".tar.gz", ".tar.bz2", ".tgz", ".zip")
_MOST_DEEP = 20
# Older installers took them, and some manifests still have them.
_LOOSE = re.compile(r"(?P<version>[<>=!~]=?\s*\d[\w.]*)\s+(?=[<>=!~])")


class Resolving:
    """What has been found so far of a project, `root`, whose parts `declared` reads."""

    def __init__(
        self, files: ProjectFiles, root: Declaration, declared: Callable[[str], Declaration]
    ) -> None:
        """Nothing has been found yet but the project's own folder."""
        self.files, self.root, self.declared = files, root, declared
        self.lines: dict[str, Wanted] = {}
        self.names: set[str] = set()
        self.folders: dict[str, None] = {}
        self.projects: dict[str, LocalProject] = {}
        self.shortfalls: dict[Shortfall, None] = {}
        self.constraints: dict[str, None] = {}
        self.add_project(root, ".", 0)

    def constrain(self, entries: Iterable[Wanted]) -> None:
        """Take entries as constraints."""
        for wanted in entries:
            self.constraints |= dict.fromkeys(self.constraint(wanted))

    def constraint(self, wanted: Wanted) -> Iterator[str]:
        """A constraint that is one: no place, no extras."""
        plain = wanted.text.split(" --")[0]
        requirement = _parsed(plain, wanted, f"`{wanted.text[:80]}` is no constraint")
        if requirement.url is None:
            yield wanted.text
        else:
            self.lack(wanted, f"`{requirement.name}` is held to a place", requirement.name)

    def take(self, source: Iterable[Wanted]) -> None:
        """Take what a source asks for, but for what another has named already."""
        before = frozenset(self.names)
        for wanted in source:
            self.add(wanted, before, 0)

    def add(self, wanted: Wanted, before: frozenset[str], depth: int) -> None:
        """One requirement: from the registry, from a folder of the project, or from elsewhere."""
        named, local = _NAMED.match(wanted.text), _LOCAL.match(wanted.text)
        where = named["where"].strip() if named else wanted.text
        place = _LOCAL.match(where)
        if named and place and depth < _MOST_DEEP:
            self.add_local(wanted, place["path"], named["extras"] or "", depth, named["name"])
        elif local and depth < _MOST_DEEP:
            self.add_local(wanted, local["path"], local["extras"] or "", depth, "")
        elif named or _REMOTE.match(where):
            name = named["name"] if named else name_in(where)
            self.lack(wanted, f"`{name or where[:80]}` does not come from the registry", name)
        else:
            self.add_named(wanted, before, depth)

    def add_named(self, wanted: Wanted, before: frozenset[str], depth: int) -> None:
        """A requirement by name: the project itself, a folder of it, or from the registry."""
        plain, *hashes = wanted.text.split(" --")
        strict = _LOOSE.sub(r"\g<version>,", plain)
        requirement = _parsed(strict, wanted, f"`{plain[:80]}` is not a requirement")
        name = normalised(requirement.name)
        if name == normalised(self.root.name or "."):
            self.add_extras(self.root, requirement.extras, before, depth)
            return
        source = self.root.sources.get(name)
        if source is not None and source.text != WORKSPACE:
            extras = ",".join(sorted(requirement.extras))
            self.add(Wanted(f"{name}[{extras}] @ {source.text}", wanted.path, wanted.line),
                     before, depth + 1)  # fmt: skip
            return
        if source is not None:
            self.lack(wanted, f"`{name}` is a part of a workspace outside the project", name)
        elif name not in before:
            self.names.add(name)
            kept = plain if plain == strict else str(requirement)
            self.lines.setdefault(" --".join([kept.strip(), *hashes]), wanted)

    def add_extras(
        self, project: Declaration, extras: Iterable[str], before: frozenset[str], depth: int
    ) -> None:
        """The requirements of a project's extras, each once however they refer to each other."""
        if depth >= _MOST_DEEP:
            return
        asked = {normalised(extra) for extra in extras}
        for name, wanted in project.extras.items():
            if normalised(name) in asked:
                for one in wanted:
                    self.add(one, before, depth + 1)

    def add_local(self, wanted: Wanted, where: str, extras: str, depth: int, called: str) -> None:
        """A folder: on the path with what it needs, when it lies in the project."""
        asked = [one.strip() for one in extras.split(",") if one.strip()]
        relative = where.removeprefix("file://").removeprefix("file:")
        base = wanted.path.rpartition("/")[0] if _is_list(wanted.path) else "."
        folder = within(base or ".", relative or ".")
        if relative.endswith(ARCHIVES):
            reason = f"`{relative}` is an archive, not the registry's"
            self.lack(wanted, reason, called or name_in(relative))
        elif folder is None or not is_folder(self.files, folder):
            name = called or relative.rstrip("/").rpartition("/")[2]
            self.lack(wanted, f"`{relative}` lies outside the project, or is not there", name)
        elif folder == ".":
            self.add_extras(self.root, asked, frozenset(self.names), depth)
        else:
            project = self.declared(folder)
            fresh = folder not in self.folders
            self.add_project(project, folder, depth)
            before = frozenset(self.names)
            for one in project.runtime if fresh else ():
                self.add(one, before, depth + 1)
            self.add_extras(project, asked, before, depth)
            for lack in project.shortfalls:
                self.shortfalls[lack] = None

    def add_project(self, project: Declaration, folder: str, depth: int) -> None:
        """The folders of a project's modules, and what its metadata would say."""
        own = inside(folder, "src")
        layout = [own] if is_folder(self.files, own) else []
        roots = [one for one in project.roots or () if is_folder(self.files, one)]
        self.folders |= dict.fromkeys([folder, *roots, *layout])
        if project.name and depth < _MOST_DEEP:
            self.projects.setdefault(
                normalised(project.name),
                LocalProject(
                    name=project.name,
                    version=project.version or UNKNOWN,
                    requires_python=project.python.specifier,
                    requires=tuple(one.text for one in project.runtime),
                    entry_points=project.entry_points,
                ),
            )

    def lack(self, wanted: Wanted, reason: str, name: str) -> None:
        provides = (normalised(name),) if name else ()
        self.shortfalls[
            Shortfall(reason=reason, path=wanted.path, line=wanted.line, provides=provides)
        ] = None


def name_in(where: str) -> str:
    """The name of the distribution at an address, as far as that tells it."""
    egg = _EGG.search(where)
    if egg:
        return egg["name"]
    file = re.split(r"[?#]", where)[0].rstrip("/").rpartition("/")[2]
    ending = next((one for one in ARCHIVES if file.endswith(one)), "")
    return file.removesuffix(ending).split("-")[0] if ending else ""


def _is_list(path: str) -> bool:
    return path.endswith((".txt", ".in", ".pip"))


def is_plain(text: str) -> bool:
    """Whether an entry names a distribution of the registry."""
    return not (_NAMED.match(text) or _LOCAL.match(text) or _REMOTE.match(text))


def _parsed(text: str, wanted: Wanted, complaint: str) -> "Requirement":
    """A requirement by the standard. Raises Malformed, with the complaint, for what is none."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - slow to load, and a project that names nothing does without

    try:
        return Requirement(text)
    except InvalidRequirement as error:
        why = (str(error).splitlines() or ["?"])[0]
        raise Malformed(f"{complaint}: {why}", path=wanted.path, line=wanted.line) from error
