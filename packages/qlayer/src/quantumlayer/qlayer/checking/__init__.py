"""Checking any project, archive or file: syntax in tiers, findings, tests, one verdict.

async with checker(cache=cache) as checks:
    report = await checks.check(Path("project"))
"""

from quantumlayer.qlayer.checking.check import Checker, Measure, Watch, check_paths, checker
from quantumlayer.qlayer.checking.model import (
    CheckReport,
    CoverageEntry,
    Failure,
    FindingEntry,
    Metrics,
    SyntaxProblem,
    TestsEntry,
)
from quantumlayer.qlayer.checking.verdict import WORST_FIRST, worst

__all__ = [
    "WORST_FIRST",
    "CheckReport",
    "Checker",
    "CoverageEntry",
    "Failure",
    "FindingEntry",
    "Measure",
    "Metrics",
    "SyntaxProblem",
    "TestsEntry",
    "Watch",
    "check_paths",
    "checker",
    "worst",
]
