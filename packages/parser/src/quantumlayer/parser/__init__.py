"""Tree-sitter: languages, syntax diagnostics, symbols; linters' findings.

async with Parser() as parser:
    analyses = await parser.analyze([SourceText(path="a.py", content="x = (")])
findings = await lint(Path("project"))
"""

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

__all__ = [
    "LANGUAGES",
    "Edit",
    "FileAnalysis",
    "Finding",
    "Fix",
    "Language",
    "LinterFailed",
    "Parser",
    "Severity",
    "SourceText",
    "Symbol",
    "SymbolKind",
    "SyntaxProblem",
    "SyntaxReport",
    "SyntaxTier",
    "analyze",
    "detect_language",
    "lint",
]
