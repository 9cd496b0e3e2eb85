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
from quantumlayer.qtest.mutation import (
    MUTATION_LANGUAGES,
    Mutant,
    MutantStatus,
    MutationExtent,
    MutationReport,
    measure_mutation,
)
from quantumlayer.qtest.project import detect_language, detect_languages
from quantumlayer.qtest.sandbox import (
    BubblewrapSandbox,
    Mount,
    Sandbox,
    SandboxResult,
    probe_sandbox,
)
from quantumlayer.qtest.testing import TracedReport, run_tests, run_traced_tests

__all__ = [
    "MUTATION_LANGUAGES",
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
    "Mutant",
    "MutantStatus",
    "MutationExtent",
    "MutationReport",
    "QtestError",
    "Sandbox",
    "SandboxResult",
    "SandboxUnavailable",
    "TestCase",
    "TestReport",
    "ToolMissing",
    "TracedReport",
    "Verdict",
    "detect_language",
    "detect_languages",
    "measure_mutation",
    "prepare_environment",
    "probe_sandbox",
    "run_tests",
    "run_traced_tests",
    "warm_environment",
    "warm_toolchains",
]
