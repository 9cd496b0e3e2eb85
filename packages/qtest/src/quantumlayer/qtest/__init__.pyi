from .combining import combined
from .environments import (
    Environment,
    Language,
    RegistryClient,
    prepare_environment,
    registry_client,
    resolve_python,
    warm_environment,
    warm_toolchains,
)
from .errors import (
    DependencyError,
    Fault,
    QtestError,
    SandboxUnavailable,
    ToolMissing,
)
from .iri_grammar import iri_grammar_later
from .model import (
    CaseOutcome,
    Coverage,
    Diagnostic,
    FileCoverage,
    Limits,
    TestCase,
    TestReport,
    Verdict,
)
from .mutation import (
    MUTATION_LANGUAGES,
    Mutant,
    MutantStatus,
    MutationExtent,
    MutationReport,
    measure_mutation,
)
from .project import detect_language, detect_languages
from .runners.table import RUNNERS, Runner
from .sandbox import (
    BubblewrapSandbox,
    Mount,
    Sandbox,
    SandboxResult,
    probe_bubblewrap,
    probe_sandbox,
)
from .syntax import CHECKERS, Checker, FileSyntax, check_syntax
from .testing import TracedReport, run_tests, run_traced_tests
from .units import Unit, find_units, placed_in

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
    "iri_grammar_later",
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
