"""Running code safely: sandbox, environments, runners, reports, coverage, native syntax."""

from quantumlayer.qtest.combining import combined
from quantumlayer.qtest.environments import (
    Environment,
    Language,
    RegistryClient,
    prepare_environment,
    registry_client,
    resolve_python,
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
    probe_bubblewrap,
    probe_sandbox,
)
from quantumlayer.qtest.syntax import CHECKERS, Checker, FileSyntax, check_syntax
from quantumlayer.qtest.testing import RUNNERS, Runner, TracedReport, run_tests, run_traced_tests
from quantumlayer.qtest.units import Unit, find_units, placed_in

__all__ = [
    "CHECKERS",
    "MUTATION_LANGUAGES",
    "RUNNERS",
    "BubblewrapSandbox",
    "CaseOutcome",
    "Checker",
    "Coverage",
    "DependencyError",
    "Diagnostic",
    "Environment",
    "Fault",
    "FileCoverage",
    "FileSyntax",
    "Language",
    "Limits",
    "Mount",
    "Mutant",
    "MutantStatus",
    "MutationExtent",
    "MutationReport",
    "QtestError",
    "RegistryClient",
    "Runner",
    "Sandbox",
    "SandboxResult",
    "SandboxUnavailable",
    "TestCase",
    "TestReport",
    "ToolMissing",
    "TracedReport",
    "Unit",
    "Verdict",
    "check_syntax",
    "combined",
    "detect_language",
    "detect_languages",
    "find_units",
    "measure_mutation",
    "placed_in",
    "prepare_environment",
    "probe_bubblewrap",
    "probe_sandbox",
    "registry_client",
    "resolve_python",
    "run_tests",
    "run_traced_tests",
    "warm_environment",
    "warm_toolchains",
]
