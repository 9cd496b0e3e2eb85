"""`quantumlayer parse`: syntax, structure and measures of files, offline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quantumlayer.cli.client.errors import EXIT_FAILED

if TYPE_CHECKING:
    from quantumlayer.parser import FileAnalysis

# So many files are in memory at a time.
_AT_ONCE = 500


@click.command("parse")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each file.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Problems and findings as SARIF 2.1.0.")
@click.pass_context
def command(ctx: click.Context, *, paths: tuple[Path, ...], as_json: bool, as_sarif: bool) -> None:
    """Analyse files, and the source files of folders.

    Ends with 1 when a file is not well formed. The JSON of a file is that of the parser's HTTP
    service with detail "full".
    """
    if as_json and as_sarif:
        raise click.UsageError("--json and --sarif exclude each other")
    failed = asyncio.run(_sarif(paths) if as_sarif else _print(paths, as_json=as_json))
    ctx.exit(EXIT_FAILED if failed else 0)


async def _sarif(paths: Sequence[Path]) -> bool:
    from quantumlayer.parser import Finding, Severity, sarif  # noqa: PLC0415

    problems: list[Finding] = []
    findings: list[Finding] = []
    async for analysis in _analyses(paths):
        findings += analysis.findings
        problems += [
            Finding(
                rule="syntax",
                severity=Severity.HIGH,
                path=analysis.path,
                line=error.line,
                column=error.column,
                message=error.message,
                tool="quantumlayer",
            )
            for error in analysis.syntax.errors
        ]
    click.echo(json.dumps(sarif((*problems, *findings)), ensure_ascii=False))
    return bool(problems)


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
    from quantumlayer.parser import Parser, SourceText, source_files  # noqa: PLC0415

    async with Parser() as parser:
        for group in _groups(source_files(paths)):
            sources = [
                SourceText(path=path.as_posix(), content=content)
                for path in group
                if (content := _content(path)) is not None
            ]
            for analysis in await parser.analyze(sources):
                yield analysis


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        click.echo(f"quantumlayer: {path} cannot be read: {error.strerror}", err=True)
        return None


def _groups(paths: Iterator[Path]) -> Iterator[list[Path]]:
    while group := list(islice(paths, _AT_ONCE)):
        yield group


def _as_json(analysis: FileAnalysis) -> str:
    from pydantic_core import to_jsonable_python  # noqa: PLC0415

    from quantumlayer.parser.service.schema import file_output  # noqa: PLC0415

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
    for finding in analysis.findings:
        place = f"{analysis.path}:{finding.line}:{finding.column}"
        click.echo(f"{place}: {finding.severity.value}: {finding.message} [{finding.rule}]")
