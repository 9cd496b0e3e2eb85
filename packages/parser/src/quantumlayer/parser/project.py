"""Everything that is found in a project, once each."""

import asyncio
from collections.abc import Collection, Iterator, Sequence

from quantumlayer.parser.dependencies import Registries, check_dependencies, declared_in
from quantumlayer.parser.imports import unresolved_imports
from quantumlayer.parser.lint import INVALID_SYNTAX, lint
from quantumlayer.parser.model import FileAnalysis, Finding, Severity, SourceText
from quantumlayer.parser.precision import weighed
from quantumlayer.parser.weaknesses import by_place, weaknesses


async def project_findings(
    files: Sequence[SourceText],
    analyses: Sequence[FileAnalysis],
    *,
    registries: Registries | None = None,
    time_limit_seconds: float = 60.0,
) -> tuple[Finding, ...]:
    """What linters and rules find, imports that lead nowhere, dubious dependencies, by place.

    `analyses` are those of `files`, whose syntax they tell: of that a linter's word is left out.
    Registries are asked only when they are given; where none answers, a low finding says so. Grave
    are those of rules that may block alone. Raises LinterFailed.
    """
    return weighed(
        await found_in_project(
            files, analyses, registries=registries, time_limit_seconds=time_limit_seconds
        )
    )


async def found_in_project(
    files: Sequence[SourceText],
    analyses: Sequence[FileAnalysis],
    *,
    registries: Registries | None = None,
    time_limit_seconds: float = 60.0,
) -> tuple[Finding, ...]:
    """As `project_findings`, as grave as each rule takes itself: what is measured."""
    linted, weak = await asyncio.gather(
        lint(files, time_limit_seconds=time_limit_seconds),
        weaknesses(files, analyses, time_limit_seconds=time_limit_seconds),
    )
    dependencies = await check_dependencies(files, registries)
    found = (
        *(one for one in linted if one.rule != INVALID_SYNTAX),
        *weak,
        *unresolved_imports(files, analyses),
        *dependencies.findings,
        *(() if registries is None else _unchecked(files, dependencies.unchecked)),
    )
    return tuple(sorted(found, key=by_place))


def _unchecked(files: Sequence[SourceText], names: Collection[str]) -> Iterator[Finding]:
    for one in declared_in(files):
        if f"{one.ecosystem.value}:{one.name}" in names:
            yield Finding(
                rule="dependency-unchecked",
                severity=Severity.LOW,
                path=one.path,
                line=one.line,
                column=1,
                message=f"No registry said whether {one.name} exists.",
                tool="quantumlayer",
                help="Look the name up where the package publishes itself before installing it.",
            )
