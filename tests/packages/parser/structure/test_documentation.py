"""Which comment speaks of which definition."""

import pytest

from quantumlayer.parser import Parser, SourceText


@pytest.mark.parametrize(
    ("path", "source", "documentation"),
    [
        ("a.py", 'def f():\n    """One.\n\n    Two.\n    """\n', "One.\n\nTwo."),
        ("a.py", "def f():\n    r'x'\n", "x"),
        ("a.py", "# One.\n# Two.\ndef f(): ...\n", "One.\nTwo."),
        ("a.py", "# Apart.\n\ndef f(): ...\n", ""),
        ("a.py", "x = 1  # of x\ndef f(): ...\n", ""),
        ("a.py", "# of x\nx = 1\ndef f(): ...\n", ""),
        (
            "a.js",
            "/**\n * One.\n * @param a it\n */\nexport function f(a) {}\n",
            "One.\n@param a it",
        ),
        ("a.rs", "/// One.\n#[inline]\npub fn f() {}\n", "One."),
        ("a.cpp", "// One.\ntemplate <typename T>\nT f() { }\n", "One."),
        ("a.hs", "-- | One.\nf :: Int -> Int\nf x = x\n", "One."),
        ("a.lua", "--[[ One. ]]\nfunction f() end\n", "One."),
    ],
)
async def test_documentation(parser: Parser, path: str, source: str, documentation: str) -> None:
    (analysis,) = await parser.analyze([SourceText(path=path, content=source)])
    assert [one.documentation for one in analysis.symbols] == [documentation]
