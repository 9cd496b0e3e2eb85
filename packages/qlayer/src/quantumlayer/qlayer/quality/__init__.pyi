from .assessment import assess
from .code import CodeSummary, FileCode, FunctionCode, summarize_code
from .evidence import (
    lint_findings,
    summarize_coverage,
    summarize_mutation,
    summarize_tests,
    syntax_findings,
)
from .lacking import can_be_mended
from .page import render_page
from .policy import QualityPolicy, Severity
from .report import (
    SYNTAX_RULE,
    CoverageSummary,
    FileCoverage,
    Finding,
    MutationSummary,
    QualityReport,
    RequirementState,
    RequirementTrace,
    TestOutcome,
    TestSummary,
    UnnoticedChange,
)
from .tracing import named_requirements

__all__ = [
    "SYNTAX_RULE",
    "CodeSummary",
    "CoverageSummary",
    "FileCode",
    "FileCoverage",
    "Finding",
    "FunctionCode",
    "MutationSummary",
    "QualityPolicy",
    "QualityReport",
    "RequirementState",
    "RequirementTrace",
    "Severity",
    "TestOutcome",
    "TestSummary",
    "UnnoticedChange",
    "assess",
    "can_be_mended",
    "lint_findings",
    "named_requirements",
    "render_page",
    "summarize_code",
    "summarize_coverage",
    "summarize_mutation",
    "summarize_tests",
    "syntax_findings",
]
