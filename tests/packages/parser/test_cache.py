"""Answers by content."""

from quantumlayer.parser import FileAnalysis, Parser, SourceText, SyntaxReport, SyntaxTier
from quantumlayer.parser.cache import AnalysisCache, content_key
from quantumlayer.parser.pool import WorkerPool


def analysis(path: str) -> FileAnalysis:
    return FileAnalysis(path=path, language=None, syntax=SyntaxReport(tier=SyntaxTier.NONE))


def test_what_was_used_longest_ago_is_dropped_first() -> None:
    cache = AnalysisCache(max_bytes=100)
    cache.put(b"a", analysis("a"), 40)
    cache.put(b"b", analysis("b"), 40)
    assert cache.get(b"a") == analysis("a")
    cache.put(b"c", analysis("c"), 40)
    assert cache.get(b"b") is None
    assert cache.get(b"a") == analysis("a")


def test_what_is_too_large_is_not_kept() -> None:
    cache = AnalysisCache(max_bytes=100)
    cache.put(b"a", analysis("a"), 101)
    assert cache.get(b"a") is None


def test_parts_of_a_key_do_not_run_together() -> None:
    assert content_key(b"ab", b"c") != content_key(b"a", b"bc")


async def test_an_unchanged_file_is_not_analysed_again() -> None:
    files = [SourceText(path="a.py", content="def f(): ...\n")]
    async with Parser(workers=1) as parser:
        first = await parser.analyze(files)
        asked = _answered(parser._trees)
        assert await parser.analyze(files) == first
        assert _answered(parser._trees) == asked
        await parser.analyze([SourceText(path="a.py", content="def g(): ...\n")])
        assert _answered(parser._trees) == asked + 1


async def test_the_same_content_elsewhere_has_its_own_path() -> None:
    async with Parser(workers=1) as parser:
        await parser.analyze([SourceText(path="a.py", content="x = 1\n")])
        (second,) = await parser.analyze([SourceText(path="b.py", content="x = 1\n")])
    assert second.path == "b.py"


def _answered(pool: WorkerPool) -> int:
    return sum(worker.answered for worker in pool._all)
