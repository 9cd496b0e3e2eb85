"""Test programs in C and C++ whose `main` ends with `exit(0)` instead of returning.

The guard hears who returns. A program that leaves may have come to the end of its `main` or not, so
it proves nothing; where the last words of its `main` are `exit(0)` that is no fault either.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.sources import functions_in

# What the guard says of a program that ended with success before its end.
LEFT = "before its main function had returned"
ENDS_BY_LEAVING = re.compile(r"\b(?:std\s*::\s*)?exit\s*\(\s*(?:0|EXIT_SUCCESS)\s*\)\s*;\s*\}\s*\Z")
LEFT_BY_ITSELF = (
    "Its main function ends with exit(0), so whether it came to that end is not known: let it "
    "return 0."
)


def without_own_exits(outcome: Outcome, files: Mapping[str, str]) -> Outcome:
    """Programs that leave at the end of their `main` skip; `files` are the sources by path."""
    own = set(leaving(files))

    def seen(case: TestCase) -> TestCase:
        if LEFT not in case.message or own.isdisjoint((case.name, Path(case.name).name)):
            return case
        update = {"outcome": CaseOutcome.SKIPPED, "message": LEFT_BY_ITSELF}
        return case.model_copy(update=update)

    return replace(outcome, cases=tuple(map(seen, outcome.cases)))


def leaving(files: Mapping[str, str]) -> list[str]:
    """The names of such programs: the path of the source by hand, and what builds call them."""
    sources = [
        path
        for path, text in files.items()
        if any(
            one.name == "main" and ENDS_BY_LEAVING.search(one.body)
            for one in functions_in(path, text, "c")
        )
    ]
    return [name for path in sources for name in (path, Path(path).stem)]
