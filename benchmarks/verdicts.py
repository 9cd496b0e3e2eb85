"""The verdict matrix: every project that is right or wrong on purpose, and the verdict on it.

Each cell is a real project in the real sandbox. The figures are how many of the correct projects
are accepted (aim: at least 99 of 100) and how many of the wrong ones are taken for passed (aim:
none), and how many cells hold another verdict than they must (aim: none).

QL_BENCH_LANGUAGES (go,rust,…) and QL_BENCH_CELLS (a word in their names) choose a part.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, report
from quantumlayer.core.caches import cache_folder
from quantumlayer.qtest import TestReport, Verdict, run_tests
from tests.packages.qtest.matrix import c, go, java, javascript, python, rust, typescript
from tests.packages.qtest.matrix.cells import Cell, cells
from tests.packages.qtest.native.cells import cells as native_cells

MODULES = (python, javascript, typescript, go, java, rust, c)


async def verdict_of(cell: Cell, cache: Path) -> TestReport:
    """The report on a cell."""
    with tempfile.TemporaryDirectory() as folder:
        return await run_tests(cell.write(Path(folder)), cache=cache, limits=cell.limits)


async def measure() -> list[Figure]:
    """Every cell, one after the other."""
    cache = cache_folder()
    languages = set(filter(None, os.environ.get("QL_BENCH_LANGUAGES", "").split(",")))
    word = os.environ.get("QL_BENCH_CELLS", "")
    chosen = [
        cell
        for module in MODULES
        for cell in (*cells(module.MATRIX), *(native_cells() if module is c else ()))
        if (not languages or cell.language in languages) and word in cell.name
    ]
    figures: list[Figure] = []
    off = accepted = fooled = 0
    for cell in chosen:
        started = time.monotonic()
        found = await verdict_of(cell, cache)
        right = found.verdict is cell.verdict
        off += not right
        accepted += cell.verdict is Verdict.PASSED and right
        fooled += cell.verdict is not Verdict.PASSED and found.verdict is Verdict.PASSED
        seconds = time.monotonic() - started
        mark = "    " if right else "OFF "
        why = "" if right else f"  must be {cell.verdict}: {found.reason[:300]}"
        print(
            f"{mark}{cell.language:<11}{cell.name:<34}{found.verdict:<22}{seconds:6.1f} s{why}",
            flush=True,
        )
    correct = sum(cell.verdict is Verdict.PASSED for cell in chosen)
    share = 100.0 * accepted / correct if correct else 100.0
    figures.append(Figure("correct projects accepted", share, "%", 99, at_most=False))
    figures.append(Figure("wrong projects taken for passed", fooled, "projects", 0))
    figures.append(Figure("cells with another verdict", off, "cells", 0))
    for module in MODULES:
        count = sum(cell.language == module.MATRIX.language for cell in chosen)
        figures.append(Figure(f"cells of {module.MATRIX.language}", count, "cells"))
    return figures


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    figures = asyncio.run(measure())
    report("verdicts", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
