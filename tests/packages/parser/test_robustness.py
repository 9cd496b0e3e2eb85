"""Whatever the bytes: an answer for every file, with places inside it, within the time."""

import asyncio
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from quantumlayer.parser import LANGUAGES, FileAnalysis, Parser, SourceText, SyntaxTier, analyze

SAMPLES = Path(__file__).parent / "samples"
PIECES = (
    *(b"(", b")", b"{", b"}", b"[", b"]", b"<", b">", b'"', b"'", b"`", b"/*", b"*/", b"\n", b"\0"),
    *(b"\xff", b";", b":", b"@", b"#", b"--", b"\t", b"=>", b"<<EOF\n", b"%", b"$", b"\\"),
    *(b"\xe2\x82", b"=begin\n", b'"""', b"'''", b"\r", b"\xef\xbb\xbf", b"if ", b"end\n"),
)


@cache
def sample(language: str) -> bytes:
    folder = SAMPLES / language
    if not folder.is_dir():
        return b"(a {b} [c] : d = 'e')\n" * 5
    return next(one.read_bytes() for one in sorted(folder.iterdir()) if one.name != "expected.json")


@st.composite
def mutated(draw: st.DrawFn, language: str) -> SourceText:
    """The language's sample with some pieces put in and some parts taken out or repeated."""
    data = sample(language)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES)) * draw(st.sampled_from((1, 1, 40)))
        data = data[:start] + piece + draw(st.sampled_from((b"", data[:end]))) + data[end:]
    return SourceText(path=f"a.{language}", content=data, language=language)


def noise(language: str) -> st.SearchStrategy[SourceText]:
    return st.binary(max_size=300).map(
        lambda data: SourceText(path=f"b.{language}", content=data, language=language)
    )


every_language = st.tuples(*(one for name in LANGUAGES for one in (mutated(name), noise(name))))


# Shrinking would start processes for minutes: the files of a failing example are short.
@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(files=every_language)
def test_mutated_and_random_sources_of_every_language(files: tuple[SourceText, ...]) -> None:
    analyses = asyncio.run(analyze(files, time_limit_seconds=20))
    for file, analysis in zip(files, analyses, strict=True):
        assert analysis.syntax.tier is not SyntaxTier.STOPPED, analysis.language
        assert_inside(file, analysis)


def assert_inside(file: SourceText, analysis: FileAnalysis) -> None:
    lines = file.data.count(b"\n") + 1
    assert all(1 <= one.line <= lines for one in analysis.syntax.errors)
    assert all(1 <= one.line <= one.end_line <= lines for one in analysis.symbols)
    assert all(1 <= one.line <= lines for one in analysis.imports)
    assert all(1 <= one.line <= lines for one in analysis.calls)
    assert analysis.metrics is not None
    measured = analysis.metrics
    # Every line is code, comment or blank; none is counted twice.
    written = sum(bool(line.strip()) for line in file.data.split(b"\n"))
    assert measured.lines_of_code + measured.comment_lines <= written
    assert measured.duplicated_lines <= measured.lines_of_code


@pytest.mark.parametrize("opening", [b"(", b"{", b"\0"])
async def test_ten_thousand_of_anything_are_answered_in_every_language(
    parser: Parser, opening: bytes
) -> None:
    files = [
        SourceText(path=f"a.{name}", content=opening * 10_000, language=name) for name in LANGUAGES
    ]
    for file, analysis in zip(files, await parser.analyze(files), strict=True):
        assert analysis.syntax.tier is not SyntaxTier.STOPPED, analysis.language
        assert_inside(file, analysis)


async def test_a_megabyte_of_noise_costs_its_own_answer_only() -> None:
    noisy = bytes(range(256)) * 4_096
    async with Parser(workers=2, time_limit_seconds=1) as parser:
        files = [
            SourceText(path="before.py", content="x = 1\n"),
            *(SourceText(path=f"a.{name}", content=noisy, language=name) for name in ("c", "java")),
            SourceText(path="after.py", content="x = 1\n"),
        ]
        before, *noise, after = await parser.analyze(files)
    assert before.syntax.errors == after.syntax.errors == ()
    assert all(one.syntax.problems for one in noise)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "cp1252", "utf-8-sig"])
async def test_other_encodings_are_answered(parser: Parser, encoding: str) -> None:
    text = "# Überschrift\ndef größe():\n    return 'é'\n"
    (analysis,) = await parser.analyze([SourceText(path="a.py", content=text.encode(encoding))])
    assert bool(analysis.syntax.errors) == (encoding != "utf-8-sig")


async def test_many_files_among_which_one_is_stuck_are_all_answered() -> None:
    files = [SourceText(path=f"{number}.json", content="{}") for number in range(100)]
    files[50] = SourceText(path="stuck.yaml", content="[" * 300_000)
    async with Parser(workers=2, time_limit_seconds=1) as parser:
        analyses = await parser.analyze(files)
    stopped = [one.path for one in analyses if one.syntax.tier is SyntaxTier.STOPPED]
    assert stopped == ["stuck.yaml"]
