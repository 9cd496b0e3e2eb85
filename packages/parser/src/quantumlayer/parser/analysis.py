"""One file, from bytes to everything that is known of it: the work of a worker process."""

from typing import Any

from tree_sitter import Tree

from quantumlayer.parser import native as checks
from quantumlayer.parser import tree
from quantumlayer.parser.capabilities import capabilities
from quantumlayer.parser.certainty import judged
from quantumlayer.parser.decoding import as_utf8
from quantumlayer.parser.imports import module_uses
from quantumlayer.parser.languages import LANGUAGES
from quantumlayer.parser.metrics import (
    FileComplexity,
    FunctionShape,
    complexity,
    count_lines,
    quality,
)
from quantumlayer.parser.model import SyntaxReport, SyntaxTier
from quantumlayer.parser.recent import RecentTrees
from quantumlayer.parser.rules import check
from quantumlayer.parser.structure import (
    Captures,
    Definition,
    Span,
    capture,
    definitions,
    imports,
    joined,
    usages,
)

_NO_NAMES = frozenset({"if", "else", "for", "while", "do", "switch", "return", "catch", "sizeof"})


def analyse(
    language: str,
    path: str,
    data: bytes,
    *,
    recent: RecentTrees | None = None,
    native: bool = True,
    encoding: str | None = None,
) -> dict[str, Any]:
    """The fields of a FileAnalysis for a file whose language is known.

    `recent`: where trees are taken from and kept. `native`: whether the language's own parser is
    asked too, where there is one. `encoding`: what the project declares for its sources.
    """
    raw, data = data, as_utf8(data, encoding)
    parsed = recent.parse(language, path, data) if recent else tree.parse(language, data)
    best, others = tree.as_compiled(language, parsed, data)
    syntax = _syntax(language, path, best, data, raw=raw if native else None)
    has_errors = bool(syntax.problems)
    found = structure(language, best, data, has_errors=has_errors)
    for other in others:
        found = joined(found, structure(language, other, data, has_errors=has_errors))
    return {
        "path": path,
        "language": language,
        "syntax": syntax.model_dump(),
        **found,
        "findings": check(language, path, data, parsed),
        "module_uses": module_uses(language, parsed.root_node, data),
    }


def structure(language: str, parsed: Tree, data: bytes, *, has_errors: bool) -> dict[str, Any]:
    """Symbols, imports, calls, references and metrics, as the fields of a FileAnalysis."""
    captures = capture(parsed.root_node, language)
    row = LANGUAGES[language]
    defined = definitions(captures, data, row)
    if row.preprocessed and parsed.root_node.has_error:
        # A grammar that has lost its way takes `else if (a) {` for a function.
        defined = [one for one in defined if one.name not in _NO_NAMES]
    # Where nothing decides, nothing is complex.
    decides = capabilities(language).complexity
    functions = [one for one in defined if decides and one.is_function]
    measured = complexity([Span(one.start, one.end) for one in functions], captures)
    metrics = _metrics(captures, data, functions, measured, has_errors=has_errors)
    return {
        "symbols": _symbols(defined, measured, decides=decides),
        "imports": [{"module": name, "line": row + 1} for name, row in imports(captures, data)],
        "calls": _usages(captures, data, "call"),
        "references": _usages(captures, data, "reference"),
        "metrics": metrics if decides else metrics | {"cyclomatic_complexity": 0},
    }


def _syntax(
    language: str, path: str, parsed: Tree, data: bytes, *, raw: bytes | None
) -> SyntaxReport:
    """By the language's own parser, where `raw`, the source as stored, is given to be asked about.

    Which bytes are well formed is a question of the language, too.
    """
    row = LANGUAGES[language]
    if raw is not None and row.native in checks.TIERS:
        return judged(path, language, data, row.native, checks.check(row.native, raw, data))
    tier, problems = SyntaxTier.TREE_SITTER, () if row.any_text else tree.problems(parsed, data)
    if raw is not None and problems and row.native is SyntaxTier.SQLITE:
        tier, problems = checks.overrule_sql(data, problems)
    return judged(path, language, data, tier, problems)


def _symbols(
    defined: list[Definition], measured: FileComplexity, *, decides: bool
) -> list[dict[str, Any]]:
    measures = iter(measured.functions)
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "line": one.row + 1,
            "end_line": one.end_row + 1,
            "parameters": one.parameters,
            "documentation": one.documentation,
            "metrics": next(measures)._asdict() if decides and one.is_function else None,
        }
        for one in defined
    ]


def _usages(captures: Captures, data: bytes, role: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "line": row + 1, "count": count}
        for name, row, count in usages(captures, data, role)
    ]


def _metrics(
    captures: Captures,
    data: bytes,
    functions: list[Definition],
    measured: FileComplexity,
    *,
    has_errors: bool,
) -> dict[str, int]:
    lines = count_lines(data, captures.spans("comment"))
    shapes = [
        FunctionShape(
            one.cognitive,
            one.cyclomatic,
            definition.end_row - definition.row + 1,
            one.nesting,
            len(definition.parameters),
        )
        for definition, one in zip(functions, measured.functions, strict=True)
    ]
    outside = measured.outside
    outside_lines = max(1, lines.code - sum(shape.lines for shape in shapes))
    return {
        "lines_of_code": lines.code,
        "comment_lines": lines.comments,
        "cyclomatic_complexity": measured.cyclomatic,
        "cognitive_complexity": measured.cognitive,
        "max_nesting": measured.nesting,
        "duplicated_lines": lines.duplicated,
        "quality": quality(
            shapes,
            FunctionShape(outside.cognitive, outside.cyclomatic, outside_lines, outside.nesting, 0),
            duplicated_share=lines.duplicated / lines.code if lines.code else 0.0,
            has_errors=has_errors,
        ),
    }
