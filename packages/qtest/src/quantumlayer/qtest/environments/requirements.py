"""Reading a project's Python requirements: what to install, with nothing that could run code here.

Only named packages from the index are accepted. Options that point elsewhere (index URLs, folders
of files) are dropped, because the platform decides where packages come from; requirements that are
not in the index at all (URLs, folders, version control) are refused.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.untrusted import text_of

LARGEST_FILE = 4 * 1024 * 1024
CONTINUED = re.compile(r"\\\r?\n")
COMMENT = re.compile(r"(^|\s)#.*$")
INCLUDE = re.compile(r"^(?:-r|--requirement)[\s=]*(?P<path>.+)$")
ITSELF = re.compile(r"^(?:(?:-e|--editable)[\s=]*)?\.(?:\[[^\]]*\])?$")
REFUSED_OPTION = re.compile(r"^(?:-e|--editable|-c|--constraint)\b")
PYTEST = re.compile(r"pytest\b(?![-_.\w])", re.IGNORECASE)
DEVELOPMENT_FILES = (
    "requirements-dev.txt", "requirements-test.txt", "requirements-tests.txt",
    "dev-requirements.txt", "test-requirements.txt", "requirements/tests.txt",
    "requirements/test.txt", "requirements/dev.txt", "requirements/development.txt",
    "tests/requirements.txt", "test/requirements.txt",
)  # fmt: skip
DEVELOPMENT_GROUPS = ("dev", "development", "test", "tests", "testing")


def requirements_of(project: Path) -> str:
    """The lines to install for a project, normalised; empty when it asks for nothing.

    From a file of what its tests need (DEVELOPMENT_FILES) together with what only requirements.txt
    names, else from requirements.txt, else from pyproject.toml. Raises DependencyError (fault of
    the project).
    """
    runtime = project / "requirements.txt"
    candidates = [project / name for name in DEVELOPMENT_FILES]
    development = next((path for path in candidates if is_usable(path, project)), None)
    if development is None:
        found = list(lines_of(runtime, project)) if runtime.is_file() else declared(project)
        return joined(found)
    found = list(lines_of(development, project))
    if runtime.is_file():
        known = {name_of(line) for line in found}
        found += [line for line in lines_of(runtime, project) if name_of(line) not in known]
    if development.parent != project:
        # A folder of lists beside pyproject.toml, which says what the project itself needs.
        known = {name_of(line) for line in found}
        found += [line for line in declared(project) if name_of(line) not in known]
    return joined(found)


def is_usable(path: Path, project: Path) -> bool:
    """Whether a list of what tests need is there. One in a folder may be meant for other tools."""
    if not path.is_file() or path.parent == project:
        return path.is_file()
    try:
        return bool(list(lines_of(path, project)))
    except DependencyError:
        return False


def normalised(text: str) -> str:
    """A lock given as text, checked by the same rules as a file."""
    return joined(list(accepted(text, Path("lock"), None)))


def names_in(requirements: str) -> frozenset[str]:
    """The canonical names of the packages in normalised requirements."""
    return frozenset(name_of(line) for line in requirements.splitlines())


def lines_of(path: Path, project: Path, seen: frozenset[Path] = frozenset()) -> Iterator[str]:
    """The accepted requirement lines of a file and of the files it includes."""
    real = path.resolve()
    if not real.is_relative_to(project.resolve()):
        raise refused(f"{path.name} lies outside the project")
    if real in seen:
        return
    if not real.is_file():
        raise refused(f"{path.name} is included but does not exist")
    text = text_of(real, largest=LARGEST_FILE)
    if text is None:
        raise refused(f"{path.name} is larger than {LARGEST_FILE} bytes")
    yield from accepted(text, path, seen | {real}, project)


def accepted(
    text: str, path: Path, seen: frozenset[Path] | None, project: Path | None = None
) -> Iterator[str]:
    for number, raw in enumerate(CONTINUED.sub(" ", text).splitlines(), start=1):
        line = " ".join(COMMENT.sub("", raw).split())
        include = INCLUDE.match(line)
        if not line or ITSELF.match(line):
            continue
        if include and project is not None and seen is not None:
            yield from lines_of(path.parent / include["path"].strip("\"' "), project, seen)
        elif include or REFUSED_OPTION.match(line):
            raise refused(f"{path.name}, entry {number}: `{line[:80]}` is not supported")
        elif not line.startswith("-"):
            yield checked(line, f"{path.name}, entry {number}")


def checked(line: str, place: str) -> str:
    """The line, if it names a package of the index."""
    specification = line.split(" --", 1)[0]
    try:
        requirement = Requirement(specification)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        raise refused(f"{place}: `{specification[:80]}` is not a requirement: {reason}") from error
    if requirement.url is not None:
        raise refused(f"{place}: `{requirement.name}` comes from a URL; only the index is allowed")
    return line


def name_of(line: str) -> str:
    return canonicalize_name(Requirement(line.split(" --", 1)[0]).name)


def declared(project: Path) -> list[str]:
    """Dependencies from pyproject.toml, with the groups that are meant for development."""
    path = project / "pyproject.toml"
    text = text_of(path, largest=LARGEST_FILE, encoding="utf-8")
    if text is None:
        return []
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refused(f"pyproject.toml is not valid TOML: {error}") from error
    table = mapping(document.get("project"))
    optional, groups = (
        mapping(table.get("optional-dependencies")),
        mapping(document.get("dependency-groups")),
    )
    lists = [table.get("dependencies")]
    lists += [
        entries
        for source in (optional, groups)
        for name, entries in source.items()
        if name in DEVELOPMENT_GROUPS or brings_pytest(entries)
    ]
    entries = [entry for entries in lists if isinstance(entries, list) for entry in entries]
    unique = dict.fromkeys(entry for entry in entries if isinstance(entry, str))
    return [checked(entry, "pyproject.toml") for entry in unique]


def brings_pytest(entries: object) -> bool:
    """Whether a group, whatever its name, is for running tests."""
    named = entries if isinstance(entries, list) else []
    return any(isinstance(entry, str) and PYTEST.match(entry) for entry in named)


def mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def refused(reason: str) -> DependencyError:
    return DependencyError(
        f"The project's requirements were refused: {reason}.", fault=Fault.PROJECT
    )
