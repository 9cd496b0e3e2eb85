"""`quantumlayer parse`: syntax, structure, measures and weaknesses of files, offline."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from quantumlayer.cli.client.errors import EXIT_FAILED

if TYPE_CHECKING:
    from quantumlayer.parser import FileAnalysis

# So many files are in memory at a time.
_AT_ONCE = 500


class _Source(NamedTuple):
    """`path` from the root of its project, where names of folders mean something, and as shown."""

    path: str
    shown: str
    place: Path


@click.command("parse")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each file.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Problems and findings as SARIF 2.1.0.")
@click.pass_context
def command(ctx: click.Context, *, paths: tuple[Path, ...], as_json: bool, as_sarif: bool) -> None:
    """Analyse files, and the source files of folders.

    Reads what `check` reads of a project, with the same grammars, checkers, rules and search for
    secrets; a folder that is named is the root of one. What a grammar doubts its language's own
    checker decides, in the sandbox, where both are there; what stays a doubt is a low finding.

    Ends with 0 when every file is well formed, with 1 when one is not, with 2 for wrong usage.
    Doubts and findings decide nothing. The JSON of a file is that of the parser's HTTP service
    with detail "full".
    """
    if as_json and as_sarif:
        raise click.UsageError("--json and --sarif exclude each other")
    failed = asyncio.run(_sarif(paths) if as_sarif else _print(paths, as_json=as_json))
    ctx.exit(EXIT_FAILED if failed else 0)


async def _sarif(paths: Sequence[Path]) -> bool:
    from quantumlayer.parser import Finding, Severity, sarif  # noqa: PLC0415 - loaded where it is used

    problems: list[Finding] = []
    findings: list[Finding] = []
    failed = False
    async for analysis in _analyses(paths):
        failed = failed or bool(analysis.syntax.errors)
        findings += analysis.findings
        problems += [
            Finding(
                rule=rule,
                severity=severity,
                path=analysis.path,
                line=problem.line,
                column=problem.column,
                message=problem.message,
                tool="quantumlayer",
            )
            for rule, severity, told in (
                ("syntax", Severity.HIGH, analysis.syntax.errors),
                ("syntax-unsure", Severity.LOW, analysis.syntax.doubts),
            )
            for problem in told
        ]
    click.echo(json.dumps(sarif((*problems, *findings)), ensure_ascii=False))
    return failed


async def _print(paths: Sequence[Path], *, as_json: bool) -> bool:
    failed = False
    totals = [0, 0, 0]
    async for analysis in _analyses(paths):
        failed = failed or bool(analysis.syntax.errors)
        if as_json:
            click.echo(_as_json(analysis))
        else:
            _show(analysis)
            totals[0] += 1
            totals[1] += analysis.metrics.lines_of_code if analysis.metrics else 0
            totals[2] += len(analysis.syntax.errors)
    if not as_json:
        files, lines, problems = totals
        click.echo(f"{files:,} files, {lines:,} lines of code, {problems:,} syntax problems.")
    return failed


async def _analyses(paths: Sequence[Path]) -> AsyncIterator[FileAnalysis]:
    """Of the files of each path; those of no known language only when a secret is in them."""
    from quantumlayer.core.caches import cache_folder  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.manifests import encoding_for  # noqa: PLC0415 - as above
    from quantumlayer.parser import Parser, SourceText, examined  # noqa: PLC0415 - as above
    from quantumlayer.parser.discovery import is_text  # noqa: PLC0415 - as above
    from quantumlayer.qlayer.checking import overruled  # noqa: PLC0415 - as above

    cache = cache_folder()
    async with Parser() as parser:
        grouped = ((path, group) for path in paths for group in _groups(_sources(path)))
        for root, group in grouped:
            encodings = _encodings(root)
            shown = {one.path: one.shown for one in group}
            sources = [
                SourceText(path=one.path, content=content, encoding=encoding)
                for one in group
                if (content := _content(one)) is not None
                and ((encoding := encoding_for(one.path, encodings)) or is_text(content))
            ]
            analyses = await examined(parser, sources)
            for analysis in await overruled(sources, analyses, cache=cache):
                if analysis.language or analysis.findings or len(group) == 1:
                    yield _renamed(analysis, shown[analysis.path])


@functools.cache
def _encodings(path: Path) -> dict[str, str]:
    from quantumlayer.manifests import FilesOnDisk, java_encodings  # noqa: PLC0415 - loaded where it is used

    return java_encodings(FilesOnDisk(path)) if path.is_dir() else {}


def _sources(path: Path) -> Iterator[_Source]:
    from quantumlayer.parser import project_files  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.parser.discovery import is_written  # noqa: PLC0415 - as above

    for found in project_files(path):
        # What is named is read, whatever it is.
        if found.place == path or is_written(found.path, found.place.stat().st_size):
            yield _Source(found.path, found.place.as_posix(), found.place)


def _renamed(analysis: FileAnalysis, shown: str) -> FileAnalysis:
    findings = tuple(one.model_copy(update={"path": shown}) for one in analysis.findings)
    return analysis.model_copy(update={"path": shown, "findings": findings})


def _content(source: _Source) -> bytes | None:
    try:
        return source.place.read_bytes()
    except OSError as error:
        click.echo(f"quantumlayer: {source.shown} cannot be read: {error.strerror}", err=True)
        return None


def _groups(sources: Iterator[_Source]) -> Iterator[list[_Source]]:
    while group := list(islice(sources, _AT_ONCE)):
        yield group


def _as_json(analysis: FileAnalysis) -> str:
    from pydantic_core import to_jsonable_python  # noqa: PLC0415 - loaded where it is used

    from quantumlayer.parser.service.schema import file_output  # noqa: PLC0415 - loaded where it is used

    return json.dumps(to_jsonable_python(file_output(analysis, full=True)), ensure_ascii=False)


def _show(analysis: FileAnalysis) -> None:
    measured = analysis.metrics
    if measured is None:
        click.echo(f"{analysis.path}: {analysis.language or 'no known language'}")
    else:
        click.echo(
            f"{analysis.path}: {analysis.language}, {measured.lines_of_code} lines,"
            f" {len(analysis.symbols)} symbols, complexity {measured.cyclomatic_complexity}"
            f" / {measured.cognitive_complexity}, nesting {measured.max_nesting},"
            f" quality {measured.quality}"
        )
    for error in analysis.syntax.errors:
        click.echo(f"{analysis.path}:{error.line}:{error.column}: {error.message}")
        if error.excerpt:
            click.echo(error.excerpt)
    for doubt in analysis.syntax.doubts:
        place = f"{analysis.path}:{doubt.line}:{doubt.column}"
        click.echo(f"{place}: low: perhaps not well formed: {doubt.message} [syntax-unsure]")
    for finding in analysis.findings:
        place = f"{analysis.path}:{finding.line}:{finding.column}"
        click.echo(f"{place}: {finding.severity.value}: {finding.message} [{finding.rule}]")
