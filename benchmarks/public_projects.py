"""Real public projects: `quantumlayer check` beside the command that their own people type.

Every release in `real_projects/catalogue` is got from its registry as sources, tested natively
(boxed: the system read-only, one writable folder), and checked. The table says where both agree; a
disagreement has its explanation in the catalogue, or counts against us. None may be a false pass:
`passed` where the native command failed. Needs the registries; everything else is local.

QL_PROJECTS chooses by parts of names (`QL_PROJECTS=click,uuid`), or ecosystems (`go,cargo`).
"""

import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.real_projects.catalogue import Project, catalogue
from benchmarks.real_projects.native import run_native
from benchmarks.real_projects.sources import NotFetched, fetch
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.checking import Checker, CheckReport, checker

AT_LEAST = 40
SECONDS = 600.0


@dataclass(frozen=True)
class Row:
    """What both said of one project."""

    project: Project
    native: str
    native_seconds: float
    check: CheckReport

    @property
    def agrees(self) -> bool:
        """Whether both passed, or neither did."""
        return (self.native == "passed") == (self.check.verdict.value == "passed")

    @property
    def false_pass(self) -> bool:
        """The one thing that may never be."""
        return self.check.verdict.value == "passed" and self.native != "passed"

    def line(self) -> str:
        """The row of the table."""
        tests, check = self.check.tests, self.check
        counts = f"{tests.passed}/{tests.executed}" if tests else "-"
        mark = "=" if self.agrees else ("explained" if self.project.explanation else "DIFFERS")
        why = "" if self.agrees else f" | {self.project.explanation or check.reason[:200]}"
        return (
            f"| {self.project.ecosystem} | {self.project.title} | {self.native} "
            f"| {check.verdict.value} | {counts} | {self.native_seconds:.1f} s "
            f"| {check.elapsed_seconds:.1f} s | {mark}{why} |"
        )


async def measured(project: Project, checks: Checker, store: Path) -> Row:
    """One project, natively and checked."""
    sources = await asyncio.to_thread(fetch, project, store)
    with tempfile.TemporaryDirectory(prefix="ql-native-") as scratch:
        native = await asyncio.to_thread(run_native, project, sources, Path(scratch))
    ended = {0: "passed", None: "timed out"}.get(native.status, "failed")
    if ended != "passed":
        print(native.output[-1500:], file=sys.stderr)
    return Row(project, ended, native.seconds, await checks.check(sources, project.title))


def chosen() -> tuple[Project, ...]:
    """The projects that QL_PROJECTS asks for; all without it."""
    parts = [part for part in os.environ.get("QL_PROJECTS", "").split(",") if part]
    return tuple(
        one
        for one in catalogue()
        if not parts or one.ecosystem in parts or any(part in one.name for part in parts)
    )


async def measure(home: Path) -> list[Figure]:
    """Prints the table, row by row; the figures count it."""
    cache = cache_folder()
    rows: list[Row] = []
    absent = 0
    print("| ecosystem | release | native | check | tests | native takes | check takes | |")
    print("|---|---|---|---|---|---|---|---|")
    async with checker(cache=cache, seconds=SECONDS) as checks:
        for project in chosen():
            try:
                rows.append(await measured(project, checks, home / "public-projects"))
                print(rows[-1].line(), flush=True)
            except NotFetched as error:
                absent += 1
                print(f"{project.title} could not be got: {error}", file=sys.stderr)
    differing = [row for row in rows if not row.agrees]
    whole = None if os.environ.get("QL_PROJECTS") else AT_LEAST
    return [
        Figure("projects checked", len(rows), "", whole, at_most=False),
        Figure("projects that could not be got", absent, ""),
        Figure("agreements", len(rows) - len(differing), ""),
        Figure("disagreements", len(differing), ""),
        Figure("disagreements without an explanation",
               sum(not row.project.explanation for row in differing), "", 0),
        Figure("false passes", sum(row.false_pass for row in rows), "", 0),
    ]  # fmt: skip


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    figures = asyncio.run(measure(Path(os.environ.get("QL_HOME", ".quantumlayer")).absolute()))
    report("public_projects", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
