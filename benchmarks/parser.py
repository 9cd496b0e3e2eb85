"""The parser beside a bare tree-sitter parse, lizard and bandit, on the same files in one run.

How long and how much memory from 1 to 10,000 files; the HTTP service's answers to a file of 200
lines; and how far lizard agrees on functions and their complexity.
"""

import asyncio
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

import httpx
import psutil

from benchmarks.figures import Figure, report
from benchmarks.parser_agreement import Agreement, agreement, lizard_functions
from benchmarks.parser_corpus import Corpus, corpora
from quantumlayer.parser import FileAnalysis, Parser, SourceText
from quantumlayer.parser.analysis import analyse, structure
from quantumlayer.parser.grammars import parser as bare_parser
from quantumlayer.parser.tree import parse

PYTHON_LINES = 150_000
OTHER_LINES = 40_000
SIZES = (1, 10, 100, 1_000, 10_000)
REQUESTS = 300
PORT = 8641


def main() -> None:
    """Measures everything and writes `.quantumlayer/bench/parser.json`."""
    found = corpora(PYTHON_LINES, OTHER_LINES)
    figures: list[Figure] = []
    for corpus in found:
        figures += one_core(corpus)
    figures += asyncio.run(processes(found))
    figures += asyncio.run(growth(found[0]))
    figures += asyncio.run(service(found[0]))
    figures += agreements(found)
    print(report("parser", figures))


def one_core(corpus: Corpus) -> list[Figure]:
    """In this process: parse alone, the whole analysis, lizard; for Python bandit too."""
    name, lines = corpus.language, corpus.lines
    plain = bare_parser(name)
    gc.disable()
    bare = best(lambda: [plain.parse(data) for _, data in corpus.files])
    measured = best(lambda: [measure(name, data) for _, data in corpus.files])
    full = best(lambda: [analyse(name, path, data, native=False) for path, data in corpus.files])
    gc.enable()
    checked = best(lambda: [analyse(name, path, data) for path, data in corpus.files], 1)
    metrics = best(lambda: lizard_all(corpus), 1)
    figures = [
        Figure(f"{name}: lines", lines, "lines"),
        Figure(f"{name}: bare parse", bare, "s"),
        Figure(f"{name}: structure and metrics", measured, "s"),
        Figure(f"{name}: structure and metrics / bare parse", measured / bare, "times", 1.5),
        Figure(f"{name}: analysis, with rules", full, "s"),
        Figure(f"{name}: analysis / bare parse", full / bare, "times", 1.5),
        Figure(f"{name}: analysis and the language's own check", checked, "s"),
        Figure(
            f"{name}: lizard / structure and metrics", metrics / measured, "times", 2, at_most=False
        ),
    ]
    if name == "python":
        figures.append(
            Figure("python: bandit / analysis", bandit(corpus) / full, "times", 10, at_most=False)
        )
    return figures


def measure(language: str, data: bytes) -> object:
    """Parse, structure and metrics, without rules: what lizard does."""
    return structure(language, parse(language, data), data, has_errors=False)


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of several times, in seconds."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def lizard_all(corpus: Corpus) -> None:
    """lizard on the same files, in the same process."""
    for _, data in corpus.files:
        lizard_functions(corpus.suffix, data.decode())


def bandit(corpus: Corpus) -> float:
    """bandit on the same files; its start is taken off."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, data) in enumerate(corpus.files):
            Path(folder, f"m{number}.py").write_bytes(data)
        whole = _bandit([folder, "-r"])
        Path(folder, "empty").mkdir()
        return whole - _bandit([str(Path(folder, "empty")), "-r"])


def _bandit(arguments: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-f", "json", "--exit-zero", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - begun


async def processes(found: Sequence[Corpus]) -> list[Figure]:
    """Through the workers, one and two, all languages together."""
    files = [
        SourceText(path=path, content=data, language=corpus.language)
        for corpus in found
        for path, data in corpus.files
    ]
    lines = sum(corpus.lines for corpus in found)
    figures = []
    for workers in (1, 2):
        async with Parser(workers=workers, native=False, cache_bytes=0) as parser:
            begun = time.perf_counter()
            await parser.analyze(files)
            taken = time.perf_counter() - begun
        figures.append(
            Figure(
                f"{workers} worker(s): thousand lines a second", lines / taken / 1000, "klines/s"
            )
        )
    return figures


async def growth(corpus: Corpus) -> list[Figure]:
    """How time and memory grow with the number of files."""
    figures = []
    small = [data for _, data in corpus.files if len(data) < 20_000]
    for size in SIZES:
        files = [
            SourceText(path=f"{number}.py", content=b"# %d\n" % number + data)
            for number, data in zip(range(size), cycle(small), strict=False)
        ]
        kilobytes = sum(len(file.data) for file in files) / 1000
        async with Parser(workers=2, native=False) as parser:
            begun = time.perf_counter()
            await parser.analyze(files)
            taken = time.perf_counter() - begun
            used = memory()
        figures += [
            Figure(f"{size:,} files: time for a megabyte", 1000 * taken / kilobytes, "s"),
            Figure(f"{size:,} files: time", taken, "s"),
            Figure(f"{size:,} files: memory of the workers", used / 1e6, "MB"),
        ]
    return figures


def memory() -> int:
    """Resident bytes of all child processes."""
    return sum(child.memory_info().rss for child in psutil.Process().children(recursive=True))


async def service(corpus: Corpus) -> list[Figure]:
    """The HTTP service as users run it: a file of 200 lines, new and unchanged."""
    source = next(data for _, data in corpus.files if 190 <= data.count(b"\n") <= 210).decode()
    command = [sys.executable, "-m", "quantumlayer.cli.main", "parser", "--port", str(PORT)]
    server = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
            await _ready(client)
            fresh = [await _ask(client, f"# {number}\n{source}") for number in range(REQUESTS)]
            same = [await _ask(client, source) for _ in range(REQUESTS)]
    finally:
        server.terminate()
        await server.wait()
    return [
        Figure("HTTP, 200 lines: p50", _percentile(fresh, 50), "ms"),
        Figure("HTTP, 200 lines: p95", _percentile(fresh, 95), "ms"),
        Figure("HTTP, 200 lines unchanged: p50", _percentile(same, 50), "ms"),
        Figure("HTTP, 200 lines unchanged: p95", _percentile(same, 95), "ms"),
    ]


async def _ready(client: httpx.AsyncClient) -> None:
    for _ in range(200):
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit(f"the parser does not answer on port {PORT}: is it taken?")


async def _ask(client: httpx.AsyncClient, source: str) -> float:
    body = json.dumps({"files": [{"path": "a.py", "content": source}]})
    begun = time.perf_counter()
    answer = await client.post("/v1/analyze", content=body)
    taken = 1000 * (time.perf_counter() - begun)
    answer.raise_for_status()
    return taken


def _percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def agreements(found: Sequence[Corpus]) -> list[Figure]:
    """How far lizard and we see the same; a sample of the differences is written down."""
    figures, notes = [], []
    for corpus in found:
        analyses = [
            FileAnalysis.model_validate(analyse(corpus.language, path, data, native=False))
            for path, data in corpus.files
        ]
        seen = agreement(corpus, analyses)
        figures += [
            Figure(
                f"{corpus.language}: functions of lizard found",
                100 * seen.found / seen.functions,
                "%",
                99,
                at_most=False,
            ),
            Figure(
                f"{corpus.language}: equal complexity",
                100 * seen.equal / seen.found,
                "%",
                95,
                at_most=False,
            ),
        ]
        notes += _notes(corpus.language, seen)
    path = Path(".quantumlayer/bench/parser-agreement.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(notes) + "\n")
    print(f"differences: {path}")
    return figures


def _notes(language: str, seen: Agreement) -> list[str]:
    reasons = [f"  {count:>5} {reason}" for reason, count in seen.reasons.most_common()]
    return [f"{language}: {len(seen.sample)} of the differences", *seen.sample, *reasons, ""]


if __name__ == "__main__":
    main()
