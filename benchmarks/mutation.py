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
from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.builtin import BuiltInModel
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import (
    MutantStatus,
    MutationExtent,
    MutationReport,
    TracedReport,
    measure_mutation,
    prepare_environment,
    run_traced_tests,
)
from quantumlayer.router import Message, ProviderRequest
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
    "a service of tasks": "Tasks have a title and a status (todo, done). Titles are unique.",
    "a shop": (
        "A shop: products with name and price, orders of a product with quantity."
        " Prices must not be negative."
    ),
}


async def requirements_of(prompt: str) -> Requirements:
    """What the built-in model makes of a description, through the door that every model has."""
    request = ProviderRequest(
        task="analyse",
        model=BuiltInModel.name,
        messages=(Message(role="user", content=prompt),),
        input={"prompt": prompt},
        json_schema={},
        max_output_tokens=1,
        timeout_seconds=60,
    )
    answer = AnalystAnswer.model_validate_json((await BuiltInModel().call(request)).text)
    if answer.requirements is None:
        raise RuntimeError(f"{prompt!r} is refused: {answer.refusal}")
    return answer.requirements


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
            project = write_tree(await requirements_of(prompt), Path(folder) / "project")
            tested = await run_traced_tests(project, cache=cache)
            found, seconds = await measured(project, cache, tested, None)
            figures += [
                Figure(f"{name}: changes noticed", found.score or 0.0, "%", AIM_PERCENT, False),
                Figure(f"{name}: mutants", found.tried, "mutants"),
                Figure(f"{name}: tried", found.tried / seconds, "mutants/s"),
            ]
            if name in ("the default service", "a booking service"):
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
