"""Languages' own checkers where a grammar doubts: for who reads sources without trying them."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.parser import (
    FileAnalysis,
    SourceText,
    SyntaxProblem,
    SyntaxReport,
    SyntaxTier,
    is_left_out,
    is_sample,
)
from quantumlayer.parser.excerpt import excerpt
from quantumlayer.qlayer.checking.native import COMPILED, EARLY, HEADERS, OTHER_SHELLS
from quantumlayer.qtest import FileSyntax, SandboxUnavailable, check_syntax

# What their sources include must be there to be judged.
INCLUDING = frozenset({"c", "cpp"})
ASKABLE = frozenset((*EARLY, *COMPILED))


async def overruled(
    files: Sequence[SourceText], analyses: Sequence[FileAnalysis], *, cache: Path
) -> tuple[FileAnalysis, ...]:
    """The analyses of `files`, each doubt of a grammar put to its language's own checker.

    Checkers run in the sandbox, on copies. Where there is no sandbox, no checker, or none that can
    judge the file alone, the doubt stays. TypeScript's parser is fetched into `cache`, once.
    """
    texts = {file.path: file for file in files}
    doubtful = [
        one
        for one in analyses
        if is_askable(one) and not is_left_out(one.path, texts[one.path].data)
    ]
    if not doubtful:
        return tuple(analyses)
    wanted: dict[str, list[str]] = {}
    for one in doubtful:
        wanted.setdefault(one.language or "", []).append(one.path)
    with tempfile.TemporaryDirectory(prefix="ql-parse-") as name:
        root = Path(name)
        paths = {one.path for one in doubtful}
        if not INCLUDING.isdisjoint(wanted):
            paths |= {file.path for file in files if file.path.endswith(HEADERS)}
        await asyncio.to_thread(write, root, [file for file in files if file.path in paths])
        try:
            said = await check_syntax(root, wanted, cache=cache)
        except SandboxUnavailable:
            return tuple(analyses)
    judged = {one.path: one for one in said}
    return tuple(
        with_syntax(one, judged[one.path], texts[one.path]) if one.path in judged else one
        for one in analyses
    )


def is_askable(analysis: FileAnalysis) -> bool:
    """Whether a checker may know better than the grammar."""
    path, language = analysis.path, analysis.language or ""
    if analysis.syntax.tier is not SyntaxTier.TREE_SITTER or language not in ASKABLE:
        return False
    alone = not path.endswith((*HEADERS, *OTHER_SHELLS))
    return bool(analysis.syntax.doubts) and alone and not is_sample(path, language)


def write(root: Path, files: Sequence[SourceText]) -> None:
    for file in files:
        parts = PurePosixPath(file.path).parts
        if ".." in parts or PurePosixPath(file.path).is_absolute():
            continue
        target = root.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Compilers are told UTF-8.
        target.write_bytes(file.utf8)


def with_syntax(analysis: FileAnalysis, said: FileSyntax, file: SourceText) -> FileAnalysis:
    lines = file.utf8.decode("utf-8", errors="replace").split("\n")
    errors = tuple(
        SyntaxProblem(
            line=one.line or 1,
            column=one.column or 1,
            message=one.message,
            excerpt=excerpt(lines, one.line or 1, one.column or 1),
        )
        for one in said.problems
    )
    report = SyntaxReport(tier=SyntaxTier(said.tier), errors=errors)
    return analysis.model_copy(update={"syntax": report})
