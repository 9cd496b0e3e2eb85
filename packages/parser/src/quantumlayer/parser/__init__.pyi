from .capabilities import Capabilities, capabilities
from .certainty import is_left_out, is_sample
from .dependencies import (
    DependencyReport,
    Registries,
    check_dependencies,
    newest_version,
    objections,
)
from .discovery import project_files
from .imports import WantedPackage, unresolved_imports, wanted_packages
from .language import Language
from .languages import LANGUAGES, detect_language
from .lint import LinterFailed, lint, linter_program
from .model import (
    Edit,
    FileAnalysis,
    FileMetrics,
    Finding,
    Fix,
    FunctionMetrics,
    Import,
    Severity,
    SourceText,
    Symbol,
    SymbolKind,
    SyntaxProblem,
    SyntaxReport,
    SyntaxTier,
    Usage,
)
from .parser import Parser, analyze
from .pool import WorkerPool
from .project import project_findings
from .sarif import sarif
from .source_map import RankedSymbol, ranked_symbols, source_map
from .weaknesses import examined, told_once, weaknesses
from .workers import tree_workers

__all__ = [
    "LANGUAGES",
    "Capabilities",
    "DependencyReport",
    "Edit",
    "FileAnalysis",
    "FileMetrics",
    "Finding",
    "Fix",
    "FunctionMetrics",
    "Import",
    "Language",
    "LinterFailed",
    "Parser",
    "RankedSymbol",
    "Registries",
    "Severity",
    "SourceText",
    "Symbol",
    "SymbolKind",
    "SyntaxProblem",
    "SyntaxReport",
    "SyntaxTier",
    "Usage",
    "WantedPackage",
    "WorkerPool",
    "analyze",
    "capabilities",
    "check_dependencies",
    "detect_language",
    "examined",
    "is_left_out",
    "is_sample",
    "lint",
    "linter_program",
    "newest_version",
    "objections",
    "project_files",
    "project_findings",
    "ranked_symbols",
    "sarif",
    "source_map",
    "told_once",
    "tree_workers",
    "unresolved_imports",
    "wanted_packages",
    "weaknesses",
]
