"""Everything that is found in a project, once each."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from quantumlayer.parser.dependencies import Registries, check_dependencies, declared_in
from quantumlayer.parser.imports import unresolved_imports
from quantumlayer.parser.lint import lint
from quantumlayer.parser.model import FileAnalysis, Finding, Severity, SourceText, SyntaxTier
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
    word is kept. Registries are asked only when they are given; where none answers, a low finding
    says so. Raises LinterFailed.
    """
    # Linters know another version of the language than those who decided on the syntax.
    sound = {
        one.path
        for one in analyses
        if one.syntax.tier is not SyntaxTier.STOPPED and not one.syntax.errors
    }
    linted = [
        one
        for one in await lint(files, time_limit_seconds=time_limit_seconds)
        if not (one.rule == "invalid-syntax" and one.path in sound)
    ]
    ruled = (finding for analysis in analyses for finding in analysis.findings)
    dependencies = await check_dependencies(files, registries)
    found = (
        *linted,
        *without_echoes(ruled, linted),
        *unresolved_imports(files, analyses),
        *dependencies.findings,
        *(() if registries is None else _unchecked(files, dependencies.unchecked)),
    )
    return tuple(sorted(found, key=lambda one: (one.path, one.line, one.column, one.rule)))


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
