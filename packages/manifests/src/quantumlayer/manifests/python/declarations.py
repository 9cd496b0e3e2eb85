"""What each kind of Python manifest declares."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from quantumlayer.manifests.found import Found
from quantumlayer.manifests.model import Ecosystem

_REQUIREMENT = re.compile(
    r"^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*"
    r"(?P<version>(?:[<>=!~]=?=?|===|\().*?|@\s*\S+)?\s*(?:;.*)?$"
)
_SCRIPT = re.compile(r"(?m)^# /// script\s*$\n(?P<body>(?:^#(?:| .*)$\n)+?)^# ///\s*$")
_QUOTED = re.compile(r"([\"'])([^\"'\n]*)\1(\s*:)?")
_SETUP = re.compile(r"(?:install_requires|extras_require|tests_require|setup_requires)\s*=")


def normalised(name: str) -> str:
    """The name of a distribution as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_requirements(path: str) -> bool:
    where = PurePosixPath(path)
    inside = where.suffix in {".txt", ".in"}
    return inside and ("requirements" in where.name or where.parent.name == "requirements")


def _requirement(text: str) -> Iterator[Found]:
    match = _REQUIREMENT.match(text)
    if match is not None:
        version = match["version"] or ""
        yield Ecosystem.PYPI, match["name"], version.strip("() "), not version.startswith("@")


def _all_requirements(given: object) -> Iterator[Found]:
    for one in given if isinstance(given, list) else []:
        if isinstance(one, str):
            yield from _requirement(one)


def requirements(text: str) -> Iterator[Found]:
    for raw in text.replace("\\\n", " ").splitlines():
        line = raw.split(" #")[0].strip()
        if line and not line.startswith(("#", "-")):
            yield from _requirement(line.split(" --")[0])


def pyproject(text: str) -> Iterator[Found]:
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


def _python_table(table: dict[str, Any]) -> Iterator[Found]:
    for name, version in table.items():
        if name != "python":
            elsewhere = isinstance(version, dict) and not version.keys().isdisjoint(
                {"path", "git", "url"}
            )
            written = version if isinstance(version, str) else ""
            yield Ecosystem.PYPI, name, written, not elsewhere


def pipfile(text: str) -> Iterator[Found]:
    given = tomllib.loads(text)
    for section in ("packages", "dev-packages"):
        yield from _python_table(given.get(section, {}))


def setup_cfg(text: str) -> Iterator[Found]:
    inside = False
    for line in text.splitlines():
        if re.match(r"^(?:\w+_requires|[\w-]+)\s*=|^\[", line):
            inside = (
                re.match(r"^(?:install_requires|setup_requires|tests_require)\s*=", line)
                is not None
            )
            line = line.partition("=")[2]  # noqa: PLW2901 - the same thing, read further
        if inside or re.match(r"^\s+\w[\w.-]*\s*[<>=~!]", line):
            yield from _requirement(line.strip())


def setup_py(text: str) -> Iterator[Found]:
    for start in _SETUP.finditer(text):
        depth, end = 0, start.end()
        for end in range(start.end(), min(len(text), start.end() + 20_000)):
            depth += (text[end] in "[{(") - (text[end] in "]})")
            if depth < 0 or (depth == 0 and text[end] in "]})"):
                break
        for _, quoted, is_key in _QUOTED.findall(text[start.end() : end]):
            if not is_key:
                yield from _requirement(quoted)


def environment(text: str) -> Iterator[Found]:
    for line in text.splitlines():
        entry = re.match(r"^\s*-\s+([A-Za-z0-9._-]+)\s*(=.*|[<>].*)?$", line)
        if entry is not None and entry[1] not in {"python", "pip"}:
            yield Ecosystem.PYPI, entry[1], entry[2] or "", False


def script(text: str) -> Iterator[Found]:
    match = _SCRIPT.search(text)
    if match is not None:
        body = "\n".join(line[2:] for line in match["body"].splitlines())
        yield from _all_requirements(tomllib.loads(body).get("dependencies"))
