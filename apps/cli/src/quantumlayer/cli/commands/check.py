"""`quantumlayer check`: a verdict on any project, without a platform."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quantumlayer.cli.errors import EXIT_INTERRUPTED

if TYPE_CHECKING:
    from rich.text import Text

    from quantumlayer.qlayer.checking import CheckReport

# Status by verdict; 2 is click's own, for wrong usage.
EXITS = {
    "passed": 0,
    "failed": 1,
    "incomplete": 1,
    "no_tests": 3,
    "timed_out": 4,
    "infrastructure_error": 5,
}
_MOST_JOBS = 64


@click.command("check")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@click.option(
    "--jobs",
    type=click.IntRange(1, _MOST_JOBS),
    default=None,
    help="Paths checked at the same time; by default one for each processor.",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    metavar="S",
    help="Seconds that the tests of a path may take, installing apart; 120 by default.",
)
@click.option(
    "--mutation",
    is_flag=True,
    help="Of what passes, measure what the tests notice; Python, up to two minutes more.",
)
@click.option(
    "--delivered",
    is_flag=True,
    help="Build and start it as its Dockerfile and manifests say, probe, stop, start again.",
)
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    metavar="FOLDER",
    help="With --delivered: write what pages showed there, of several paths to a folder each.",
)
@click.option(
    "--tier",
    type=click.Choice(["image", "sandbox", "auto"]),
    default="sandbox",
    show_default=True,
    envvar="QL_DELIVERY_TIER",
    help="With --delivered: as an image by buildah and runc, played in the sandbox, or as an image"
    " where one can be made here. Steps of an image may do more: see docs/sandbox.md.",
)
@click.option("--json", "as_json", is_flag=True, help="One object; a list for several paths.")
@click.pass_context
def command(  # noqa: PLR0913 - its options
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    jobs: int | None,
    seconds: float | None,
    mutation: bool,
    delivered: bool,
    pictures: Path | None,
    tier: str,
    as_json: bool,
) -> None:
    """Check projects: folders, capsules and other zip archives, single files.

    Everything is read and its tests are run in a sandbox, without a platform. Ends with 0 passed,
    1 failed, 3 no_tests, 4 timed_out, 5 infrastructure_error, 2 for wrong usage; of several paths
    with the worst: infrastructure_error, timed_out, failed, no_tests, passed.
    """
    if pictures is not None and not delivered:
        raise click.UsageError("--pictures shows pages as delivered: add --delivered.")
    at_once = jobs or min(len(paths), os.cpu_count() or 1)
    wanted = Wanted(at_once, seconds, mutation, delivered, pictures, tier, as_json)
    try:
        reports = asyncio.run(_checked(paths, wanted))
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("quantumlayer: interrupted; nothing is left running", err=True)
        ctx.exit(EXIT_INTERRUPTED)
    from quantumlayer.qlayer.checking import worst  # noqa: PLC0415 - loaded by now

    ctx.exit(EXITS[worst(report.verdict for report in reports).value])


@dataclass(frozen=True)
class Wanted:
    """What is to be found out of each path, and how it is told."""

    jobs: int
    seconds: float | None
    mutation: bool
    delivered: bool
    pictures: Path | None
    tier: str
    as_json: bool

    def folder_of(self, paths: Sequence[Path]) -> Callable[[str], Path] | None:
        """Where the pictures of each path belong, by its name; None where nobody wants any."""
        if self.pictures is None:
            return None
        folder, names = self.pictures, [str(path) for path in paths]
        if len(names) == 1:
            return lambda _name: folder
        return lambda name: folder / f"{names.index(name) + 1:02}-{Path(name).resolve().name}"


async def _checked(paths: Sequence[Path], wanted: Wanted) -> list[CheckReport]:
    gc.disable()
    from quantumlayer.parser import tree_workers  # noqa: PLC0415 - loaded where it is used

    # They take as long to be ready as all the rest takes to load: both at the same time.
    workers = tree_workers(min(wanted.jobs, os.cpu_count() or 1))
    await workers.begin()
    from quantumlayer.qtest import probe_sandbox  # noqa: PLC0415 - as above

    # So does the proof that there is a sandbox, which is one for all paths.
    proving = asyncio.get_running_loop().run_in_executor(None, probe_sandbox)
    from quantumlayer.cli.checks.stage import Stage  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.core.caches import cache_folder  # noqa: PLC0415 - loaded where it is used
    from quantumlayer.qlayer.checking import check_paths, checker  # noqa: PLC0415 - as above

    # What is loaded by now is never garbage: nobody needs to look for it, now or at the end.
    gc.freeze()
    gc.enable()
    _end_on_sigterm()
    # Where there is none, whoever needs it says so.
    await asyncio.gather(proving, return_exceptions=True)
    reports: list[CheckReport] = []
    cache = cache_folder()
    with Stage(len(paths)) as stage:
        async with checker(
            cache=cache,
            seconds=wanted.seconds,
            jobs=wanted.jobs,
            mutation=wanted.mutation,
            delivered=stage.watch_rung if wanted.delivered else None,
            pictures=wanted.folder_of(paths),
            tier=wanted.tier,
            workers=workers,
        ) as checks:
            async for report in check_paths(checks, paths, jobs=wanted.jobs, watch=stage.watch):
                reports.append(report)
                if not wanted.as_json:
                    stage.say(partial(_lines, report))
        if not wanted.as_json and len(paths) > 1:
            stage.say(partial(_summary, reports, stage.seconds))
    if wanted.as_json:
        objects = [report.as_json() for report in reports]
        click.echo(json.dumps(objects[0] if len(paths) == 1 else objects, ensure_ascii=False))
    return reports


def _lines(report: CheckReport) -> Iterable[Text]:
    from quantumlayer.cli.checks.view import lines  # noqa: PLC0415 - what prints is slow to load

    return lines(report)


def _summary(reports: Sequence[CheckReport], seconds: float) -> Iterable[Text]:
    from quantumlayer.cli.checks.view import summary  # noqa: PLC0415 - as above

    return [summary(reports, seconds)]


def _end_on_sigterm() -> None:
    """Being told to end is like Ctrl-C: what was started is ended first."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
