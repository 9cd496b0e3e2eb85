"""Each language's sample has the symbols, imports, calls and measures that its expectation says.

To add a language: a folder `samples/<language>/` with one source and an `expected.json`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.parser import (
    LANGUAGES,
    FileAnalysis,
    Parser,
    SourceText,
    Symbol,
    capabilities,
    detect_language,
)

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(folder.name for folder in SAMPLES.iterdir())
# `classify` is the same function everywhere: two conditions, a loop, a condition two levels deep,
# an `and`, an `else if`, an `else`.
CLASSIFY = [6, 9, 3]
WITHOUT_ELSE_IF = {"elixir", "haskell", "erlang", "cmake"}


@cache
def sample(language: str) -> SourceText:
    (path,) = (one for one in (SAMPLES / language).iterdir() if one.name != "expected.json")
    return SourceText(path=path.name, content=path.read_bytes())


def expectation(language: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((SAMPLES / language / "expected.json").read_text("utf-8"))
    return expected


@pytest.fixture(scope="module")
async def analyses(parser: Parser) -> dict[str, FileAnalysis]:
    answers = await parser.analyze([sample(name) for name in NAMES])
    return dict(zip(NAMES, answers, strict=True))


def as_expected(symbol: Symbol) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": symbol.kind.value,
        "name": symbol.name,
        "line": symbol.line,
        "end_line": symbol.end_line,
    }
    if symbol.parameters:
        row["parameters"] = list(symbol.parameters)
    if symbol.documentation:
        row["documentation"] = symbol.documentation
    if symbol.metrics:
        measured = symbol.metrics
        row["complexity"] = [measured.cyclomatic, measured.cognitive, measured.nesting]
    return row


@pytest.mark.parametrize("language", NAMES)
def test_a_sample_is_read_as_expected(language: str, analyses: dict[str, FileAnalysis]) -> None:
    analysis, expected = analyses[language], expectation(language)
    assert analysis.language == language
    assert analysis.syntax.errors == ()
    assert [as_expected(symbol) for symbol in analysis.symbols] == expected["symbols"]
    assert [one.module for one in analysis.imports] == expected["imports"]
    assert [one.name for one in analysis.calls] == expected["calls"]
    assert analysis.metrics is not None
    assert analysis.metrics.model_dump() == expected["metrics"]


@pytest.mark.parametrize("language", NAMES)
def test_the_same_function_is_equally_complex_in_every_language(
    language: str, analyses: dict[str, FileAnalysis]
) -> None:
    found = {symbol.name.lower(): as_expected(symbol) for symbol in analyses[language].symbols}
    twin = found.get("classify") or found.get("get-classification")
    if twin is not None and language not in WITHOUT_ELSE_IF:
        assert twin["complexity"] == CLASSIFY
        assert twin["documentation"].endswith("ays how a number looks.")


def test_every_language_with_a_query_has_a_sample() -> None:
    assert {name for name, row in LANGUAGES.items() if row.query} == set(NAMES)


def test_a_sample_shows_all_that_its_language_can(analyses: dict[str, FileAnalysis]) -> None:
    for name, analysis in analyses.items():
        able = capabilities(name)
        assert bool(analysis.symbols) == able.symbols, name
        assert bool(analysis.imports) <= able.imports, name
        assert bool(analysis.calls) == able.calls, name
        assert any(symbol.metrics for symbol in analysis.symbols) == able.complexity, name


def test_thirty_languages_have_diagnostics_and_twenty_four_of_them_structure() -> None:
    able = [capabilities(name) for name in LANGUAGES]
    full = [one for one in able if all(one)]
    assert len(able) >= 30
    assert len(full) >= 24


def test_samples_are_recognised_by_their_names() -> None:
    for name in NAMES:
        found = detect_language(sample(name).path, sample(name).data)
        assert found is not None
        assert found.name == name
