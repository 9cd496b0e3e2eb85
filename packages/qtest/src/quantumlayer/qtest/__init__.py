"""Running code safely: sandbox, environments, language runners, reports, coverage."""

from quantumlayer.qtest.environments import (
    Environment,
    Language,
    prepare_environment,
    warm_environment,
    warm_toolchains,
)
from quantumlayer.qtest.errors import (
    DependencyError,
    Fault,
    QtestError,
    SandboxUnavailable,
    ToolMissing,
)
from quantumlayer.qtest.model import (
    CaseOutcome,
    Coverage,
    Diagnostic,
    FileCoverage,
    Limits,
    TestCase,
    TestReport,
    Verdict,
)
from quantumlayer.qtest.project import detect_language, detect_languages
from quantumlayer.qtest.sandbox import (
    BubblewrapSandbox,
    Mount,
    Sandbox,
    SandboxResult,
    probe_sandbox,
)
from quantumlayer.qtest.testing import run_tests

__all__ = [
    "BubblewrapSandbox",
    "CaseOutcome",
    "Coverage",
    "DependencyError",
    "Diagnostic",
    "Environment",
    "Fault",
    "FileCoverage",
    "Language",
    "Limits",
    "Mount",
    "QtestError",
    "Sandbox",
    "SandboxResult",
    "SandboxUnavailable",
    "TestCase",
    "TestReport",
    "ToolMissing",
    "Verdict",
    "detect_language",
    "detect_languages",
    "prepare_environment",
    "probe_sandbox",
    "run_tests",
    "warm_environment",
    "warm_toolchains",
]
