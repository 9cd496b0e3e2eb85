"""Mutation testing: how fast it is, and what the built-in model's own tests are worth.

Speed is held against the plain way, in the same run: a process for each mutant, that starts the
interpreter, loads the libraries, the project and its tests, and runs the same tests in the same
order to the first that fails. The scores are those of projects as the built-in model writes them,
every mutation tried, every test that could notice it.

QL_BENCH_PROJECTS (a word in their names) chooses a part.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, report
from quantumlayer.builtin.language import read_description
from quantumlayer.core.caches import cache_folder
from quantumlayer.qtest import (
    MutantStatus,
    MutationExtent,
    MutationReport,
    TracedReport,
    measure_mutation,
    prepare_environment,
    run_traced_tests,
)
from tests.support.generated_tree import write_tree

AIM_PERCENT = 80.0
COMPARED = 30
PROJECTS = {
    "the default service": (
        "A library service: books with title, author and isbn, members with name and email,"
        " loans that link a book to a member with a due date."
        " Members can have at most 5 open loans."
    ),
    "a booking service": (
        "A booking system: rooms with name and capacity, bookings of a room with start and end."
        " Bookings of a room must not overlap."
    ),
    "a tool for tables": (
        "A command-line tool that reads a CSV file and prints the sum and average of each numeric"
        " column"
    ),
    "a tool for texts": ("A command-line tool that counts the most frequent words in a text file"),
    "a tool that keeps tasks": "A command-line todo list with priorities, stored in a JSON file",
    "a temperature library": (
        "A library for converting temperatures between Celsius, Fahrenheit and Kelvin"
    ),
    "a bank account": (
        "A bank account class with deposit and withdraw, the balance must never be below 0"
    ),
    "a shopping cart": (
        "shopping cart class, add items, remove items, total, 10% discount above 100 euros"
    ),
    "a cache and slugs": (
        "A library to convert kilometers to miles, with an LRU cache of 64 entries and slugs"
    ),
    "a check of ages": "a library with a function to check that an age is between 0 and 130",
}


async def measured(
    project: Path, cache: Path, tested: TracedReport, mutants: int | None
) -> tuple[MutationReport, float]:
    """The report, and how long it took."""
    extent = MutationExtent(mutants=mutants, seconds=1200)
    started = time.perf_counter()
    found = await measure_mutation(project, cache=cache, extent=extent, tested=tested)
    if found.score is None:
        raise RuntimeError(found.reason)
    return found, time.perf_counter() - started


async def plainly(project: Path, cache: Path, found: MutationReport) -> float:
    """Seconds for as many processes as there are mutants, two at a time, without a sandbox."""
    environment = await prepare_environment(project, "python", cache)
    if environment.folder is None:
        raise RuntimeError("the project has no environment")
    python = str(environment.folder / "bin" / "python")
    turn = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: str, test: str) -> None:
        # Loading and one test is the least that a killed mutant costs in a process of its own.
        async with turn:
            process = await asyncio.create_subprocess_exec(
                *(python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test or path),
                cwd=project,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await process.wait()

    killed = [one for one in found.mutants if one.status is MutantStatus.KILLED and one.killed_by]
    started = time.perf_counter()
    await asyncio.gather(*(one("tests", each.killed_by or "") for each in killed))
    return (time.perf_counter() - started) / max(1, len(killed))


async def measure() -> list[Figure]:
    """Every figure of this benchmark."""
    cache = cache_folder()
    word = os.environ.get("QL_BENCH_PROJECTS", "")
    figures: list[Figure] = []
    for name, prompt in PROJECTS.items():
        if word not in name:
            continue
        print(f"{name} …", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="ql-bench-") as folder:
            project = write_tree(read_description(prompt), Path(folder) / "project")
            tested = await run_traced_tests(project, cache=cache)
            found, seconds = await measured(project, cache, tested, None)
            figures += [
                Figure(f"{name}: changes noticed", found.score or 0.0, "%", AIM_PERCENT, False),
                Figure(f"{name}: mutants", found.tried, "mutants"),
                Figure(f"{name}: tried", found.tried / seconds, "mutants/s"),
            ]
            if name in ("the default service", "a tool for tables"):
                some, ours = await measured(project, cache, tested, COMPARED)
                plain = await plainly(project, cache, some)
                figures.append(
                    Figure(f"{name}: a process each over ours", plain * some.tried / ours, "x")
                )
    return figures


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    figures = asyncio.run(measure())
    report("mutation", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
