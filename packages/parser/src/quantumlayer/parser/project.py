"""Everything that is found in a project, once each."""

from collections.abc import Iterable, Sequence

from quantumlayer.parser.dependencies import Registries, check_dependencies
from quantumlayer.parser.imports import unresolved_imports
from quantumlayer.parser.lint import lint
from quantumlayer.parser.model import FileAnalysis, Finding, SourceText
from quantumlayer.parser.rules import rules


async def project_findings(
    files: Sequence[SourceText],
    analyses: Sequence[FileAnalysis],
    *,
    registries: Registries | None = None,
    time_limit_seconds: float = 60.0,
) -> tuple[Finding, ...]:
    """What linters and rules find, imports that lead nowhere, dubious dependencies, by place.

    `analyses` are those of `files`. Where a linter and a rule say the same of a line, the linter's
    word is kept. Registries are asked only when they are given. Raises LinterFailed.
    """
    linted = await lint(files, time_limit_seconds=time_limit_seconds)
    ruled = (finding for analysis in analyses for finding in analysis.findings)
    dependencies = await check_dependencies(files, registries)
    found = (
        *linted,
        *without_echoes(ruled, linted),
        *unresolved_imports(files, analyses),
        *dependencies.findings,
    )
    return tuple(sorted(found, key=lambda one: (one.path, one.line, one.column, one.rule)))


def without_echoes(ruled: Iterable[Finding], linted: Iterable[Finding]) -> tuple[Finding, ...]:
    """The rules' findings without those that a linter has already, of the same line."""
    known_as = {rule.id: frozenset(rule.known_as) for rule in rules()}
    said: dict[tuple[str, int], set[str]] = {}
    for finding in linted:
        said.setdefault((finding.path, finding.line), set()).add(finding.rule)
    return tuple(
        finding
        for finding in ruled
        if known_as.get(finding.rule, frozenset()).isdisjoint(
            said.get((finding.path, finding.line), ())
        )
    )
