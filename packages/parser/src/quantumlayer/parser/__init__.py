"""Tree-sitter: languages, syntax diagnostics, structure, metrics; linters' findings.

async with Parser() as parser:
    analyses = await parser.analyze([SourceText(path="a.py", content="x = (")])
findings = await lint(Path("project"))
"""

from quantumlayer.parser.capabilities import Capabilities, capabilities
from quantumlayer.parser.certainty import is_left_out, is_sample
from quantumlayer.parser.dependencies import DependencyReport, Registries, check_dependencies
from quantumlayer.parser.discovery import project_files
from quantumlayer.parser.imports import unresolved_imports
from quantumlayer.parser.language import Language
from quantumlayer.parser.languages import LANGUAGES, detect_language
from quantumlayer.parser.lint import LinterFailed, lint
from quantumlayer.parser.model import (
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
from quantumlayer.parser.parser import Parser, analyze
from quantumlayer.parser.project import project_findings
from quantumlayer.parser.sarif import sarif
from quantumlayer.parser.source_map import RankedSymbol, ranked_symbols, source_map
from quantumlayer.parser.weaknesses import examined, told_once, weaknesses

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
    "analyze",
    "capabilities",
    "check_dependencies",
    "detect_language",
    "examined",
    "is_left_out",
    "is_sample",
    "lint",
    "project_files",
    "project_findings",
    "ranked_symbols",
    "sarif",
    "source_map",
    "told_once",
    "unresolved_imports",
    "weaknesses",
]
