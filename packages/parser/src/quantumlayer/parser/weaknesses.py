"""What endangers a program: rules and the search for secrets, each weakness told once a place.

`parse`, the services, `check` and the validator of runs all ask here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from quantumlayer.parser.lint_secrets import SecretScanFailed, lint_secrets
from quantumlayer.parser.model import FileAnalysis, Finding, Severity, SourceText
from quantumlayer.parser.parser import Parser
from quantumlayer.parser.precision import weighed

NOT_SEARCHED = "secrets-not-searched"
# Weaknesses that are kinds of others in the enumeration: of a place, the kind is told.
_KIND_OF = {259: 798, 321: 798, 916: 327, 328: 327, 73: 22, 88: 78, 94: 95}
_RANKS = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


async def examined(
    parser: Parser, files: Sequence[SourceText], *, time_limit_seconds: float = 60.0
) -> tuple[FileAnalysis, ...]:
    """The analyses of `files`, in their order, with every weakness among their findings.

    Grave are those of rules that may block alone: see `precision`.
    """
    analyses = await parser.analyze(files)
    found: dict[str, list[Finding]] = defaultdict(list)
    weak = await weaknesses(files, analyses, time_limit_seconds=time_limit_seconds)
    for one in weighed(weak):
        found[one.path].append(one)
    return tuple(
        one.model_copy(update={"findings": tuple(found.get(one.path, ()))}) for one in analyses
    )


async def weaknesses(
    files: Sequence[SourceText],
    analyses: Iterable[FileAnalysis],
    *,
    time_limit_seconds: float = 60.0,
) -> tuple[Finding, ...]:
    """What rules and the search for secrets find, by place.

    Where the search came to no end, a low finding says so: rules have spoken all the same.
    """
    ruled = [finding for analysis in analyses for finding in analysis.findings]
    try:
        secrets = await lint_secrets(files, time_limit_seconds=time_limit_seconds)
    except SecretScanFailed as failed:
        secrets = (_not_searched(files[0].path, failed),)
    return told_once((*ruled, *secrets))


def told_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without what says the same of a line in other words, by place.

    Findings say the same when their weakness is the same, or one a kind of the other. The gravest
    is kept, of equally grave ones the first. What names no weakness is never another's echo.
    """
    kept: dict[tuple[str, int, int], Finding] = {}
    others = []
    for one in findings:
        if one.cwe is None:
            others.append(one)
            continue
        place = (one.path, one.line, _KIND_OF.get(one.cwe, one.cwe))
        known = kept.setdefault(place, one)
        if _RANKS[one.severity] < _RANKS[known.severity]:
            kept[place] = one
    return tuple(sorted((*kept.values(), *others), key=by_place))


def by_place(finding: Finding) -> tuple[str, int, int, str]:
    """The order in which findings are told."""
    return (finding.path, finding.line, finding.column, finding.rule)


def _not_searched(path: str, failed: SecretScanFailed) -> Finding:
    return Finding(
        rule=NOT_SEARCHED,
        severity=Severity.LOW,
        path=path,
        line=1,
        column=1,
        message=f"Secrets were not searched for to the end: {failed}.",
        tool="quantumlayer",
    )
