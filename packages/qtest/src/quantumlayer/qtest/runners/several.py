"""Several runs of one project as one: all that was found, and the worst end."""

from collections.abc import Sequence

from quantumlayer.qtest.combining import together as all_coverage
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.sandbox import SandboxResult


def together(observed: Sequence[Observed]) -> Observed:
    """One run in place of many, at least one; each had a sandbox of its own."""
    if len(observed) == 1:
        return observed[0]
    return Observed(
        one_result([each.result for each in observed]),
        one_outcome([each.outcome for each in observed]),
    )


def one_result(results: Sequence[SandboxResult]) -> SandboxResult:
    broken = [each for each in results if each.signal or each.exit_status]
    return (broken or results)[0].model_copy(
        update={
            "stdout": "\n".join(each.stdout for each in results),
            "stderr": "\n".join(each.stderr for each in results),
            "report": b"",
            "limits_hit": tuple(dict.fromkeys(one for each in results for one in each.limits_hit)),
            "elapsed_seconds": sum(each.elapsed_seconds for each in results),
        }
    )


def one_outcome(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        cases=tuple(case for each in outcomes for case in each.cases),
        coverage=all_coverage([each.coverage for each in outcomes if each.coverage is not None]),
        opened=all(each.opened for each in outcomes),
        closed=all(each.closed for each in outcomes),
        genuine=all(each.genuine for each in outcomes),
        running=next((each.running for each in outcomes if not each.closed), ""),
        missing=tuple(name for each in outcomes for name in each.missing),
        exit_status=max((each.exit_status or 0 for each in outcomes), default=0),
        problem=next((each.problem for each in outcomes if each.problem), ""),
        diagnostics=tuple(one for each in outcomes for one in each.diagnostics),
        tampered=tuple(path for each in outcomes for path in each.tampered),
    )
