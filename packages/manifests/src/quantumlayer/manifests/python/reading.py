"""Putting together what all of a project's Python manifests ask for."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.conda_file import conda_file
from quantumlayer.manifests.python.declaration import Declaration, Wanted, together
from quantumlayer.manifests.python.needs import (
    LocalProject,
    OfferedGroup,
    PythonNeeds,
    PythonVersion,
    Shortfall,
)
from quantumlayer.manifests.python.pipenv_file import pipenv_file
from quantumlayer.manifests.python.pyproject_file import WORKSPACE, pyproject_file
from quantumlayer.manifests.python.requirement_files import (
    development_lists,
    entry_of,
    listed,
    logical_lines,
    runtime_list,
)
from quantumlayer.manifests.python.setup_cfg_file import setup_cfg_file
from quantumlayer.manifests.python.setup_script import setup_script
from quantumlayer.manifests.python.texts import inside, is_folder, within
from quantumlayer.manifests.python.tool_environments import (
    hatch_environments,
    nox_file,
    tox_file,
)
from quantumlayer.manifests.python.versions import UNKNOWN

Reader = Callable[[ProjectFiles, str], Declaration]

# The first that says something of the project itself has the word.
_OF_PROJECTS: tuple[tuple[str, Reader], ...] = (
    ("pyproject.toml", pyproject_file),
    ("setup.cfg", setup_cfg_file),
    ("setup.py", setup_script),
)
_OF_TOOLS: tuple[tuple[str, Reader], ...] = (
    ("Pipfile", pipenv_file),
    ("environment.yml", conda_file),
    ("environment.yaml", conda_file),
    ("tox.ini", tox_file),
    ("tox.toml", tox_file),
    ("setup.cfg", tox_file),
    ("pyproject.toml", tox_file),
    ("hatch.toml", hatch_environments),
    ("pyproject.toml", hatch_environments),
    ("noxfile.py", nox_file),
)
DEVELOPMENT = frozenset({
    "dev", "devel", "develop", "development", "test", "tests", "testing", "tester", "unittest",
    "pytest", "ci", "qa", "all-dev", "dev-dependencies", "check", "checks",
})  # fmt: skip
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


def python_needs(files: ProjectFiles) -> PythonNeeds:
    """What a project's tests need, from everything that declares it.

    Lists of what tests need go before the project's own, and what one source names is not taken
    from another: versions that are pinned stay. Raises Malformed for what the tools of the
    ecosystem refuse, too.
    """
    return _Needs(files).found()


@dataclass
class _Gathering:
    """What has been found so far."""

    lines: dict[str, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    folders: dict[str, None] = field(default_factory=dict)
    projects: dict[str, LocalProject] = field(default_factory=dict)
    shortfalls: dict[Shortfall, None] = field(default_factory=dict)


class _Needs:
    """One project while it is read."""

    def __init__(self, files: ProjectFiles) -> None:
        self.files = files
        self.known = set(files.paths())
        self.gathered = _Gathering()
        self.root = self.declared(".")
        self.constraints: list[str] = []

    def declared(self, folder: str) -> Declaration:
        """What the manifests of a project's folder say of it."""
        places = ((inside(folder, name), read) for name, read in _OF_PROJECTS)
        return together(
            folder, (read(self.files, path) for path, read in places if path in self.known)
        )

    def found(self) -> PythonNeeds:
        """See `python_needs`."""
        tools = together(".", self.of_tools())
        chosen: set[str] = {canonicalize_name(one) for one in self.root.chosen | tools.chosen}
        self.add_project(self.root, ".", 0)
        for source in self.sources(tools, chosen):
            self.take(source)
        for one in (*self.root.shortfalls, *tools.shortfalls):
            self.gathered.shortfalls[one] = None
        python = self.root.python if self.root.python.specifier else tools.python
        return PythonNeeds(
            requirements=tuple(self.gathered.lines),
            constraints=tuple(dict.fromkeys(self.constraints)),
            folders=tuple(self.gathered.folders),
            projects=tuple(self.gathered.projects.values()),
            python=python if python.specifier else PythonVersion(),
            offered=tuple(self.offered(chosen)),
            shortfalls=tuple(self.gathered.shortfalls),
        )

    def of_tools(self) -> Iterator[Declaration]:
        for name, read in _OF_TOOLS:
            if name in self.known:
                try:
                    yield read(self.files, name)
                except Malformed as error:
                    if name in ("Pipfile", "pyproject.toml"):
                        raise
                    lack = Shortfall(reason=error.reason, path=error.path, line=error.line)
                    yield Declaration(path=name, shortfalls=(lack,))

    def sources(self, tools: Declaration, chosen: set[str]) -> Iterator[tuple[Wanted, ...]]:
        """Everything that is installed, those first whose versions count most."""
        for path in development_lists(self.files, "."):
            yield self.lines_of(path, sure="/" not in path)
        runtime = runtime_list(self.files, ".")
        if runtime is not None:
            yield self.lines_of(runtime, sure="/" not in runtime)
        root = self.root
        yield root.runtime
        yield tools.runtime
        for named in (root.groups, root.extras, tools.groups):
            for name, wanted in named.items():
                if is_for_tests(name, wanted) or canonicalize_name(name) in chosen:
                    yield wanted
        yield tools.testing

    def lines_of(self, path: str, *, sure: bool) -> tuple[Wanted, ...]:
        """The entries of a list. One in a folder may be meant for other tools."""
        try:
            found = listed(self.files, path)
        except Malformed as error:
            if sure:
                raise
            lack = Shortfall(reason=error.reason, path=error.path, line=error.line)
            self.gathered.shortfalls[lack] = None
            return ()
        for one in found.shortfalls:
            self.gathered.shortfalls[one] = None
        self.constraints += [line for one in found.constraints for line in self.constraint(one)]
        return found.wanted

    def constraint(self, wanted: Wanted) -> Iterator[str]:
        """A constraint that is one: no place, no extras."""
        try:
            requirement = Requirement(wanted.text.split(" --")[0])
        except InvalidRequirement as error:
            reason = f"`{wanted.text[:80]}` is no constraint: {_first_line(error)}"
            raise Malformed(reason, path=wanted.path, line=wanted.line) from error
        if requirement.url is None:
            yield wanted.text
        else:
            self.lack(wanted, f"`{requirement.name}` is held to a place", requirement.name)

    def take(self, source: Iterable[Wanted]) -> None:
        """Take what a source asks for, but for what another has named already."""
        before = frozenset(self.gathered.names)
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
        try:
            requirement = Requirement(_LOOSE.sub(r"\g<version>,", plain))
        except InvalidRequirement as error:
            reason = f"`{plain[:80]}` is not a requirement: {_first_line(error)}"
            raise Malformed(reason, path=wanted.path, line=wanted.line) from error
        name = canonicalize_name(requirement.name)
        if name == canonicalize_name(self.root.name or "."):
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
            self.gathered.names.add(name)
            kept = plain if plain == _LOOSE.sub(r"\g<version>,", plain) else str(requirement)
            self.gathered.lines[" --".join([kept.strip(), *hashes])] = None

    def add_extras(
        self, project: Declaration, extras: Iterable[str], before: frozenset[str], depth: int
    ) -> None:
        """The requirements of a project's extras, each once however they refer to each other."""
        if depth >= _MOST_DEEP:
            return
        asked = {canonicalize_name(extra) for extra in extras}
        for name, wanted in project.extras.items():
            if canonicalize_name(name) in asked:
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
            self.add_extras(self.root, asked, frozenset(self.gathered.names), depth)
        else:
            project = self.declared(folder)
            fresh = folder not in self.gathered.folders
            self.add_project(project, folder, depth)
            before = frozenset(self.gathered.names)
            for one in project.runtime if fresh else ():
                self.add(one, before, depth + 1)
            self.add_extras(project, asked, before, depth)
            for lack in project.shortfalls:
                self.gathered.shortfalls[lack] = None

    def add_project(self, project: Declaration, folder: str, depth: int) -> None:
        """The folders of a project's modules, and what its metadata would say."""
        own = inside(folder, "src")
        layout = [own] if is_folder(self.files, own) else []
        roots = [one for one in project.roots or () if is_folder(self.files, one)]
        self.gathered.folders |= dict.fromkeys([folder, *roots, *layout])
        if project.name and depth < _MOST_DEEP:
            self.gathered.projects.setdefault(
                canonicalize_name(project.name),
                LocalProject(
                    name=project.name,
                    version=project.version or UNKNOWN,
                    requires_python=project.python.specifier,
                    requires=tuple(one.text for one in project.runtime),
                    entry_points=project.entry_points,
                ),
            )

    def lack(self, wanted: Wanted, reason: str, name: str) -> None:
        provides = (canonicalize_name(name),) if name else ()
        self.gathered.shortfalls[
            Shortfall(reason=reason, path=wanted.path, line=wanted.line, provides=provides)
        ] = None

    def offered(self, chosen: set[str]) -> Iterator[OfferedGroup]:
        """Extras and groups that are not for tests; somebody may still import what they bring."""
        for named in (self.root.extras, self.root.groups):
            for name, wanted in named.items():
                if is_for_tests(name, wanted) or canonicalize_name(name) in chosen:
                    continue
                lines = [one.text for one in wanted if _plain(one.text)]
                if lines:
                    yield OfferedGroup(name=name, path=wanted[0].path, requirements=tuple(lines))


def is_for_tests(name: str, wanted: Iterable[Wanted]) -> bool:
    """Whether an extra or a group is for those who run tests: by its name, or what it brings."""
    plain = canonicalize_name(name)
    if plain in DEVELOPMENT or "test" in re.split(r"[-\d]", plain):
        return True
    return any(re.match(r"pytest\b(?![-_.\w])", one.text, re.IGNORECASE) for one in wanted)


def normalised_lines(text: str, path: str = "lock") -> PythonNeeds:
    """The lines of a lock given as text, by the same rules as a file of a project."""
    from quantumlayer.manifests.files import FilesInMemory  # noqa: PLC0415 - files know nothing of us

    needs = _Needs(FilesInMemory({}))
    entries = [entry_of(line, path, number) for number, line in logical_lines(text)]
    needs.take(one for one in entries if isinstance(one, Wanted))
    lacks = [one for one in entries if isinstance(one, Shortfall)]
    return PythonNeeds(
        requirements=tuple(needs.gathered.lines),
        shortfalls=(*needs.gathered.shortfalls, *lacks),
    )


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


def _plain(text: str) -> bool:
    return not (_NAMED.match(text) or _LOCAL.match(text) or _REMOTE.match(text))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["?"])[0]
