"""What a project declares: dependencies with their place, from every kind of manifest."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.parser.model import SourceText

_REQUIREMENT = re.compile(
    r"^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*"
    r"(?P<version>(?:[<>=!~]=?=?|===|\().*?|@\s*\S+)?\s*(?:;.*)?$"
)
_SCRIPT = re.compile(r"(?m)^# /// script\s*$\n(?P<body>(?:^#(?:| .*)$\n)+?)^# ///\s*$")
_QUOTED = re.compile(r"([\"'])([^\"'\n]*)\1(\s*:)?")
_SETUP = re.compile(r"(?:install_requires|extras_require|tests_require|setup_requires)\s*=")
_GO_REQUIRE = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w./~-]+)\s+(v\S+)")


class Ecosystem(StrEnum):
    """Whose registry a name belongs to."""

    PYPI = "pypi"
    NPM = "npm"
    GO = "go"


class Dependency(BaseModel):
    """One declared dependency; `version` as written; from elsewhere when not `from_registry`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ecosystem: Ecosystem
    name: str
    path: str
    line: int = Field(ge=1)
    version: str = ""
    from_registry: bool = True


def declared(files: Iterable[SourceText]) -> tuple[Dependency, ...]:
    """Every dependency that the manifests among the files declare; what is malformed is skipped.

    Reads pyproject.toml (standard, groups, poetry), requirements files, setup.cfg, setup.py,
    Pipfile, environment.yml, metadata in scripts; package.json; go.mod.
    """
    found: list[Dependency] = []
    for file in files:
        reader = _reader(file)
        if reader is not None:
            text = file.data.decode("utf-8", errors="replace")
            found += _located(file.path, text, reader)
    return tuple(found)


def is_manifest(path: str, ecosystem: Ecosystem) -> bool:
    """Whether a file of this name declares dependencies."""
    name = PurePosixPath(path).name
    if ecosystem is Ecosystem.NPM:
        return name == "package.json"
    if ecosystem is Ecosystem.GO:
        return name == "go.mod"
    known = {"pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml"}
    return name in known or _is_requirements(path)


def normalised(name: str) -> str:
    """The name of a distribution as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


_Found = tuple[Ecosystem, str, str, bool]
_Reader = Callable[[str], Iterable[_Found]]


def _is_requirements(path: str) -> bool:
    where = PurePosixPath(path)
    inside = where.suffix in {".txt", ".in"}
    return inside and ("requirements" in where.name or where.parent.name == "requirements")


def _reader(file: SourceText) -> _Reader | None:
    name = PurePosixPath(file.path).name
    exact: dict[str, _Reader] = {
        "pyproject.toml": _pyproject,
        "setup.cfg": _setup_cfg,
        "setup.py": _setup_py,
        "Pipfile": _pipfile,
        "environment.yml": _environment,
        "environment.yaml": _environment,
        "package.json": _package_json,
        "go.mod": _go_mod,
    }
    if name in exact:
        return exact[name]
    if _is_requirements(file.path):
        return _requirements
    if name.endswith(".py") and b"# /// script" in file.data:
        return _script
    return None


def _located(path: str, text: str, reader: _Reader) -> Iterator[Dependency]:
    lines = text.splitlines()
    try:
        found = tuple(reader(text))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        # Whether a manifest is well formed is the syntax check's word.
        return
    for ecosystem, name, version, registry in found:
        # The name itself, not a longer one that contains it.
        place = re.compile(rf"(?<![\w@/.-]){re.escape(name)}(?![\w/-])")
        line = next((n for n, one in enumerate(lines, 1) if place.search(one)), 1)
        yield Dependency(
            ecosystem=ecosystem,
            name=name,
            path=path,
            line=line,
            version=version,
            from_registry=registry,
        )


def _requirement(text: str) -> Iterator[_Found]:
    match = _REQUIREMENT.match(text)
    if match is not None:
        version = match["version"] or ""
        yield Ecosystem.PYPI, match["name"], version.strip("() "), not version.startswith("@")


def _all_requirements(given: object) -> Iterator[_Found]:
    for one in given if isinstance(given, list) else []:
        if isinstance(one, str):
            yield from _requirement(one)


def _requirements(text: str) -> Iterator[_Found]:
    for raw in text.replace("\\\n", " ").splitlines():
        line = raw.split(" #")[0].strip()
        if line and not line.startswith(("#", "-")):
            yield from _requirement(line.split(" --")[0])


def _pyproject(text: str) -> Iterator[_Found]:
    given = tomllib.loads(text)
    project: dict[str, Any] = given.get("project", {})
    yield from _all_requirements(project.get("dependencies"))
    for group in (*project.get("optional-dependencies", {}).values(),):
        yield from _all_requirements(group)
    for group in given.get("dependency-groups", {}).values():
        yield from _all_requirements(group)
    yield from _all_requirements(given.get("build-system", {}).get("requires"))
    tool = given.get("tool", {})
    yield from _all_requirements(tool.get("uv", {}).get("dev-dependencies"))
    poetry = tool.get("poetry", {})
    tables = [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {})]
    tables += [group.get("dependencies", {}) for group in poetry.get("group", {}).values()]
    for table in tables:
        yield from _python_table(table)


def _python_table(table: dict[str, Any]) -> Iterator[_Found]:
    for name, version in table.items():
        if name != "python":
            elsewhere = isinstance(version, dict) and not version.keys().isdisjoint(
                {"path", "git", "url"}
            )
            written = version if isinstance(version, str) else ""
            yield Ecosystem.PYPI, name, written, not elsewhere


def _pipfile(text: str) -> Iterator[_Found]:
    given = tomllib.loads(text)
    for section in ("packages", "dev-packages"):
        yield from _python_table(given.get(section, {}))


def _setup_cfg(text: str) -> Iterator[_Found]:
    inside = False
    for line in text.splitlines():
        if re.match(r"^(?:\w+_requires|[\w-]+)\s*=|^\[", line):
            inside = (
                re.match(r"^(?:install_requires|setup_requires|tests_require)\s*=", line)
                is not None
            )
            line = line.partition("=")[2]  # noqa: PLW2901
        if inside or re.match(r"^\s+\w[\w.-]*\s*[<>=~!]", line):
            yield from _requirement(line.strip())


def _setup_py(text: str) -> Iterator[_Found]:
    for start in _SETUP.finditer(text):
        depth, end = 0, start.end()
        for end in range(start.end(), min(len(text), start.end() + 20_000)):
            depth += (text[end] in "[{(") - (text[end] in "]})")
            if depth < 0 or (depth == 0 and text[end] in "]})"):
                break
        for _, quoted, is_key in _QUOTED.findall(text[start.end() : end]):
            if not is_key:
                yield from _requirement(quoted)


def _environment(text: str) -> Iterator[_Found]:
    for line in text.splitlines():
        entry = re.match(r"^\s*-\s+([A-Za-z0-9._-]+)\s*(=.*|[<>].*)?$", line)
        if entry is not None and entry[1] not in {"python", "pip"}:
            yield Ecosystem.PYPI, entry[1], entry[2] or "", False


def _script(text: str) -> Iterator[_Found]:
    match = _SCRIPT.search(text)
    if match is not None:
        body = "\n".join(line[2:] for line in match["body"].splitlines())
        yield from _all_requirements(tomllib.loads(body).get("dependencies"))


def _package_json(text: str) -> Iterator[_Found]:
    given = json.loads(text)
    kinds: Sequence[str] = (
        *("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"),
    )
    for kind in kinds:
        for name, version in (given.get(kind) or {}).items():
            written = str(version)
            elsewhere = re.match(r"^(?:file|link|workspace|portal|git|github|https?)", written)
            yield Ecosystem.NPM, name, written, elsewhere is None and "/" not in written


def _go_mod(text: str) -> Iterator[_Found]:
    replaced = set(re.findall(r"(?m)^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>", text))
    for line in text.splitlines():
        if "=>" in line or line.startswith(("module", "exclude", "retract")):
            continue
        match = _GO_REQUIRE.match(line)
        if match is not None:
            yield Ecosystem.GO, match[1], match[2], match[1] not in replaced
