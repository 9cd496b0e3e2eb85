"""Analysing many files at once, each within limits that hold even when a grammar hangs."""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from zlib import crc32

from quantumlayer.parser.cache import AnalysisCache, content_key
from quantumlayer.parser.certainty import judged
from quantumlayer.parser.goals import goals, package_types
from quantumlayer.parser.language import Language
from quantumlayer.parser.languages import LANGUAGES, detect_language
from quantumlayer.parser.model import (
    FileAnalysis,
    SourceText,
    SyntaxProblem,
    SyntaxReport,
    SyntaxTier,
)
from quantumlayer.parser.newer_python import OWN, asked_python, well_formed
from quantumlayer.parser.node_syntax import node_pool, node_syntax
from quantumlayer.parser.pool import WorkerGone, WorkerPool
from quantumlayer.parser.workers import TIME_LIMIT_SECONDS, tree_workers

MAX_FILE_BYTES = 4 * 1024**2
# Files of one request to a worker: enough to make its journey cheap, few enough to share the work.
_BATCH_FILES = 32
_BATCH_BYTES = 512 * 1024
# Trees are remembered for edits of a few files, not for a passage through a whole repository.
_REMEMBERED_FILES = 32


@dataclass(frozen=True)
class _Job:
    """A file whose language is known, at its `place` in the call, with its key in the cache."""

    place: int
    file: SourceText
    data: bytes
    language: Language
    key: bytes
    python: tuple[int, int]


class Parser:
    """Analyses source files in worker processes that stay warm between calls.

    Use it as `async with Parser() as parser: await parser.analyze(files)`; on leaving, every
    process is gone. `time_limit_seconds` holds for each file. Languages' own parsers have the last
    word on syntax unless `native` is false; where `node` is on the PATH it has it on JavaScript,
    else tree-sitter has, and the report's tier says so; `node` names another program, or none when
    empty. Answers are kept by content within `cache_bytes`. `trees`: its workers, where somebody
    has started them already; they are its own from then on.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        time_limit_seconds: float = TIME_LIMIT_SECONDS,
        node: str | None = None,
        native: bool = True,
        cache_bytes: int = 64 * 1024**2,
        trees: WorkerPool | None = None,
    ) -> None:
        self._size = workers or min(4, os.cpu_count() or 1)
        self._trees = trees or tree_workers(self._size, time_limit_seconds)
        self._native = native
        self._node = node_pool(node, self._size, time_limit_seconds) if native else None
        self._cache = AnalysisCache(cache_bytes)

    async def __aenter__(self) -> Self:
        await self._trees.warm()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Kill the workers and wait for them; safe to call twice."""
        await self._trees.aclose()
        if self._node is not None:
            await self._node.aclose()

    async def analyze(
        self, files: Sequence[SourceText], *, python: tuple[int, int] | None = None
    ) -> tuple[FileAnalysis, ...]:
        """Syntax, structure and metrics of every file, in the order given.

        `python`: the version that Python is read as, where it is known; else what the manifests
        among the files ask for, or any.

        A file of no known language has tier `none` and no errors. One that exceeds the limits has
        tier `stopped` and one doubt that says so; the others are not affected.
        """
        answers: dict[int, FileAnalysis] = {}
        jobs = []
        packages, version = package_types(files), python or asked_python(files)
        for place, file in enumerate(files):
            job = _job(place, file, packages, version)
            if isinstance(job, FileAnalysis):
                answers[place] = job
            elif (known := self._cache.get(job.key)) is not None:
                answers[place] = known
            else:
                jobs.append(job)
        remember = len(jobs) <= _REMEMBERED_FILES
        lanes = _lanes(jobs, self._size) if remember else _batches(jobs, self._size)
        for answered in await asyncio.gather(
            *(self._batch(batch, packages, lane) for lane, batch in lanes)
        ):
            answers.update(answered)
        return tuple(answers[place] for place in range(len(files)))

    async def _batch(
        self, jobs: Sequence[_Job], packages: Mapping[str, str], lane: int | None
    ) -> dict[int, FileAnalysis]:
        requests = [
            (
                {
                    "language": job.language.name,
                    "path": job.file.path,
                    "remember": lane is not None,
                    "native": self._native,
                    "encoding": job.file.encoding,
                },
                job.data,
            )
            for job in jobs
        ]
        answers = await self._trees.ask_each(requests, lane=lane)
        found = {}
        for job, answer in zip(jobs, answers, strict=True):
            found[job.place] = await self._conclude(job, answer, packages)
        return found

    async def _conclude(
        self, job: _Job, answer: bytes | WorkerGone, packages: Mapping[str, str]
    ) -> FileAnalysis:
        try:
            if isinstance(answer, WorkerGone):
                raise answer
            analysis = FileAnalysis.model_validate_json(answer)
            if job.language.native is SyntaxTier.PYTHON and analysis.syntax.problems:
                analysis = await _unless_newer(analysis, job)
            if job.language.native is SyntaxTier.NODE and self._node is not None:
                wanted = goals(job.file.path, job.data, packages)

                async def plain() -> bytes | None:
                    answer = await self._trees.ask({"plain": True}, job.data)
                    text: str | None = json.loads(answer)["plain"]
                    return None if text is None else text.encode()

                syntax = await node_syntax(self._node, wanted, job.data, analysis.syntax, plain)
                if syntax.tier is SyntaxTier.NODE:
                    syntax = judged(
                        job.file.path, job.language.name, job.data, syntax.tier, syntax.errors
                    )
                analysis = analysis.model_copy(update={"syntax": syntax})
        except WorkerGone as gone:
            return _without_tree(
                job.file.path, job.language, _stopped(f"could not be checked: {gone}")
            )
        self._cache.put(job.key, analysis, len(answer))
        return analysis


async def analyze(
    files: Sequence[SourceText], *, time_limit_seconds: float = 5.0
) -> tuple[FileAnalysis, ...]:
    """Analyse `files` with workers of this one call; see `Parser.analyze`.

    Keep a `Parser` where there is more than one call: starting workers costs some 0.3 s.
    """
    async with Parser(time_limit_seconds=time_limit_seconds) as parser:
        return await parser.analyze(files)


async def _unless_newer(analysis: FileAnalysis, job: _Job) -> FileAnalysis:
    """Without the problems of a file that is well formed for the Python that is asked for."""
    if job.python <= OWN or not await well_formed(job.data, job.python):
        return analysis
    return analysis.model_copy(update={"syntax": SyntaxReport(tier=SyntaxTier.PYTHON)})


def _job(
    place: int, file: SourceText, packages: Mapping[str, str], python: tuple[int, int]
) -> _Job | FileAnalysis:
    data = file.data
    language = LANGUAGES.get(file.language) if file.language else detect_language(file.path, data)
    if language is None:
        return _without_tree(file.path, None, SyntaxReport(tier=SyntaxTier.NONE))
    if len(data) > MAX_FILE_BYTES:
        problem = f"too large to be checked: {len(data)} bytes, at most {MAX_FILE_BYTES}"
        return _without_tree(file.path, language, _stopped(problem))
    wanted = goals(file.path, data, packages) if language.native is SyntaxTier.NODE else ()
    newer = (str(python),) if language.native is SyntaxTier.PYTHON else ()
    known_by = (language.name, file.path, file.encoding or "", *wanted, *newer)
    key = content_key(*(word.encode("utf-8", "replace") for word in known_by), data)
    return _Job(place, file, data, language, key, python)


def _lanes(jobs: Sequence[_Job], workers: int) -> Iterator[tuple[int, list[_Job]]]:
    """`jobs` by the worker that remembers their path."""
    lanes: dict[int, list[_Job]] = {}
    for job in jobs:
        lane = crc32(job.file.path.encode("utf-8", "replace")) % workers
        lanes.setdefault(lane, []).append(job)
    yield from lanes.items()


def _batches(jobs: Sequence[_Job], workers: int) -> Iterator[tuple[None, list[_Job]]]:
    """`jobs` in groups that keep every worker busy to the end."""
    most = max(1, min(_BATCH_FILES, -(-len(jobs) // (workers * 4))))
    batch: list[_Job] = []
    size = 0
    for job in jobs:
        if batch and (len(batch) == most or size + len(job.data) > _BATCH_BYTES):
            yield None, batch
            batch, size = [], 0
        batch.append(job)
        size += len(job.data)
    if batch:
        yield None, batch


def _stopped(message: str) -> SyntaxReport:
    problem = SyntaxProblem(line=1, column=1, message=message)
    return SyntaxReport(tier=SyntaxTier.STOPPED, doubts=(problem,))


def _without_tree(path: str, language: Language | None, syntax: SyntaxReport) -> FileAnalysis:
    return FileAnalysis(path=path, language=language and language.name, syntax=syntax)
