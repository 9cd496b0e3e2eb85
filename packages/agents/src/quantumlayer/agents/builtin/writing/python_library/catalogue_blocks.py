"""Blocks of the catalogue as parts: read, parametrised, renamed."""

import io
import re
import tokenize
from functools import cache

from quantumlayer.agents.builtin.understanding.library import Feature, feature
from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.agents.builtin.writing.python_library.rendering import FOLDER, traced
from quantumlayer.qlayer.requirements.library import CatalogueBlock

_TESTS = "# ---- tests ----\n"


@cache
def block_sources(identifier: str) -> tuple[str, str]:
    """The code and the tests of a block as they are kept, before anything is put in."""
    path = FOLDER / "templates" / "blocks" / f"{identifier}.block"
    code, mark, tests = path.read_text(encoding="utf-8").partition(_TESTS)
    if not mark:
        raise ValueError(f"the block {identifier} has no tests")
    return code, tests


def catalogue_part(block: CatalogueBlock) -> Part:
    """The part of a block with its parameters and names."""
    known: Feature = feature(block.id)
    code, tests = block_sources(block.id)
    for constant, literal in block.parameters:
        code, tests = (_with_constant(text, constant, literal) for text in (code, tests))
    for name, wanted in block.names:
        code, tests = (renamed(text, name, wanted) for text in (code, tests))
    names = dict(block.names)
    return Part(
        module=known.module,
        title=known.module_title,
        code=code,
        tests=traced(tests, block.requirements),
        test_name=block.id,
        public=tuple(names.get(name, name) for name in known.public),
        requirements=block.requirements,
    )


def _with_constant(source: str, constant: str, literal: str) -> str:
    pattern = rf"^({constant}(?:: [\w\[\], .|]+)?) = .*$"
    return re.sub(pattern, lambda match: f"{match[1]} = {literal}", source, flags=re.MULTILINE)


def renamed(source: str, name: str, wanted: str) -> str:
    """The source with an identifier renamed, in code, in doctests and between back quotes."""
    pieces: list[str] = []
    lines = source.splitlines(keepends=True)
    row, column = 1, 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        pieces.append(_between(lines, (row, column), token.start))
        pieces.append(_token(token, name, wanted))
        row, column = token.end
    return "".join(pieces)


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]] if start[0] <= len(lines) else ""
    head = lines[start[0] - 1][start[1] :] if start[0] <= len(lines) else ""
    tail = lines[end[0] - 1][: end[1]] if end[0] <= len(lines) else ""
    return head + "".join(lines[start[0] : end[0] - 1]) + tail


def _token(token: tokenize.TokenInfo, name: str, wanted: str) -> str:
    if token.type == tokenize.NAME:
        return wanted if token.string == name else token.string
    if token.type == tokenize.STRING and token.string.startswith('"""'):
        word = re.compile(rf"\b{name}\b")
        lines = token.string.split("\n")
        return "\n".join(
            word.sub(wanted, line)
            if line.lstrip().startswith((">>>", "..."))
            else re.sub(rf"`{name}\b", f"`{wanted}", line)
            for line in lines
        )
    return token.string
