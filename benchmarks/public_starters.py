"""Public starter projects on the ladder: what `quantumlayer check --delivered` says of each.

Each starter of `starters/catalogue.toml` is made by its own generator from its registry, and then
checked as it is. The figures count those that get another verdict or reason than they must, and
those that could not be had. Needs the registries.

QL_STARTERS (vite,fastify,…) chooses by parts of names; QL_PAGE names a file for the table of all:
`docs/public-starters.md`.
"""

import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.starters.catalogue import Starter, catalogue
from benchmarks.starters.making import NotMade, made
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.checking import CheckReport, checker

SECONDS = 600.0
LONGEST_REASON = 220
HEADING = """\
# Public starters

Made by `make bench NAME=public_starters` with `QL_PAGE=docs/public-starters.md`, on {day}: every
starter of `benchmarks/starters/catalogue.toml` is made by its own generator, from its registry, and
put to `quantumlayer check --delivered` as it is. Most of them say how they are developed and not
how they are delivered; what is read and tested of them stands beside.

| starter | verdict | tests | rungs that hold | s | what it says | why |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """A starter, and what was said of it."""

    starter: Starter
    report: CheckReport

    @property
    def right(self) -> bool:
        """Whether it says what it must."""
        said = f"{self.report.reason} {self.report.delivered}"
        return self.report.verdict is self.starter.says and self.starter.reason in said

    def line(self) -> str:
        """For the table."""
        tests, delivered = self.report.tests, self.report.delivered
        rungs = delivered.rungs if delivered else ()
        held = " ".join(one.rung for one in rungs if one.outcome == "held")
        counts = f"{tests.passed} of {tests.executed}" if tests.executed else ""
        reason = " ".join(self.report.reason.split()).replace("|", "\\|")
        shown = reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]}…"
        cells = (self.starter.name, self.report.verdict.value, counts, held,
                 f"{self.report.elapsed_seconds:.0f}", shown, self.starter.because)  # fmt: skip
        return f"| {' | '.join(cells)} |\n"


def chosen() -> tuple[Starter, ...]:
    """Those that QL_STARTERS asks for; all without it."""
    parts = [part for part in os.environ.get("QL_STARTERS", "").split(",") if part]
    return tuple(one for one in catalogue() if not parts or any(part in one.name for part in parts))


async def measure() -> tuple[list[Row], int]:
    """Every row, printed as it comes, and how many could not be had."""
    rows: list[Row] = []
    absent = 0
    async with checker(
        cache=cache_folder(), seconds=SECONDS, delivered=lambda _path, _rung: None
    ) as checks:
        for starter in chosen():
            with tempfile.TemporaryDirectory(prefix="ql-public-") as folder:
                try:
                    project = await asyncio.to_thread(made, starter, Path(folder))
                except NotMade as error:
                    absent += 1
                    print(f"{starter.name} could not be had: {error}", file=sys.stderr, flush=True)
                    continue
                rows.append(Row(starter, await checks.check(project, starter.name)))
            print(f"{'   ' if rows[-1].right else 'OFF'} {rows[-1].line()}", end="", flush=True)
    return rows, absent


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    rows, absent = asyncio.run(measure())
    if target := os.environ.get("QL_PAGE"):
        head = HEADING.format(day=datetime.now(UTC).date())
        Path(target).write_text(head + "".join(row.line() for row in rows))
    figures = [
        Figure("starters that were tried", len(rows), ""),
        Figure("starters that could not be had", absent, ""),
        Figure("another verdict or reason than it must be", sum(not row.right for row in rows),
               "", 0),
    ]  # fmt: skip
    report("public_starters", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
