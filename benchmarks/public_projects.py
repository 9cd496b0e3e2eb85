"""Real public projects: `quantumlayer check` beside the command that their own people type.

Every release in `real_projects/catalogue` is got from its registry as sources, tested natively
(boxed: the system read-only, one writable folder), and checked. The table says where both agree; a
disagreement has its explanation in the catalogue, or counts against us. None may be a false pass:
`passed` where the native command failed. A native command that ran no tests agrees with nothing.
Needs the registries; everything else is local.

QL_PROJECTS chooses by parts of names (`QL_PROJECTS=click,uuid`), or ecosystems (`go,cargo`).
QL_JOBS says how many are under way at the same time; seconds then say little. The last word on
each release is kept, and QL_PAGE names a file for all of them: `docs/public-projects.md`.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.real_projects.catalogue import Project, catalogue
from benchmarks.real_projects.keeping import keep, kept
from benchmarks.real_projects.native import run_native
from benchmarks.real_projects.page import heads, line, page
from benchmarks.real_projects.row import Row, compared
from benchmarks.real_projects.sources import NotFetched, fetch
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.checking import Checker, checker

AT_LEAST = 40
SECONDS = 600.0
KEPT = "public-projects-rows"


async def measured(project: Project, checks: Checker, store: Path) -> Row:
    """One project, natively and checked."""
    sources = await asyncio.to_thread(fetch, project, store)
    with tempfile.TemporaryDirectory(prefix="ql-native-") as scratch:
        native = await asyncio.to_thread(run_native, project, sources, Path(scratch))
    row = compared(project, native, await checks.check(sources, project.title))
    if row.standing != "agrees" or row.native != "passed":
        print(f"{project.title}\n{row.native_output[-3000:]}\n{row.reason}", file=sys.stderr)
    return row


def chosen() -> tuple[Project, ...]:
    """The projects that QL_PROJECTS asks for; all without it."""
    parts = [part for part in os.environ.get("QL_PROJECTS", "").split(",") if part]
    return tuple(
        one
        for one in catalogue()
        if not parts or one.ecosystem in parts or any(part in one.name for part in parts)
    )


async def measure(home: Path) -> tuple[list[Row], int]:
    """Every row, printed as it comes, and how many releases could not be got."""
    rows: list[Row] = []
    absent: list[Project] = []
    under_way = asyncio.Semaphore(int(os.environ.get("QL_JOBS", "1")))
    print(heads())
    async with checker(cache=cache_folder(), seconds=SECONDS) as checks:

        async def add(project: Project) -> None:
            async with under_way:
                try:
                    row = await measured(project, checks, home / "public-projects")
                except NotFetched as error:
                    absent.append(project)
                    print(f"{project.title} could not be got: {error}", file=sys.stderr)
                    return
            rows.append(row)
            keep(row, home / KEPT)
            print(line(row), flush=True)

        async with asyncio.TaskGroup() as tasks:
            for project in chosen():
                tasks.create_task(add(project))
    return rows, len(absent)


def figures_of(rows: Sequence[Row], absent: int, whole: bool) -> list[Figure]:
    """The rows, counted."""
    standings = [row.standing for row in rows]
    ran = len(rows) - standings.count("not compared")
    uncounted = sum(
        row.standing == "agrees" and not row.counts_agree and not row.project.counting
        for row in rows
    )
    return [
        Figure("projects that ran natively", ran, "", AT_LEAST if whole else None, at_most=False),
        Figure("projects that could not be got", absent, ""),
        Figure("projects that could not be run natively", len(rows) - ran, ""),
        Figure("agreements", standings.count("agrees"), ""),
        Figure("disagreements with an explanation", standings.count("explained"), ""),
        Figure("disagreements without one", standings.count("differs"), "", 0),
        Figure("other counts without an explanation", uncounted, "", 0),
        Figure("false passes", standings.count("false pass"), "", 0),
    ]


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    home = Path(os.environ.get("QL_HOME", ".quantumlayer")).absolute()
    rows, absent = asyncio.run(measure(home))
    if target := os.environ.get("QL_PAGE"):
        whole = kept(catalogue(), home / KEPT)
        Path(target).write_text(page(whole, datetime.now(UTC).date()))
    figures = figures_of(rows, absent, whole=not os.environ.get("QL_PROJECTS"))
    report("public_projects", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
