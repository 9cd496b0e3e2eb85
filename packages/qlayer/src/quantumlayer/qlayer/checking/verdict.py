"""From what was read and run to a verdict, and from many verdicts to one."""

from collections.abc import Iterable, Sequence

from quantumlayer.qlayer.checking.model import SyntaxProblem
from quantumlayer.qtest import TestReport, Verdict

WORST_FIRST = (
    Verdict.INFRASTRUCTURE_ERROR,
    Verdict.TIMED_OUT,
    Verdict.FAILED,
    Verdict.NO_TESTS,
    Verdict.INCOMPLETE,
    Verdict.PASSED,
)
"""What could not be found out is worse than what is wrong: nobody may build on either."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The one that stands for all of them; passed when there are none."""
    return min(verdicts, key=WORST_FIRST.index, default=Verdict.PASSED)


def judge(
    tests: TestReport | None,
    problems: Sequence[SyntaxProblem],
    *,
    known: bool,
    trouble: str = "",
) -> tuple[Verdict, str]:
    """The verdict on a path and a sentence for it.

    Sources that are not well formed fail it, whatever its tests say; else the verdict is that of
    its tests. Findings decide nothing. `known`: whether there is any source of a known language.
    `trouble`: why native checkers could not be asked.
    """
    compiles = tests is None or not tests.diagnostics
    paths = list(dict.fromkeys(one.path for one in problems))
    if paths and compiles:
        first = problems[0]
        files = "1 file is" if len(paths) == 1 else f"{len(paths)} files are"
        where = f"{first.path}:{first.line}: {first.message}"
        return Verdict.FAILED, f"{files} not well formed: {where} ({first.tier})."
    if tests is not None:
        return tests.verdict, tests.reason
    if trouble:
        return Verdict.INFRASTRUCTURE_ERROR, trouble
    if known:
        return Verdict.NO_TESTS, "No tests were found, so nothing is proven."
    return Verdict.NO_TESTS, "There is no source of a known language here, so nothing is proven."
