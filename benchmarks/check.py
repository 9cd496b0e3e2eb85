"""What checking costs, beside the bare commands, all in one run.

The start of a sandbox beside a bare start of the same program (aim: at most 30 ms more). For each
language a small project, changed before every run so that nothing of it is compiled already: its
bare test command with warm compiler caches, beside a whole check of it, with syntax, rules,
measures, sandbox and, where there is one, coverage (aim: at most 1.3 times plus 100 ms). Checks run
in one process, as they do for several paths; what the command costs as it is typed, with its own
start, is a figure of its own (aim for Python: at most 0.4 s more than the bare command). Then 1 to
200 projects, one or several at a time.

QL_BENCH_LANGUAGES (go,rust,…) chooses languages, QL_BENCH_PATHS the most projects.
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.bare_tests import bare_command
from benchmarks.figures import Figure, report
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.checking import Checker, check_paths, checker
from quantumlayer.qtest import Verdict, probe_sandbox
from tests.packages.qtest.matrix import c, go, java, javascript, python, rust, typescript
from tests.packages.qtest.matrix.cells import Matrix, cells

STARTS = 30
ROUNDS = 5
MORE_AT_MOST_MS = 30.0
TIMES, PLUS = 1.3, 0.1
TYPED_PLUS = {"python": 0.4}
PATHS = (1, 10, 50, 200)
# Language → its matrix, the shape that is measured, and a comment in it.
PROJECTS: Mapping[str, tuple[Matrix, str, str]] = {
    "python": (python.MATRIX, "files side by side", "#"),
    "javascript": (javascript.MATRIX, "modules", "//"),
    "typescript": (typescript.MATRIX, "its own compiler", "//"),
    "go": (go.MATRIX, "a module", "//"),
    "java": (java.MATRIX, "Maven's folders", "//"),
    "rust": (rust.MATRIX, "integration tests", "//"),
    "c": (c.MATRIX, "plain files", "//"),
    "cpp": (c.MATRIX, "C++ and C, plain", "//"),
}
SOURCES = (".py", ".mjs", ".ts", ".go", ".java", ".rs", ".c", ".cpp", ".h", ".hpp")


def project(language: str, folder: Path) -> Path:
    """The project of a language, written into a new folder."""
    matrix, shape, _ = PROJECTS[language]
    (cell,) = [cell for cell in cells(matrix) if cell.name == shape]
    folder.mkdir(parents=True)
    return cell.write(folder)


def changed(folder: Path, language: str, number: int) -> Path:
    """The same project with other sources, as after an edit."""
    comment = PROJECTS[language][2]
    for path in folder.rglob("*"):
        if path.suffix in SOURCES and "node_modules" not in path.parts:
            lines = [line for line in path.read_text().splitlines() if "edit no." not in line]
            path.write_text("\n".join([*lines, f"{comment} edit no. {number}"]) + "\n")
    return folder


async def run_bare(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
    """A command to its end; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
        env={**os.environ, **variables},
    )  # fmt: skip
    if await process.wait() != 0:
        raise RuntimeError(f"{' '.join(command)} failed in {folder}")


async def seconds_of(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


async def sandbox_starts() -> list[Figure]:
    """A sandbox around `true`, and `true` alone, by turns."""
    sandbox = probe_sandbox()
    true = shutil.which("true") or "true"
    bare, boxed, folder = [], [], Path("/")
    for _ in range(STARTS):
        bare.append(await seconds_of(lambda: run_bare([true], folder, {})))
        boxed.append(await seconds_of(lambda: sandbox.run([true])))
    alone, within = (1000 * statistics.median(times) for times in (bare, boxed))
    return [
        Figure("bare start of a program", alone, "ms"),
        Figure("start of a program in a sandbox", within, "ms"),
        Figure("what the sandbox adds", within - alone, "ms", MORE_AT_MOST_MS),
    ]


async def cost(language: str, checks: Checker, folder: Path) -> list[Figure]:
    """A check beside the bare test command, by turns, and the command as it is typed."""
    place, beside = (project(language, folder / kind / language) for kind in ("checked", "bare"))
    built = folder / "built"
    command, variables = await bare_command(language, beside, checks.cache, built)
    bare, checked = [], []

    async def check() -> None:
        found = await checks.check(place)
        if found.verdict is not Verdict.PASSED:
            raise RuntimeError(f"{language}: {found.verdict}: {found.reason}")

    async def test() -> None:
        await run_bare(command, beside, variables)

    await check()
    for number in range(ROUNDS):
        shutil.rmtree(built, ignore_errors=True)
        built.mkdir()
        changed(beside, language, number)
        bare.append(await seconds_of(test))
        changed(place, language, number)
        checked.append(await seconds_of(check))
    typed = [sys.executable, "-m", "quantumlayer.cli.main", "check", str(place)]
    whole = []
    for number in range(ROUNDS):
        changed(place, language, ROUNDS + number)
        whole.append(await seconds_of(lambda: run_bare(typed, folder, {})))
    least = min(bare)
    more = TYPED_PLUS.get(language)
    return [
        Figure(f"{language}: bare test command", least, "s"),
        Figure(f"{language}: check", min(checked), "s", round(TIMES * least + PLUS, 3)),
        Figure(f"{language}: the command `quantumlayer check`, as it is typed", min(whole), "s",
               None if more is None else round(least + more, 3)),
    ]  # fmt: skip


async def many(cache: Path, folder: Path) -> list[Figure]:
    """Small Python projects, as many as asked for, with one and with all processors."""
    most = int(os.environ.get("QL_BENCH_PATHS", str(PATHS[-1])))
    places = [project("python", folder / f"many-{number}") for number in range(most)]
    at_once = os.cpu_count() or 1
    figures: list[Figure] = []
    for count in (number for number in PATHS if number <= most):
        for jobs in sorted({1, at_once} if count > 1 else {1}):
            async with checker(cache=cache, jobs=jobs) as checks:
                started = time.perf_counter()
                chosen = places[:count]
                found = [one async for one in check_paths(checks, chosen, jobs=jobs)]
                seconds = time.perf_counter() - started
            wrong = [one for one in found if one.verdict is not Verdict.PASSED]
            if wrong:
                raise RuntimeError(f"{wrong[0].path}: {wrong[0].reason}")
            figures.append(Figure(f"{count} projects, {jobs} at a time", seconds, "s"))
            print(f"{count} projects with --jobs {jobs}: {seconds:.2f} s", file=sys.stderr)
    return figures


async def measure() -> list[Figure]:
    """Every figure of this benchmark."""
    cache = cache_folder()
    chosen = set(filter(None, os.environ.get("QL_BENCH_LANGUAGES", "").split(",")))
    figures = await sandbox_starts()
    with tempfile.TemporaryDirectory(prefix="ql-bench-") as name:
        folder = Path(name)
        async with checker(cache=cache, jobs=1) as checks:
            for language in PROJECTS:
                if not chosen or language in chosen:
                    print(f"{language} …", file=sys.stderr)
                    figures += await cost(language, checks, folder)
        figures += await many(cache, folder)
    return figures


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    figures = asyncio.run(measure())
    report("check", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
