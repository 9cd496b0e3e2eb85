"""Cyclomatic and cognitive complexity, by examples that can be counted by hand."""

import pytest

from quantumlayer.parser import Parser, SourceText

PYTHON = [
    ("return 1", (1, 0, 0)),
    ("if a: pass", (2, 1, 1)),
    ("if a: pass\n    elif b: pass\n    else: pass", (3, 3, 1)),
    ("if a:\n        if b: pass", (3, 3, 2)),
    ("for x in y:\n        while z: pass", (3, 3, 2)),
    ("return a and b and c", (3, 1, 0)),
    ("return a and b or c", (3, 2, 0)),
    # Sequences as the tree has them: the two `or` are one, the `and` within is another.
    ("return a or b and c or d", (4, 2, 0)),
    ("return [x for x in y if z]", (3, 0, 0)),
    ("return a if b else c", (2, 1, 1)),
    ("try: pass\n    except E: pass\n    except F: pass", (3, 2, 1)),
    ("match a:\n        case 1: pass\n        case 2: pass\n        case _: pass", (3, 1, 1)),
    ("return lambda: a if b else c", (2, 2, 2)),
    ("for x in y: pass\n    else: pass", (2, 2, 1)),
]
GO = [
    ("for { if a { break } }", (3, 3, 2)),
    ("if a { } else if b { } else if c { } else { }", (4, 4, 1)),
    ("outer:\n for { for { continue outer } }", (3, 4, 2)),
    ("switch a { case 1, 2: b(); case 3: c(); default: d() }", (3, 1, 1)),
    ("func() { if a { } }()", (2, 2, 2)),
]


@pytest.mark.parametrize(("body", "expected"), PYTHON)
async def test_python(parser: Parser, body: str, expected: tuple[int, int, int]) -> None:
    assert await measured(parser, "a.py", f"def f():\n    {body}\n") == [expected]


@pytest.mark.parametrize(("body", "expected"), GO)
async def test_go(parser: Parser, body: str, expected: tuple[int, int, int]) -> None:
    assert await measured(parser, "a.go", f"package a\nfunc f() {{\n {body}\n}}\n") == [expected]


async def test_what_a_named_function_does_is_its_own(parser: Parser) -> None:
    source = "def f():\n    if a:\n        def g():\n            if b: pass\n"
    assert await measured(parser, "a.py", source) == [(2, 1, 1), (2, 1, 1)]


async def test_an_arrow_with_a_name_is_that_function(parser: Parser) -> None:
    source = "const f = (x) => { if (x) {} };\nconst g = () => run(() => { if (x) {} });\n"
    assert await measured(parser, "a.js", source) == [(2, 1, 1), (2, 2, 2)]


async def test_a_file_counts_its_functions_and_what_lies_outside(parser: Parser) -> None:
    source = "if a: pass\ndef f():\n    if b: pass\ndef g(): pass\n"
    (analysis,) = await parser.analyze([SourceText(path="a.py", content=source)])
    assert analysis.metrics is not None
    assert analysis.metrics.cyclomatic_complexity == 4
    assert analysis.metrics.cognitive_complexity == 2
    (empty,) = await parser.analyze([SourceText(path="a.py", content="")])
    assert empty.metrics is not None
    assert empty.metrics.cyclomatic_complexity == 1


async def measured(parser: Parser, path: str, source: str) -> list[tuple[int, int, int]]:
    (analysis,) = await parser.analyze([SourceText(path=path, content=source)])
    found = [symbol.metrics for symbol in analysis.symbols if symbol.metrics]
    return [(one.cyclomatic, one.cognitive, one.nesting) for one in found]
