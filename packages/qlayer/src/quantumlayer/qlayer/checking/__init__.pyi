from .check import Checker, Watch, check_paths, checker
from .model import (
    CheckReport,
    CoverageEntry,
    DeliveredEntry,
    DeliveredTest,
    Failure,
    FindingEntry,
    Metrics,
    MutationEntry,
    RungEntry,
    Survivor,
    SyntaxProblem,
    TestsEntry,
)
from .opinions import overruled
from .verdict import WORST_FIRST, worst

__all__ = [
    "WORST_FIRST",
    "CheckReport",
    "Checker",
    "CoverageEntry",
    "DeliveredEntry",
    "DeliveredTest",
    "Failure",
    "FindingEntry",
    "Metrics",
    "MutationEntry",
    "RungEntry",
    "Survivor",
    "SyntaxProblem",
    "TestsEntry",
    "Watch",
    "check_paths",
    "checker",
    "overruled",
    "worst",
]
