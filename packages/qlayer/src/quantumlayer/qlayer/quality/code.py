"""How code measures; apart from the report, as a check reads code and writes no such report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quantumlayer.qlayer.noun import Noun

if TYPE_CHECKING:
    # Only their shapes are needed here: who reads reports need not install grammars.
    from quantumlayer import parser

_HARDEST = 5
# Easier functions are not worth a word.
_HARD = 8


class FileCode(Noun):
    """The measures of one file of code; `quality` runs from 0 to 100."""

    path: str
    language: str
    lines_of_code: int
    comment_lines: int
    cyclomatic_complexity: int
    cognitive_complexity: int
    max_nesting: int
    duplicated_lines: int
    quality: int


class FunctionCode(Noun):
    """One function that is among the hardest to read."""

    path: str
    line: int
    name: str
    cyclomatic_complexity: int
    cognitive_complexity: int


class CodeSummary(Noun):
    """How the code measures; `quality` is the files' mean, weighted by their lines of code."""

    lines_of_code: int
    functions: int
    duplicated_lines: int
    quality: int
    hardest: tuple[FunctionCode, ...] = ()
    files: tuple[FileCode, ...] = ()


def summarize_code(analyses: Iterable[parser.FileAnalysis]) -> CodeSummary | None:
    """The measures of all files in languages that have functions; None when there are none."""
    files, hard, functions = [], [], 0
    for analysis in sorted(analyses, key=lambda one: one.path):
        measured = analysis.metrics
        if measured is None or not measured.cyclomatic_complexity or not measured.lines_of_code:
            continue
        files.append(
            FileCode(path=analysis.path, language=analysis.language or "", **measured.model_dump())
        )
        for symbol in analysis.symbols:
            if symbol.metrics is not None:
                functions += 1
                hard.append(
                    FunctionCode(
                        path=analysis.path,
                        line=symbol.line,
                        name=symbol.name,
                        cyclomatic_complexity=symbol.metrics.cyclomatic,
                        cognitive_complexity=symbol.metrics.cognitive,
                    )
                )
    if not files:
        return None
    lines = sum(file.lines_of_code for file in files)
    hard.sort(key=lambda one: (-one.cognitive_complexity, -one.cyclomatic_complexity, one.path))
    return CodeSummary(
        lines_of_code=lines,
        functions=functions,
        duplicated_lines=sum(file.duplicated_lines for file in files),
        quality=round(sum(file.quality * file.lines_of_code for file in files) / lines),
        hardest=tuple(one for one in hard[:_HARDEST] if one.cognitive_complexity >= _HARD),
        files=tuple(files),
    )
