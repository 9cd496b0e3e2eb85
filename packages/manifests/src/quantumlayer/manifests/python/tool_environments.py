"""What tools that make environments for tests put into them: tox, Hatch, nox."""

import ast
import configparser
import re
from collections.abc import Iterator
from typing import Any

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.declaration import Declaration, Wanted
from quantumlayer.manifests.python.needs import Shortfall
from quantumlayer.manifests.python.requirement_files import listed
from quantumlayer.manifests.python.static_values import Unknown, Values
from quantumlayer.manifests.python.texts import (
    folder_of,
    line_with,
    table,
    text_of,
    texts,
    toml_of,
    within,
)
from quantumlayer.manifests.python.trees import python_tree

_ITSELF = re.compile(r"^(?:(?:-e|--editable)[\s=]*)?\.?(?:/)?\[(?P<extras>[^\]]+)\]$")
_REFERENCE = re.compile(r"\{\[(?P<section>[^\]]+)\](?P<key>\w+)\}")
_PLACE = re.compile(r"\{(?:toxinidir|tox_root)\}/?")
_DEFAULT = re.compile(r"\{env:\w+:(?P<default>[^{}]*)\}")
_CONDITION = re.compile(r"^(?P<factors>!?[\w.{},!-]+):\s+(?P<rest>.*)$|^(?P<only>!?[\w.{},!-]+):$")
_PURPOSE = re.compile(r"test|^(?:py|unit|default|dev)", re.IGNORECASE)
_MOST_DEEP = 5


class _Gathered:
    """The entries of an environment while they are gathered."""

    def __init__(self, files: ProjectFiles, path: str) -> None:
        self.files, self.path, self.text = files, path, text_of(files, path) or ""
        self.wanted: list[Wanted] = []
        self.chosen: set[str] = set()
        self.shortfalls: list[Shortfall] = []

    def take(self, entries: list[str]) -> None:
        """Requirements, includes, the project itself with extras, as pip takes them."""
        for entry in entries:
            itself = _ITSELF.match(entry)
            include = re.match(r"^(?:-r|--requirement)[\s=]*(?P<path>.+)$", entry)
            if itself:
                self.chosen |= {one.strip() for one in itself["extras"].split(",")}
            elif include:
                self.include(include["path"].strip(), entry)
            elif not entry.startswith("-") and "{" not in entry:
                self.wanted.append(Wanted(entry, self.path, line_with(self.text, entry)))

    def include(self, name: str, entry: str) -> None:
        place = within(folder_of(self.path), name)
        try:
            found = listed(self.files, place or name)
        except Malformed as error:
            line = line_with(self.text, entry)
            self.shortfalls.append(Shortfall(reason=error.reason, path=self.path, line=line))
            return
        self.wanted += found.wanted
        self.shortfalls += found.shortfalls

    def declaration(self) -> Declaration:
        return Declaration(
            path=self.path,
            testing=tuple(self.wanted),
            chosen=frozenset(self.chosen),
            shortfalls=tuple(self.shortfalls),
        )


def tox_file(files: ProjectFiles, path: str) -> Declaration:
    """The environment that tox runs tests in: of tox.ini, setup.cfg, or pyproject.toml."""
    gathered = _Gathered(files, path)
    if path.endswith(".toml"):
        document = toml_of(files, path) or {}
        found = document if path.endswith("tox.toml") else table(document.get("tool")).get("tox")
        legacy = table(found).get("legacy_tox_ini")
        if not isinstance(legacy, str):
            _tox_table(table(found), gathered)
            return gathered.declaration()
        text = legacy
    else:
        text = gathered.text
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Declaration(path=path)  # tox itself will say so
    for section in _tox_sections(parser):
        options = parser[section]
        gathered.take(_tox_entries(parser, options.get("deps", ""), _factors(section), 0))
        for option in ("extras", "dependency_groups"):
            gathered.chosen |= set(re.split(r"[\s,]+", options.get(option, "").strip())) - {""}
    return gathered.declaration()


def _tox_sections(parser: configparser.ConfigParser) -> list[str]:
    """The sections of the environment for tests: the common one, or one that is called so."""
    prefix = "tox:" if any(name.startswith("tox:") for name in parser.sections()) else ""
    common = f"{prefix}testenv"
    named = [
        name for name in parser.sections()
        if name.startswith(f"{common}:") and _PURPOSE.search(name.removeprefix(f"{common}:"))
    ]  # fmt: skip
    return [name for name in (common, *named[:1]) if parser.has_section(name)]


def _factors(section: str) -> frozenset[str]:
    return frozenset(section.partition(":")[2].split("-")) | {"py", "py3", "py311"}


def _tox_entries(
    parser: configparser.ConfigParser, value: str, factors: frozenset[str], depth: int
) -> list[str]:
    """The lines of `deps` that count, with what they refer to."""
    found: list[str] = []
    for raw in value.splitlines():
        line = _DEFAULT.sub(
            lambda m: m["default"], _PLACE.sub("", re.sub(r"\s#.*$", "", raw))
        ).strip()
        condition = _CONDITION.match(line)
        if condition:
            if not _applies(condition["factors"] or condition["only"], factors):
                continue
            line = (condition["rest"] or "").strip()
        reference = _REFERENCE.fullmatch(line)
        if reference and depth < _MOST_DEEP and parser.has_section(reference["section"]):
            inner = parser[reference["section"]].get(reference["key"], "")
            found += _tox_entries(parser, inner, factors, depth + 1)
        elif line and not line.startswith("#"):
            found.append(line)
    return found


def _applies(condition: str, factors: frozenset[str]) -> bool:
    """Whether a condition such as `py311-lint,!cov` holds in an environment of these factors."""
    spread = [condition]
    while any("{" in one for one in spread):
        spread = [
            f"{one[: one.index('{')]}{choice}{one[one.index('}') + 1 :]}"
            for one in spread
            for choice in one[one.index("{") + 1 : one.index("}")].split(",")
            if "{" in one
        ] + [one for one in spread if "{" not in one]
    return any(
        all((part[1:] not in factors) if part.startswith("!") else part in factors
            for part in alternative.split("-"))
        for whole in spread for alternative in whole.split(",") if alternative
    )  # fmt: skip


def _tox_table(given: dict[str, Any], gathered: _Gathered) -> None:
    """tox's own tables: `env_run_base`, and an environment that is called for tests."""
    environments = table(given.get("env"))
    named = [table(value) for name, value in environments.items() if _PURPOSE.search(str(name))]
    for one in (table(given.get("env_run_base")), *named[:1]):
        gathered.take([_PLACE.sub("", entry) for entry in texts(one.get("deps"))])
        gathered.chosen |= {*texts(one.get("extras")), *texts(one.get("dependency_groups"))}


def hatch_environments(files: ProjectFiles, path: str) -> Declaration:
    """The environments of Hatch that are for tests, of pyproject.toml or hatch.toml."""
    gathered = _Gathered(files, path)
    document = toml_of(files, path) or {}
    hatch = document if path.endswith("hatch.toml") else table(document.get("tool")).get("hatch")
    environments = table(table(hatch).get("envs"))
    for name, value in environments.items():
        given = table(value)
        runs = str(given.get("scripts", ""))
        if not _PURPOSE.search(str(name)) and "pytest" not in runs and "unittest" not in runs:
            continue
        gathered.take(texts(given.get("dependencies")) + texts(given.get("extra-dependencies")))
        gathered.chosen |= {*texts(given.get("features")), *texts(given.get("dependency-groups"))}
    return gathered.declaration()


def nox_file(files: ProjectFiles, path: str) -> Declaration:
    """What sessions of nox for tests install, where they say it in plain words."""
    gathered = _Gathered(files, path)
    tree = python_tree(files.content(path) or b"")
    values = Values(tree) if tree else None
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef) and re.search("test|unit", node.name) and values:
            for words in _installed(node, values):
                gathered.take(_joined(words))
    return gathered.declaration()


def _installed(function: ast.FunctionDef, values: Values) -> Iterator[list[str]]:
    """The words of each `session.install(…)`; those that are computed are left out."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found: list[object] = []
            for argument in node.args:
                starred = argument.value if isinstance(argument, ast.Starred) else argument
                value = values.of(starred)
                found += (
                    [value] if isinstance(value, str) else value if value is not Unknown else []
                )
            if node.func.attr == "install":
                yield [one for one in found if isinstance(one, str)]
            elif node.func.attr == "run" and "--group" in found:
                yield []


def _joined(words: list[str]) -> list[str]:
    """`-r`, `file` as one entry, as in a requirements file."""
    found: list[str] = []
    for word in words:
        if found and found[-1] in ("-r", "--requirement", "-e", "--editable", "-c"):
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
    return found
