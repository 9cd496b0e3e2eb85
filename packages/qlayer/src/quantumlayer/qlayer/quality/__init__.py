"""Quality: the evidence on a project, the bar, the verdict, and the report."""

from quantumlayer.qlayer.quality.assessment import assess
from quantumlayer.qlayer.quality.evidence import (
    lint_findings,
    summarize_code,
    summarize_coverage,
    summarize_mutation,
    summarize_tests,
    syntax_findings,
)
from quantumlayer.qlayer.quality.lacking import can_be_mended
from quantumlayer.qlayer.quality.page import render_page
from quantumlayer.qlayer.quality.policy import QualityPolicy, Severity
from quantumlayer.qlayer.quality.report import (
    SYNTAX_RULE,
    CodeSummary,
    CoverageSummary,
    FileCode,
    FileCoverage,
    Finding,
    FunctionCode,
    MutationSummary,
    QualityReport,
    RequirementState,
    RequirementTrace,
    TestOutcome,
    TestSummary,
    UnnoticedChange,
)
from quantumlayer.qlayer.quality.tracing import named_requirements

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
