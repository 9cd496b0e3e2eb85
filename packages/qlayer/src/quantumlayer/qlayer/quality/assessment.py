"""From evidence to verdict: one pure function, every reason a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quantumlayer.qlayer.blueprint import ADDED, Blueprint
from quantumlayer.qlayer.quality.evidence import (
    summarize_coverage,
    summarize_mutation,
    summarize_tests,
)
from quantumlayer.qlayer.quality.lacking import lacking, some
from quantumlayer.qlayer.quality.policy import QualityPolicy, Severity
from quantumlayer.qlayer.quality.report import (
    SYNTAX_RULE,
    SYNTAX_RULES,
    CoverageSummary,
    DeliverySummary,
    Finding,
    QualityReport,
    RequirementState,
    RequirementTrace,
    TestSummary,
)
from quantumlayer.qlayer.quality.tracing import trace
from quantumlayer.qlayer.requirements import UNSERVED, Requirements
from quantumlayer.qlayer.source_tree import DELIVERING, SourceTree
from quantumlayer.qtest import RUNNERS, Verdict

if TYPE_CHECKING:
    from quantumlayer.qtest import MutationReport, TestReport


def assess(  # noqa: PLR0913 - all evidence is weighed together
    requirements: Requirements,
    blueprint: Blueprint,
    tree: SourceTree,
    findings: Sequence[Finding],
    tests: TestReport | None,
    policy: QualityPolicy | None = None,
    mutation: MutationReport | None = None,
    *,
    delivery: DeliverySummary | None = None,
) -> QualityReport:
    """The report on a project; `tests` is None when they were never run.

    `mutation` says what the tests notice, None where that was not tried. Tests that were asked of
    the `delivery` prove requirements as others do; of its rungs the verdict says nothing.

    The verdict is `failed` when the code itself is at fault; else it is that of the tests when
    they could not run to their end; else `failed` when the policy is not met; else `incomplete`
    when something that was asked for is missing; else `passed`.
    """
    bar = policy or QualityPolicy()
    summary = summarize_tests(tests) if tests else None
    given = {file.path for file in tree.files if file.origin in DELIVERING}
    coverage = summarize_coverage(tests, given) if tests else None
    shown = (*(summary.cases if summary else ()), *(delivery.tests if delivery else ()))
    rows = trace(requirements, blueprint, tree, shown, mutation)
    kept = _without_echoes(findings)
    missing = lacking(_without_delivered(requirements, blueprint), rows, summary, bar)
    verdict, reasons = _decide(
        faults=(*_missing_files(blueprint, tree), *_bad_findings(kept, bar)),
        tests=summary,
        shortfalls=_coverage_shortfall(coverage, bar, summary),
        missing=missing,
    )
    return QualityReport(
        name=requirements.name,
        title=requirements.title,
        summary=requirements.summary,
        kind=requirements.kind,
        language=requirements.language,
        verdict=verdict,
        reasons=reasons or (_praise(summary, coverage, rows),),
        missing=missing,
        requirements=rows,
        assumptions=requirements.assumptions,
        notes=_added_packages(blueprint),
        not_understood=requirements.not_understood,
        tests=summary,
        coverage=coverage,
        mutation=summarize_mutation(mutation) if mutation else None,
        findings=kept,
        policy=bar,
    )


def _added_packages(blueprint: Blueprint) -> tuple[str, ...]:
    return tuple(
        f"{one.name} was {one.purpose[0].lower()}{one.purpose[1:]}"
        for one in blueprint.dependencies
        if one.purpose.startswith(ADDED)
    )


def _without_delivered(requirements: Requirements, blueprint: Blueprint) -> Requirements:
    """The requirements less the wishes that no stack serves and that were built all the same."""
    used = {one.name.lower() for one in blueprint.dependencies}
    kept = tuple(
        one
        for one in requirements.not_understood
        if not (one.reason.startswith(UNSERVED) and one.text.lower() in used)
    )
    return requirements.model_copy(update={"not_understood": kept})


def _decide(
    faults: tuple[str, ...],
    tests: TestSummary | None,
    shortfalls: tuple[str, ...],
    missing: tuple[str, ...],
) -> tuple[Verdict, tuple[str, ...]]:
    if tests is None:
        reasons = (*faults, "The tests were not run.")
        return (Verdict.FAILED if faults else Verdict.NO_TESTS), reasons
    if tests.verdict is Verdict.PASSED and tests.executed == 0:
        return (Verdict.FAILED if faults else Verdict.NO_TESTS), (*faults, "No test was executed.")
    if tests.verdict is not Verdict.PASSED:
        # What was not measured to its end proves nothing about coverage or requirements.
        reasons = (*faults, _test_sentence(tests))
        return (Verdict.FAILED if faults else tests.verdict), reasons
    if faults or shortfalls:
        return Verdict.FAILED, (*faults, *shortfalls, *missing)
    return (Verdict.INCOMPLETE if missing else Verdict.PASSED), missing


def _test_sentence(tests: TestSummary) -> str:
    bad = tests.failed + tests.errors
    if tests.verdict is Verdict.FAILED and bad:
        return f"{_count(bad, 'test')} of {tests.executed} did not pass."
    return _sentence(tests.reason or f"The tests ended as {tests.verdict.value}.")


def _missing_files(blueprint: Blueprint, tree: SourceTree) -> tuple[str, ...]:
    written = {file.path for file in tree.files}
    missing = [file.path for file in blueprint.files if file.path not in written]
    if not missing:
        return ()
    return (f"{_count(len(missing), 'planned file')} not written: {some(missing)}.",)


def _bad_findings(findings: Sequence[Finding], policy: QualityPolicy) -> tuple[str, ...]:
    reasons = []
    malformed = sorted({one.path for one in findings if one.rule in SYNTAX_RULES})
    if malformed and not policy.allow_syntax_errors:
        what = _count(len(malformed), "file")
        reasons.append(f"{what} not well formed: {some(malformed)}.")
    bar = policy.blocking_severity
    if bar is not None:
        severe = [
            f"{one.rule} in {one.path}:{one.line}"
            for one in findings
            if one.severity.rank <= bar.rank and one.rule not in SYNTAX_RULES
        ]
        if severe:
            what = _count(len(severe), "finding")
            level = bar.value if bar is Severity.HIGH else f"{bar.value} or higher"
            reasons.append(f"{what} of {level} severity: {some(severe)}.")
    return tuple(reasons)


def _coverage_shortfall(
    coverage: CoverageSummary | None, policy: QualityPolicy, tests: TestSummary | None
) -> tuple[str, ...]:
    least = policy.minimum_coverage_percent
    if coverage is None:
        is_due = least > 0 and not _is_beyond_measure(tests)
        return ("Coverage was not measured.",) if is_due else ()
    covered, of_what = coverage.lines_percent, "the lines"
    if coverage.written_percent is not None:
        covered, of_what = coverage.written_percent, "the lines that were written for it"
    if covered < least:
        said = f"The tests cover {covered:g} % of {of_what}, not {least:g} %"
        return (f"{said}{_unloaded(coverage)}.",)
    return ()


def _is_beyond_measure(tests: TestSummary | None) -> bool:
    """Whether the tests are in languages alone of which no runner measures coverage."""
    names = tests.language.split(", ") if tests else []
    known = [runner for language, runner in RUNNERS.items() if language in names]
    return bool(known) and not any(runner.coverage for runner in known)


def _unloaded(coverage: CoverageSummary) -> str:
    return f" (no test loads {some(coverage.unloaded)})" if coverage.unloaded else ""


def _praise(
    tests: TestSummary | None,
    coverage: CoverageSummary | None,
    rows: Sequence[RequirementTrace],
) -> str:
    executed = tests.executed if tests else 0
    covering = ""
    if coverage:
        covering = f", covering {coverage.lines_percent:g} % of the lines{_unloaded(coverage)}"
    elif _is_beyond_measure(tests):
        covering = ", and what they cover is not measured in their language"
    passed = "The one test passed" if executed == 1 else f"All {executed} tests passed"
    return f"{passed}{covering}; {_proof(rows)}"


def _proof(rows: Sequence[RequirementTrace]) -> str:
    """How many requirements are proved, and which only tested or claimed, with why."""
    of_state = {
        state: [row for row in rows if row.state is state]
        for state in (RequirementState.TESTED, RequirementState.CLAIMED)
    }
    proved = sum(row.state is RequirementState.PROVED for row in rows)
    parts = [f"{proved} of {len(rows)} requirements are proved"]
    for state, found in of_state.items():
        if found:
            parts.append(f"only {state.value}: {some([row.id for row in found])}")
    reasons = {row.reason for row in of_state[RequirementState.TESTED]}
    why = f" {reasons.pop()}" if len(reasons) == 1 else ""
    return f"{', '.join(parts)}.{why}"


def _without_echoes(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sorted by severity and place; a linter's word on a file that is malformed anyway is noise."""
    malformed = {one.path for one in findings if one.rule == SYNTAX_RULE}
    kept = (one for one in findings if one.path not in malformed or one.rule == SYNTAX_RULE)
    return tuple(sorted(kept, key=_place))


def _place(finding: Finding) -> tuple[int, str, int, int, str]:
    rank = finding.severity.rank
    return (rank, finding.path, finding.line, finding.column, finding.rule)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
