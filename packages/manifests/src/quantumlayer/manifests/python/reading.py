"""Putting together what all of a project's Python manifests ask for."""

import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.compiled_modules import once
from quantumlayer.manifests.python.declaration import Declaration, Wanted, together
from quantumlayer.manifests.python.declarations import normalised
from quantumlayer.manifests.python.needs import (
    OfferedGroup,
    PythonNeeds,
    PythonVersion,
    Shortfall,
)
from quantumlayer.manifests.python.requirement_files import (
    development_lists,
    entry_of,
    listed,
    logical_lines,
    runtime_list,
)
from quantumlayer.manifests.python.resolving import Resolving, is_plain
from quantumlayer.manifests.python.texts import inside

Reader = Callable[[ProjectFiles, str], Declaration]

# The first that says something of the project itself has the word. Readers are named, not imported:
# a project has few of these files, and waits for no other one's reader to be loaded.
_OF_PROJECTS: tuple[tuple[str, str], ...] = (
    ("pyproject.toml", "pyproject_file:pyproject_file"),
    ("setup.cfg", "setup_cfg_file:setup_cfg_file"),
    ("setup.py", "setup_script:setup_script"),
)
_TOX, _HATCH = "tool_environments:tox_file", "tool_environments:hatch_environments"
_OF_TOOLS: tuple[tuple[str, str], ...] = (
    ("Pipfile", "pipenv_file:pipenv_file"),
    ("environment.yml", "conda_file:conda_file"),
    ("environment.yaml", "conda_file:conda_file"),
    ("tox.ini", _TOX),
    ("tox.toml", _TOX),
    ("setup.cfg", _TOX),
    ("pyproject.toml", _TOX),
    ("hatch.toml", _HATCH),
    ("pyproject.toml", _HATCH),
    ("noxfile.py", "tool_environments:nox_file"),
)
DEVELOPMENT = frozenset({
    "dev", "devel", "develop", "development", "test", "tests", "testing", "tester", "unittest",
    "pytest", "ci", "qa", "all-dev", "dev-dependencies", "check", "checks",
})  # fmt: skip


def python_needs(files: ProjectFiles) -> PythonNeeds:
    """What a project's tests need, from everything that declares it.

    Lists of what tests need go before the project's own, and what one source names is not taken
    from another: versions that are pinned stay. Raises Malformed for what the tools of the
    ecosystem refuse, too.
    """
    return _Needs(files).found()


class _Needs:
    """One project while it is read."""

    def __init__(self, files: ProjectFiles) -> None:
        self.files = files
        self.known = set(files.paths())
        self.root = self.declared(".")
        self.gathered = Resolving(files, self.root, self.declared)

    def declared(self, folder: str) -> Declaration:
        """What the manifests of a project's folder say of it."""
        places = ((inside(folder, name), reader) for name, reader in _OF_PROJECTS)
        return together(
            folder,
            (_reader(one)(self.files, path) for path, one in places if path in self.known),
        )

    def found(self) -> PythonNeeds:
        """See `python_needs`."""
        tools = together(".", self.of_tools())
        chosen: set[str] = {normalised(one) for one in self.root.chosen | tools.chosen}
        for source in self.sources(tools, chosen):
            self.gathered.take(source)
        for one in (*self.root.shortfalls, *tools.shortfalls):
            self.gathered.shortfalls[one] = None
        python = self.root.python if self.root.python.specifier else tools.python
        return PythonNeeds(
            requirements=tuple(self.gathered.lines),
            constraints=tuple(self.gathered.constraints),
            folders=tuple(self.gathered.folders),
            projects=tuple(self.gathered.projects.values()),
            python=python if python.specifier else PythonVersion(),
            offered=tuple(self.offered(chosen)),
            shortfalls=tuple(self.gathered.shortfalls),
            compiled=once(self.root.compiled),
            origins=tuple(
                (line, wanted.path, wanted.line) for line, wanted in self.gathered.lines.items()
            ),
        )

    def of_tools(self) -> Iterator[Declaration]:
        for name, reader in _OF_TOOLS:
            if name in self.known:
                try:
                    yield _reader(reader)(self.files, name)
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
                if is_for_tests(name, wanted) or normalised(name) in chosen:
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
        self.gathered.constrain(found.constraints)
        return found.wanted

    def offered(self, chosen: set[str]) -> Iterator[OfferedGroup]:
        """Extras and groups that are not for tests; somebody may still import what they bring."""
        for named in (self.root.extras, self.root.groups):
            for name, wanted in named.items():
                if is_for_tests(name, wanted) or normalised(name) in chosen:
                    continue
                lines = [one.text for one in wanted if is_plain(one.text)]
                if lines:
                    yield OfferedGroup(name=name, path=wanted[0].path, requirements=tuple(lines))


def _reader(name: str) -> Reader:
    return cast("Reader", pkgutil.resolve_name(f"{__package__}.{name}"))


def is_for_tests(name: str, wanted: Iterable[Wanted]) -> bool:
    """Whether an extra or a group is for those who run tests: by its name, or what it brings."""
    plain = normalised(name)
    if plain in DEVELOPMENT or "test" in re.split(r"[-\d]", plain):
        return True
    return any(re.match(r"pytest\b(?![-_.\w])", one.text, re.IGNORECASE) for one in wanted)


def normalised_lines(text: str, path: str = "lock") -> PythonNeeds:
    """The lines of a lock given as text, by the same rules as a file of a project."""
    from quantumlayer.manifests.files import FilesInMemory  # noqa: PLC0415 - files know nothing of us

    needs = _Needs(FilesInMemory({}))
    entries = [entry_of(line, path, number) for number, line in logical_lines(text)]
    needs.gathered.take(one for one in entries if isinstance(one, Wanted))
    lacks = [one for one in entries if isinstance(one, Shortfall)]
    return PythonNeeds(
        requirements=tuple(needs.gathered.lines),
        shortfalls=(*needs.gathered.shortfalls, *lacks),
    )
