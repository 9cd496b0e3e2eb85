"""Requests and answers, as they travel."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from quantumlayer.parser.model import (
    FileAnalysis,
    Severity,
    SymbolKind,
    SyntaxProblem,
    SyntaxTier,
)


class _Message(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class FileInput(_Message):
    """A file: `language` overrules what its name and content tell."""

    path: str = Field(min_length=1, max_length=1_000)
    content: str
    language: str | None = Field(default=None, max_length=50)


class AnalyzeRequest(_Message):
    """Files to analyse. `detail` `full` adds what is not of interest to everybody."""

    files: tuple[FileInput, ...]
    detail: Literal["standard", "full"] = "standard"


class Problem(_Message):
    """A place that is not well formed; lines and columns count from 1."""

    line: int
    column: int
    message: str
    excerpt: str | None = Field(default=None, description="With detail `full`.")


class Syntax(_Message):
    """Whether the file is well formed, and who says so."""

    tier: SyntaxTier
    errors: tuple[Problem, ...]
    doubts: tuple[Problem, ...] | None = Field(
        default=None,
        description="With detail `full`: what need not be a problem, as in a sample or a dialect.",
    )


class FunctionComplexity(_Message):
    """The complexity of one function."""

    cyclomatic: int
    cognitive: int
    nesting: int


class SymbolOutput(_Message):
    """A named thing on lines `line` to `endLine`, inclusive."""

    kind: SymbolKind
    name: str
    line: int
    end_line: int
    parameters: tuple[str, ...]
    documentation: str | None = Field(default=None, description="With detail `full`.")
    complexity: FunctionComplexity | None = Field(
        default=None, description="With detail `full`, for functions."
    )


class Use(_Message):
    """A name that the file uses `count` times, first on `line`."""

    name: str
    line: int
    count: int


class Metrics(_Message):
    """The measures of a file."""

    lines_of_code: int
    comment_lines: int
    cyclomatic_complexity: int
    cognitive_complexity: int
    max_nesting: int
    quality: int = Field(ge=0, le=100)
    duplicated_lines: int | None = Field(default=None, description="With detail `full`.")


class FindingOutput(_Message):
    """What a rule says of a line."""

    rule: str
    severity: Severity
    line: int
    message: str
    column: int | None = Field(default=None, description="With detail `full`.")
    cwe: int | None = Field(default=None, description="With detail `full`.")
    help: str | None = Field(default=None, description="With detail `full`.")


class FileOutput(_Message):
    """All that is known of a file; `metrics` is null where it could not be parsed at all."""

    path: str
    language: str | None
    syntax: Syntax
    symbols: tuple[SymbolOutput, ...]
    imports: tuple[str, ...]
    metrics: Metrics | None
    findings: tuple[FindingOutput, ...]
    calls: tuple[Use, ...] | None = Field(default=None, description="With detail `full`.")
    references: tuple[Use, ...] | None = Field(default=None, description="With detail `full`.")


class AnalyzeAnswer(_Message):
    """The files in the order of the request."""

    files: tuple[FileOutput, ...]


class LanguageOutput(_Message):
    """A language, how its files are recognised, and what an analysis of it holds."""

    name: str
    extensions: tuple[str, ...]
    filenames: tuple[str, ...]
    syntax: str
    symbols: bool
    imports: bool
    calls: bool
    complexity: bool
    rules: int = Field(description="How many security rules look at it.")


class LanguagesAnswer(_Message):
    """Every language."""

    languages: tuple[LanguageOutput, ...]


def _problems(found: Sequence[SyntaxProblem], *, full: bool) -> list[dict[str, Any]]:
    return [
        {"line": one.line, "column": one.column, "message": one.message}
        | ({"excerpt": one.excerpt} if full else {})
        for one in found
    ]


def file_output(analysis: FileAnalysis, *, full: bool) -> dict[str, Any]:
    """The JSON of a FileOutput: plain values, for there are many."""
    metrics = analysis.metrics
    answer: dict[str, Any] = {
        "path": analysis.path,
        "language": analysis.language,
        "syntax": {
            "tier": analysis.syntax.tier,
            "errors": _problems(analysis.syntax.errors, full=full),
        }
        | ({"doubts": _problems(analysis.syntax.doubts, full=True)} if full else {}),
        "symbols": [
            {
                "kind": one.kind,
                "name": one.name,
                "line": one.line,
                "endLine": one.end_line,
                "parameters": one.parameters,
            }
            | ({"documentation": one.documentation, "complexity": one.metrics} if full else {})
            for one in analysis.symbols
        ],
        "imports": [one.module for one in analysis.imports],
        "metrics": metrics
        and {
            "linesOfCode": metrics.lines_of_code,
            "commentLines": metrics.comment_lines,
            "cyclomaticComplexity": metrics.cyclomatic_complexity,
            "cognitiveComplexity": metrics.cognitive_complexity,
            "maxNesting": metrics.max_nesting,
            "quality": metrics.quality,
        }
        | ({"duplicatedLines": metrics.duplicated_lines} if full else {}),
        "findings": [
            {
                "rule": one.rule,
                "severity": one.severity,
                "line": one.line,
                "message": one.message,
            }
            | ({"column": one.column, "cwe": one.cwe, "help": one.help} if full else {})
            for one in analysis.findings
        ],
    }
    if full:
        answer |= {"calls": analysis.calls, "references": analysis.references}
    return answer
