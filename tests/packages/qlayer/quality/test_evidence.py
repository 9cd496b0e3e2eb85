"""Evidence from parser and linters becomes findings of the report."""

import pytest

from quantumlayer.parser import SourceText, analyze, lint
from quantumlayer.qlayer.quality import Severity, lint_findings, syntax_findings
from quantumlayer.qlayer.quality.steady import reproducible


async def test_a_syntax_problem_is_a_high_finding_that_names_who_decided() -> None:
    files = [SourceText(path="a.py", content="x = (\n"), SourceText(path="b.py", content="")]
    (found,) = syntax_findings(await analyze(files))
    assert (found.rule, found.severity, found.path) == ("syntax", Severity.HIGH, "a.py")
    assert (found.line, found.column, found.tool) == (1, 5, "python")
    assert "^" in found.excerpt


async def test_the_word_of_a_grammar_alone_blocks_nothing_and_of_dialects_says_nothing() -> None:
    sql = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;\n"
    assert syntax_findings(await analyze([SourceText(path="a.sql", content=sql)])) == ()
    found = syntax_findings(await analyze([SourceText(path="a.lua", content="local = = 1\n")]))
    assert {(one.rule, one.severity) for one in found} == {("syntax-unsure", Severity.LOW)}


async def test_a_linters_finding_keeps_place_severity_and_fix() -> None:
    found = lint_findings(await lint([SourceText(path="a.py", content='"""A."""\nimport os\n')]))
    (unused,) = (one for one in found if one.rule == "F401")
    assert (unused.path, unused.line, unused.severity) == ("a.py", 2, Severity.MEDIUM)
    assert unused.fix == "Remove unused import: `os`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<object at 0x7f5510116050>", "<object at 0x…>"),
        ("/tmp/pytest-of-root/pytest-0/test_a0/db.sqlite", "…/db.sqlite"),  # noqa: S108 - an example of a text
        ("failed after 0.35s", "failed after … s"),
        ("http://127.0.0.1:43121/books", "http://127.0.0.1:…/books"),
        ("at 2026-11-02T10:00:00.123Z", "at …"),
        ("assert 5 == 6", "assert 5 == 6"),
        ("due 2026-11-02", "due 2026-11-02"),
    ],
)
def test_what_differs_between_runs_is_blanked(text: str, expected: str) -> None:
    assert reproducible(text) == expected


def test_the_end_of_long_evidence_is_kept() -> None:
    kept = reproducible("a" * 10_000 + "the cause")
    assert len(kept) < 7_000
    assert kept.endswith("the cause")
