"""Parsing many files at once, each within limits that hold even when a grammar hangs."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import PurePosixPath
from types import TracebackType
from typing import Self

from quantumlayer.parser.excerpt import excerpt
from quantumlayer.parser.languages import Language, detect_language
from quantumlayer.parser.model import (
    FileAnalysis,
    SourceText,
    SyntaxProblem,
    SyntaxReport,
    SyntaxTier,
)
from quantumlayer.parser.pool import WorkerGone, WorkerPool

MAX_FILE_BYTES = 4 * 1024**2


class Parser:
    """Analyses source files in worker processes that stay warm between calls.

    Use it as `async with Parser() as parser: await parser.analyze(files)`; on leaving, every
    process is gone. `time_limit_seconds` holds for each file. Where `node` is on the PATH it has
    the last word on JavaScript, else tree-sitter has, and the report's tier says so; `node` names
    another program, or none when empty.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        time_limit_seconds: float = 5.0,
        node: str | None = None,
    ) -> None:
        size = workers or min(4, os.cpu_count() or 1)
        limit = f"{time_limit_seconds:g}"
        command = (sys.executable, "-P", "-m", "quantumlayer.parser.worker", limit)
        self._trees = WorkerPool(command, size=size, time_limit_seconds=time_limit_seconds)
        self._node = _node_pool(node, size, time_limit_seconds)

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

    async def analyze(self, files: Sequence[SourceText]) -> tuple[FileAnalysis, ...]:
        """Syntax and symbols of every file, in the order given.

        A file of no known language has tier `none` and no errors. One that exceeds the limits has
        tier `stopped` and one error that says so; the others are not affected.
        """
        packages = _package_types(files)
        return tuple(await asyncio.gather(*(self._file(file, packages) for file in files)))

    async def _file(self, file: SourceText, packages: Mapping[str, str]) -> FileAnalysis:
        data = file.data
        language = detect_language(file.path, data)
        if language is None:
            return _without_tree(file.path, None, SyntaxReport(tier=SyntaxTier.NONE))
        if len(data) > MAX_FILE_BYTES:
            problem = f"too large to be checked: {len(data)} bytes, at most {MAX_FILE_BYTES}"
            return _without_tree(file.path, language, _stopped(problem))
        try:
            answer = await self._trees.ask({"language": language.name, "path": file.path}, data)
            analysis = FileAnalysis.model_validate(answer)
            if language.native is SyntaxTier.NODE and self._node is not None:
                syntax = await _ask_node(self._node, _goals(file.path, data, packages), data)
                analysis = analysis.model_copy(update={"syntax": syntax})
        except WorkerGone as gone:
            return _without_tree(file.path, language, _stopped(f"could not be checked: {gone}"))
        return analysis


async def analyze(
    files: Sequence[SourceText], *, time_limit_seconds: float = 5.0
) -> tuple[FileAnalysis, ...]:
    """Analyse `files` with workers of this one call; see `Parser.analyze`.

    Keep a `Parser` where there is more than one call: starting workers costs some 0.2 s.
    """
    async with Parser(time_limit_seconds=time_limit_seconds) as parser:
        return await parser.analyze(files)


def _node_pool(node: str | None, size: int, time_limit_seconds: float) -> WorkerPool | None:
    program = shutil.which("node") if node is None else node
    if not program:
        return None
    script = str(resources.files("quantumlayer.parser").joinpath("node_worker.cjs"))
    flags = ("--no-warnings", "--experimental-vm-modules", "--max-old-space-size=512")
    command = (program, *flags, script, f"{time_limit_seconds:g}")
    return WorkerPool(command, size=size, time_limit_seconds=time_limit_seconds)


def _stopped(message: str) -> SyntaxReport:
    problem = SyntaxProblem(line=1, column=1, message=message)
    return SyntaxReport(tier=SyntaxTier.STOPPED, errors=(problem,))


def _without_tree(path: str, language: Language | None, syntax: SyntaxReport) -> FileAnalysis:
    return FileAnalysis(path=path, language=language and language.name, syntax=syntax)


async def _ask_node(pool: WorkerPool, goals: Sequence[str], data: bytes) -> SyntaxReport:
    """Well formed when it is for any of the goals; else the problem for the first one."""
    first: SyntaxProblem | None = None
    for goal in goals:
        error = (await pool.ask({"goal": goal}, data))["error"]
        if error is None:
            return SyntaxReport(tier=SyntaxTier.NODE)
        if first is None:
            lines = data.decode("utf-8", errors="replace").split("\n")
            shown = excerpt(lines, error["line"], error["column"])
            first = SyntaxProblem(**error, excerpt=shown)
    return SyntaxReport(tier=SyntaxTier.NODE, errors=(first,) if first else ())


def _package_types(files: Sequence[SourceText]) -> dict[str, str]:
    """Folder → "module" or "commonjs", from every package.json among the files."""
    types = {}
    for file in files:
        path = PurePosixPath(file.path)
        if path.name == "package.json":
            try:
                declared = json.loads(file.data)
            except (ValueError, RecursionError):
                continue
            kind = declared.get("type") if isinstance(declared, dict) else None
            types[str(path.parent)] = "module" if kind == "module" else "commonjs"
    return types


def _goals(path: str, data: bytes, packages: Mapping[str, str]) -> tuple[str, ...]:
    """How Node reads the file: by its suffix, its nearest package.json, else by its syntax."""
    suffix = PurePosixPath(path).suffix
    if suffix in {".mjs", ".cjs"}:
        return ("module",) if suffix == ".mjs" else ("script",)
    for folder in PurePosixPath(path).parents:
        if str(folder) in packages:
            return ("module",) if packages[str(folder)] == "module" else ("script",)
    looks_like_module = any(
        line.startswith((b"import ", b"import{", b"export ", b"export{"))
        for line in data.split(b"\n")
    )
    return ("module", "script") if looks_like_module else ("script", "module")
