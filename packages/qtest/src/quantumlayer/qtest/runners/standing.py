"""Holding reported cases against the sources: where each test stands, and what it can prove."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.sources import Function, is_test, unable_to_fail

PROVES_NOTHING = "Nothing in it can fail, so it proves nothing."


def held_against(
    outcome: Outcome,
    functions: Sequence[Function],
    style: str,
    split: Callable[[str], tuple[str, str]],
) -> Outcome:
    """Passed cases get their place, and lose the pass when nothing in them could fail.

    `split` takes a case's name apart into where it is said to stand (part of a path, may be empty)
    and the function's name.
    """
    tests = [function for function in functions if is_test(function, style)]
    empty = {(test.path, test.name) for test in unable_to_fail(functions, style)}

    def placed(case: TestCase) -> TestCase:
        place, name = split(case.name)
        found = [test for test in tests if test.name == name]
        near = [test for test in found if place and place in test.path] or found
        if not near or case.outcome is not CaseOutcome.PASSED:
            return case
        update: dict[str, Any] = {"path": near[0].path, "line": near[0].line}
        if all((test.path, test.name) in empty for test in near):
            update |= {"outcome": CaseOutcome.SKIPPED, "message": PROVES_NOTHING}
        return case.model_copy(update=update)

    return replace(outcome, cases=tuple(map(placed, outcome.cases)))
