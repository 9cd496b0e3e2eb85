from .assessment import assess
from .code import CodeSummary, FileCode, FunctionCode, summarize_code
from .evidence import (
    lint_findings,
    summarize_coverage,
    summarize_mutation,
    summarize_tests,
    syntax_findings,
)
from .lacking import can_be_mended, missing_of
from .ladder import delivered, summarize_climb, together, weigh_rungs
from .page import render_page
from .pictures import named_pictures, pictures_of, summarize_pictures, without_digests
from .policy import QualityPolicy, Severity
from .report import (
    SYNTAX_RULE,
    CoverageSummary,
    DeliverySummary,
    FileCoverage,
    Finding,
    MutationSummary,
    PictureSummary,
    QualityReport,
    RequirementState,
    RequirementTrace,
    RungSummary,
    TestOutcome,
    TestSummary,
    TriedChange,
    UnnoticedChange,
)
from .review import Remark, Review, Weight
from .revised import lacks_change, policy_for, revised, with_known
from .tracing import named_requirements

__all__ = [
    "SYNTAX_RULE",
    "CodeSummary",
    "CoverageSummary",
    "DeliverySummary",
    "FileCode",
    "FileCoverage",
    "Finding",
    "FunctionCode",
    "MutationSummary",
    "PictureSummary",
    "QualityPolicy",
    "QualityReport",
    "Remark",
    "RequirementState",
    "RequirementTrace",
    "Review",
    "RungSummary",
    "Severity",
    "TestOutcome",
    "TestSummary",
    "TriedChange",
    "UnnoticedChange",
    "Weight",
    "assess",
    "can_be_mended",
    "delivered",
    "lacks_change",
    "lint_findings",
    "missing_of",
    "named_pictures",
    "named_requirements",
    "pictures_of",
    "policy_for",
    "render_page",
    "revised",
    "summarize_climb",
    "summarize_code",
    "summarize_coverage",
    "summarize_mutation",
    "summarize_pictures",
    "summarize_tests",
    "syntax_findings",
    "together",
    "weigh_rungs",
    "with_known",
    "without_digests",
]
