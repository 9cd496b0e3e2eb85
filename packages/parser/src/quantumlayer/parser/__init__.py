"""Tree-sitter: languages, syntax diagnostics, symbols; linters' findings.

async with Parser() as parser:
    analyses = await parser.analyze([SourceText(path="a.py", content="x = (")])
findings = await lint(Path("project"))
"""

from quantumlayer.parser.dependencies import DependencyReport, Registries, check_dependencies
from quantumlayer.parser.imports import unresolved_imports
from quantumlayer.parser.languages import LANGUAGES, Language, detect_language
from quantumlayer.parser.lint import LinterFailed, lint
from quantumlayer.parser.model import (
    Edit,
    FileAnalysis,
    Finding,
    Fix,
    Severity,
    SourceText,
    Symbol,
    SymbolKind,
    SyntaxProblem,
    SyntaxReport,
    SyntaxTier,
)
from quantumlayer.parser.parser import Parser, analyze
from quantumlayer.parser.project import project_findings
from quantumlayer.parser.sarif import sarif

__all__ = [
    "LANGUAGES",
    "DependencyReport",
    "Edit",
    "FileAnalysis",
    "Finding",
    "Fix",
    "Language",
    "LinterFailed",
    "Parser",
    "Registries",
    "Severity",
    "SourceText",
    "Symbol",
    "SymbolKind",
    "SyntaxProblem",
    "SyntaxReport",
    "SyntaxTier",
    "analyze",
    "check_dependencies",
    "detect_language",
    "lint",
    "project_findings",
    "sarif",
    "unresolved_imports",
]
