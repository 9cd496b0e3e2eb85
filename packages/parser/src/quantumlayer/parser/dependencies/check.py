"""Declared dependencies that are not what they seem, found before anything is installed."""

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict

from quantumlayer.manifests import Dependency, Ecosystem, normalised
from quantumlayer.parser.dependencies.files import declared_in
from quantumlayer.parser.dependencies.names import imitated
from quantumlayer.parser.dependencies.registry import Existence, Registries, ask
from quantumlayer.parser.model import Finding, Severity, SourceText

ABSENT_RULE = "dependency-does-not-exist"
NEW_RULE = "dependency-just-published"
SIMILAR_RULE = "dependency-imitates-another"

_ASKABLE = frozenset({Ecosystem.PYPI, Ecosystem.NPM})


class DependencyReport(BaseModel):
    """Findings by place; `unchecked`: names of which no registry said whether they exist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[str, ...] = ()


async def objections(
    ecosystem: Ecosystem, names: Iterable[str], registries: Registries
) -> dict[str, str]:
    """Why packages must not be added to a project: name → reason, only those that must not.

    What is only told of a dependency that somebody declared is reason enough here, and so is a
    registry that does not answer.
    """
    wanted = [Dependency(ecosystem=ecosystem, name=name, path="", line=1) for name in names]
    answers = await ask([(ecosystem, _key(one)) for one in wanted], registries)
    found = {}
    for one in wanted:
        answer = answers[ecosystem, _key(one)]
        finding = _judge(one, answer)
        if finding is not None:
            found[one.name] = finding.message
        elif answer is Existence.UNKNOWN:
            found[one.name] = f"No registry said whether {one.name} exists."
    return found


async def check_dependencies(
    files: Sequence[SourceText], registries: Registries | None = None
) -> DependencyReport:
    """Looks at every dependency that the manifests among the files declare.

    Without `registries` nothing is asked: names are compared with famous ones, and all of them
    are in `unchecked`. Packages of the project itself and those that do not come from a registry
    are not spoken of.
    """
    own = set(_own_names(files))
    wanted = [
        one
        for one in declared_in(files)
        if one.from_registry and (one.ecosystem, _key(one)) not in own
    ]
    keys = [(one.ecosystem, _key(one)) for one in wanted if one.ecosystem in _ASKABLE]
    answers = {} if registries is None else await ask(keys, registries)
    findings, unchecked = [], set()
    for one in wanted:
        answer = answers.get((one.ecosystem, _key(one)), Existence.UNKNOWN)
        if answer is Existence.UNKNOWN:
            unchecked.add(f"{one.ecosystem.value}:{one.name}")
        finding = _judge(one, answer)
        if finding is not None:
            findings.append(finding)
    findings.sort(key=lambda one: (one.path, one.line, one.rule))
    return DependencyReport(findings=tuple(findings), unchecked=tuple(sorted(unchecked)))


def _judge(one: Dependency, answer: Existence) -> Finding | None:
    near = imitated(one.ecosystem, one.name)
    meant = f" Did you mean {near}?" if near else ""
    if answer is Existence.ABSENT:
        message = f"{one.name} does not exist in the registry.{meant}"
        return _finding(one, ABSENT_RULE, Severity.HIGH, message)
    if answer is Existence.NEW:
        message = f"{one.name} was published for the first time within the last days.{meant}"
        return _finding(one, NEW_RULE, Severity.HIGH, message)
    if near is None:
        return None
    message = f"{one.name} is one slip from {near}, which is used far more.{meant}"
    return _finding(one, SIMILAR_RULE, Severity.MEDIUM, message)


def _finding(one: Dependency, rule: str, severity: Severity, message: str) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        path=one.path,
        line=one.line,
        column=1,
        message=message,
        tool="quantumlayer",
        cwe=1357,
        help="Check the name where the project publishes itself before anything is installed.",
    )


def _key(one: Dependency) -> str:
    return normalised(one.name) if one.ecosystem is Ecosystem.PYPI else one.name


def _own_names(files: Iterable[SourceText]) -> Iterable[tuple[Ecosystem, str]]:
    for file in files:
        name = PurePosixPath(file.path).name
        if name not in {"pyproject.toml", "package.json"}:
            continue
        text = file.data.decode("utf-8", errors="replace")
        try:
            given = tomllib.loads(text)["project"] if name == "pyproject.toml" else json.loads(text)
            called = str(given["name"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if name == "pyproject.toml":
            yield Ecosystem.PYPI, normalised(called)
        else:
            yield Ecosystem.NPM, called
