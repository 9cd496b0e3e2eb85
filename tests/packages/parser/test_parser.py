"""Syntax and symbols of files: who decides, where the problem is, and what limits hold."""

import asyncio
import os
import shutil
from pathlib import Path

import psutil
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from quantumlayer.parser import (
    FileAnalysis,
    FunctionMetrics,
    Parser,
    SourceText,
    Symbol,
    SymbolKind,
    SyntaxTier,
    analyze,
)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


async def analysis_of(parser: Parser, path: str, content: str | bytes) -> FileAnalysis:
    (analysis,) = await parser.analyze([SourceText(path=path, content=content)])
    return analysis


@pytest.mark.parametrize(
    ("path", "content", "tier"),
    [
        ("a.py", "async def f(*, x: int) -> None: ...\n", SyntaxTier.PYTHON),
        ("a.py", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", SyntaxTier.PYTHON),
        ("a.ts", "interface A { b: string }\nenum C { D }\n", SyntaxTier.TREE_SITTER),
        ("a.tsx", "const a = <p>{b}</p>;\n", SyntaxTier.TREE_SITTER),
        ("a.json", '{"a": [1, null]}', SyntaxTier.JSON),
        ("a.yaml", "a: 1\n---\nb: [c, !Ref d]\n", SyntaxTier.YAML),
        ("a.toml", "[a]\nb = 1979-05-27\n", SyntaxTier.TOML),
        ("a.html", "<!doctype html><p>a</p>", SyntaxTier.TREE_SITTER),
        ("a.css", "a { color: red }", SyntaxTier.TREE_SITTER),
        ("a.sh", "f() { echo a; }", SyntaxTier.TREE_SITTER),
        ("Dockerfile", 'FROM python:3.12-slim\nCMD ["a"]', SyntaxTier.TREE_SITTER),
        ("a.md", "# A", SyntaxTier.TREE_SITTER),
        ("a.bin", b"\x00\xff", SyntaxTier.NONE),
    ],
)
async def test_a_well_formed_file_has_no_errors(
    parser: Parser, path: str, content: str | bytes, tier: SyntaxTier
) -> None:
    syntax = (await analysis_of(parser, path, content)).syntax
    assert syntax.errors == ()
    assert syntax.tier is tier


@pytest.mark.parametrize(
    ("path", "content", "line", "column"),
    [
        ("a.py", "x = 1\ny = (2,\n", 2, 5),
        ("a.ts", "let a = 1;\nlet b: = 2;\n", 2, 6),
        ("a.json", '{\n  "a": 1,\n}', 3, 1),
        ("a.yaml", "a: 1\nb: [2\n", 3, 1),
        ("a.toml", "a = 1\nb = \n", 2, 5),
        ("a.css", "a { color: red }\n}\n", 2, 1),
        ("a.sh", "echo a\nif true; then\n", 2, 14),
        ("a.sh", "echo a\n(b", 2, 3),
        ("Dockerfile", "FROM a\nRUN b\nFOO c\n", 3, 1),
    ],
)
async def test_a_problem_is_shown_where_it_is(
    parser: Parser, path: str, content: str, line: int, column: int
) -> None:
    errors = (await analysis_of(parser, path, content)).syntax.problems
    assert errors
    assert (errors[0].line, errors[0].column) == (line, column)
    assert errors[0].message


async def test_the_excerpt_points_at_the_place_as_a_compiler_does(parser: Parser) -> None:
    (error,) = (await analysis_of(parser, "a.py", "x = 1\ny = (2,\n")).syntax.errors
    assert error.message == "'(' was never closed"
    assert error.excerpt == "    2 | y = (2,\n      |     ^"


@pytest.mark.parametrize(
    "content",
    ["return 1\n", "def f(): nonlocal x\n", "x = 1 = 2\n", "for x in y: continue\nbreak\n"],
)
async def test_python_itself_finds_what_a_grammar_accepts(parser: Parser, content: str) -> None:
    syntax = (await analysis_of(parser, "a.py", content)).syntax
    assert syntax.tier is SyntaxTier.PYTHON
    assert len(syntax.errors) == 1


async def test_nothing_of_a_checked_file_is_executed(parser: Parser, tmp_path: Path) -> None:
    marker = str(tmp_path / "ran")
    python = f"open({marker!r}, 'w').close()\n"
    node = f"require('fs').writeFileSync({marker!r}, '');\n"
    module = f"import fs from 'fs';\nfs.writeFileSync({marker!r}, '');\nlet a = ;\n"
    await parser.analyze(
        [
            SourceText(path="a.py", content=python),
            SourceText(path="a.cjs", content=node),
            SourceText(path="a.mjs", content=module),
        ]
    )
    assert not os.listdir(tmp_path)  # noqa: PTH208 - pathlib would block just as long


@needs_node
@pytest.mark.parametrize(
    ("path", "content", "line", "column"),
    [
        ("a.mjs", "import a from 'b';\n\nconst z = ;\n", 3, 11),
        ("a.mjs", "let a = 1;\nlet a = 2;\n", 2, 5),
        ("a.cjs", "const {a b} = 1;\n", 1, 10),
        ("a.cjs", "import a from 'b';\n", 1, 1),
    ],
)
async def test_node_itself_decides_on_javascript(
    parser: Parser, path: str, content: str, line: int, column: int
) -> None:
    syntax = (await analysis_of(parser, path, content)).syntax
    assert syntax.tier is SyntaxTier.NODE
    assert [(error.line, error.column) for error in syntax.errors] == [(line, column)]


@needs_node
@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.js", "#!/usr/bin/env node\nexport const a = await b;\n"),
        ("a.js", "const a = require('a');\nreturn;\n"),
        ("a.js", "const a = await b;\n"),
        ("a.mjs", ""),
    ],
)
async def test_a_script_or_a_module_is_well_formed_when_node_would_take_it(
    parser: Parser, path: str, content: str
) -> None:
    assert (await analysis_of(parser, path, content)).syntax.errors == ()


@needs_node
async def test_the_nearest_package_json_says_how_javascript_is_read(parser: Parser) -> None:
    files = [
        SourceText(path="package.json", content='{"type": "module"}'),
        SourceText(path="src/a.js", content="import a from 'b';\n"),
        SourceText(path="old/package.json", content='{"type": "commonjs"}'),
        SourceText(path="old/a.js", content="import a from 'b';\n"),
    ]
    analyses = await parser.analyze(files)
    assert [bool(analysis.syntax.errors) for analysis in analyses] == [False, False, False, True]


async def test_without_node_tree_sitter_decides_and_says_so() -> None:
    async with Parser(workers=1, node="") as parser:
        (analysis,) = await parser.analyze([SourceText(path="a.js", content="const a = ;")])
    assert analysis.syntax.tier is SyntaxTier.TREE_SITTER
    # Of JavaScript, its grammar knows what Node takes, and more.
    assert analysis.syntax.doubts


async def test_python_symbols(parser: Parser) -> None:
    source = (
        "class Loan:\n"
        "    @property\n"
        "    def late(self, *, on: date = today) -> bool:\n"
        '        """Whether it is late."""\n'
        "        def inner(a, *rest, **options): ...\n"
        "        return on > self.due and not self.returned\n"
        "# Hands out.\n"
        "async def lend(book, /, member): ...\n"
    )
    plain = FunctionMetrics(cyclomatic=1, cognitive=0, nesting=0)
    assert (await analysis_of(parser, "a.py", source)).symbols == (
        Symbol(kind=SymbolKind.CLASS, name="Loan", line=1, end_line=6),
        Symbol(
            kind=SymbolKind.METHOD,
            name="late",
            line=3,
            end_line=6,
            parameters=("self", "on"),
            documentation="Whether it is late.",
            metrics=FunctionMetrics(cyclomatic=2, cognitive=1, nesting=0),
        ),
        Symbol(
            kind=SymbolKind.FUNCTION,
            name="inner",
            line=5,
            end_line=5,
            parameters=("a", "*rest", "**options"),
            metrics=plain,
        ),
        Symbol(
            kind=SymbolKind.FUNCTION,
            name="lend",
            line=8,
            end_line=8,
            parameters=("book", "member"),
            documentation="Hands out.",
            metrics=plain,
        ),
    )


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (
            "a.js",
            "export async function f(a, { b }) {}\nconst g = x => x;\nclass D { m(e) {} }\n",
            [("function", "f"), ("function", "g"), ("class", "D"), ("method", "m")],
        ),
        (
            "a.ts",
            "interface A {}\ntype B = 1;\nenum C { X }\nabstract class D {}\nfunction e() {}\n",
            [("interface", "A"), ("type", "B"), ("enum", "C"), ("class", "D"), ("function", "e")],
        ),
        (
            "a.sh",
            "start() { echo; }\nfunction stop { echo; }\n",
            [("function", "start"), ("function", "stop")],
        ),
        ("a.json", "{}", []),
    ],
)
async def test_symbols_of_other_languages(
    parser: Parser, path: str, content: str, expected: list[tuple[str, str]]
) -> None:
    symbols = (await analysis_of(parser, path, content)).symbols
    assert [(symbol.kind.value, symbol.name) for symbol in symbols] == expected


async def test_a_file_that_hangs_its_grammar_costs_one_answer() -> None:
    async with Parser(workers=1, time_limit_seconds=1) as parser:
        before, stuck, after = await parser.analyze(
            [
                SourceText(path="a.json", content="{}"),
                SourceText(path="b.yaml", content="[" * 300_000),
                SourceText(path="c.json", content="{}"),
            ]
        )
    assert stuck.syntax.tier is SyntaxTier.STOPPED
    assert stuck.syntax.doubts[0].message == "could not be checked: stopped after 1 s"
    assert before.syntax.tier is after.syntax.tier is SyntaxTier.JSON


async def test_a_file_beyond_the_size_limit_says_so(parser: Parser) -> None:
    syntax = (await analysis_of(parser, "a.py", b"#" * (4 * 1024**2 + 1))).syntax
    assert syntax.tier is SyntaxTier.STOPPED
    assert "too large" in syntax.doubts[0].message


@pytest.mark.parametrize("path", ["a.py", "a.js", "a.json", "a.css", "a.sh", "a.ts"])
async def test_ten_thousand_brackets_are_answered(parser: Parser, path: str) -> None:
    assert (await analysis_of(parser, path, "(" * 10_000)).syntax.problems


async def test_leaving_the_parser_leaves_no_process_behind() -> None:
    before = set(psutil.Process().children(recursive=True))
    async with Parser(workers=2) as parser:
        await parser.analyze(
            [SourceText(path="a.js", content="1"), SourceText(path="b.py", content="1")]
        )
        assert set(psutil.Process().children(recursive=True)) - before
    assert not set(psutil.Process().children(recursive=True)) - before


async def test_a_cancelled_call_leaves_a_parser_that_still_answers() -> None:
    async with Parser(workers=1, time_limit_seconds=30) as parser:
        call = asyncio.create_task(
            parser.analyze([SourceText(path="b.yaml", content="[" * 300_000)])
        )
        await asyncio.sleep(0.2)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        (analysis,) = await parser.analyze([SourceText(path="a.json", content="{}")])
    assert analysis.syntax.errors == ()


async def test_a_closed_parser_refuses() -> None:
    async with Parser(workers=1) as parser:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        await parser.analyze([SourceText(path="a.py", content="")])


async def test_one_call_without_keeping_a_parser() -> None:
    (analysis,) = await analyze([SourceText(path="a.py", content="def f(): ...")])
    assert analysis.symbols[0].name == "f"


SUFFIXES = ("py", "js", "mjs", "ts", "tsx", "json", "yaml", "toml", "html", "css", "sh", "md")


def any_source() -> st.SearchStrategy[SourceText]:
    content: st.SearchStrategy[bytes | str] = st.one_of(
        st.binary(max_size=400),
        st.text(alphabet="(){}[]<>\"'`:;,=#\n\t \\@abc01é€😀\0", max_size=200),
    )
    return st.builds(
        lambda suffix, content: SourceText(path=f"a.{suffix}", content=content),
        st.sampled_from(SUFFIXES),
        content,
    )


# Shrinking would start processes for minutes: the files of a failing example are few and short.
@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(files=st.lists(any_source(), min_size=20, max_size=40))
def test_any_bytes_get_an_answer_with_places_inside_the_file(files: list[SourceText]) -> None:
    for file, analysis in zip(
        files, asyncio.run(analyze(files, time_limit_seconds=20)), strict=True
    ):
        lines = file.data.count(b"\n") + 1
        assert analysis.syntax.tier is not SyntaxTier.STOPPED
        assert all(error.line <= lines + 1 for error in analysis.syntax.errors)
        assert all(one.line <= one.end_line <= lines for one in analysis.symbols)
