"""Tree-sitter: languages, syntax diagnostics, structure, metrics; linters' findings.

async with Parser() as parser:
    analyses = await parser.analyze([SourceText(path="a.py", content="x = (")])
findings = await lint(Path("project"))
"""

from quantumlayer.parser.capabilities import Capabilities, capabilities
from quantumlayer.parser.discovery import source_files
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
from quantumlayer.parser.source_map import RankedSymbol, ranked_symbols, source_map

__all__ = [
    "LANGUAGES",
    "Capabilities",
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
    "detect_language",
    "lint",
    "ranked_symbols",
    "source_files",
    "source_map",
]
