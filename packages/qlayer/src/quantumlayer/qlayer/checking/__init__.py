"""Checking any project, archive or file: syntax in tiers, findings, tests, one verdict.

async with checker(cache=cache) as checks:
    report = await checks.check(Path("project"))
"""

from quantumlayer.qlayer.checking.check import Checker, Watch, check_paths, checker
from quantumlayer.qlayer.checking.model import (
    CheckReport,
    CoverageEntry,
    Failure,
    FindingEntry,
    Metrics,
    MutationEntry,
    Survivor,
    SyntaxProblem,
    TestsEntry,
)
from quantumlayer.qlayer.checking.opinions import overruled
from quantumlayer.qlayer.checking.verdict import WORST_FIRST, worst

__all__ = [
    "WORST_FIRST",
    "CheckReport",
    "Checker",
    "CoverageEntry",
    "Failure",
    "FindingEntry",
    "Metrics",
    "MutationEntry",
    "Survivor",
    "SyntaxProblem",
    "TestsEntry",
    "Watch",
    "check_paths",
    "checker",
    "overruled",
    "worst",
]
