"""Python that is newer than the interpreter at hand is no mistake where the project asks for it."""

# ruff: noqa: E501 - manifests and programs as data

import sys

import pytest

from quantumlayer.parser import Parser, SourceText, project_findings
from quantumlayer.parser.newer_python import NEWEST, OWN, asked_python

TYPES = "type Row = dict[str, int]\n\n\nclass Shelf[T]:\n    def first(self) -> T: ...\n"
TEXTS = 'def label(row):\n    return f"{row["room"]}/{", ".join(row["parts"])}"\n'
DEFAULTS = "class Box[T = int]:\n    pass\n"
pytestmark = pytest.mark.skipif(sys.version_info >= (3, 12), reason="needs an older interpreter")


def asks(specifier: str) -> SourceText:
    text = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "{specifier}"\n'
    return SourceText(path="pyproject.toml", content=text)


@pytest.mark.parametrize(
    ("specifier", "source"),
    [(">=3.12", TYPES), (">=3.12", TEXTS), ("~=3.12", TYPES), (">=3.13", DEFAULTS)],
)
async def test_newer_syntax_is_well_formed_where_it_is_asked_for(
    specifier: str, source: str
) -> None:
    files = [asks(specifier), SourceText(path="a.py", content=source)]
    async with Parser(workers=1) as parser:
        analyses = await parser.analyze(files)
    assert analyses[1].syntax.errors == ()
    assert analyses[1].symbols
    found = await project_findings(files, analyses)
    assert "invalid-syntax" not in {one.rule for one in found}


@pytest.mark.parametrize(
    ("specifier", "source"),
    [(">=3.9", TYPES), (">=3.12", DEFAULTS), (">=3.12", "x = (\n"), (">=3.12", "return 1\n"),
     (">=3.12", 'print "x"\n')],
)  # fmt: skip
async def test_what_the_asked_for_version_refuses_is_not(specifier: str, source: str) -> None:
    async with Parser(workers=1) as parser:
        files = [asks(specifier), SourceText(path="a.py", content=source)]
        analyses = await parser.analyze(files)
    assert analyses[1].syntax.errors


async def test_a_file_on_its_own_may_be_of_any_version() -> None:
    async with Parser(workers=1) as parser:
        [alone] = await parser.analyze([SourceText(path="a.py", content=TYPES)])
    assert alone.syntax.errors == ()


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.12"', (3, 12)),
        ("setup.cfg", "[options]\npython_requires = >=3.13", (3, 13)),
        ("service/setup.py", "setup(python_requires='>=3.12')", (3, 12)),
        ("pyproject.toml", "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.99'", NEWEST),
        ("pyproject.toml", "[project]\nname = 'x'\nversion = '1'\n", OWN),
        ("pyproject.toml", "[project\n", OWN),
        ("readme.md", "", NEWEST),
    ],
)  # fmt: skip
def test_the_lowest_version_that_is_asked_for_decides(
    path: str, text: str, expected: tuple[int, int]
) -> None:
    assert asked_python([SourceText(path=path, content=text)]) == expected
