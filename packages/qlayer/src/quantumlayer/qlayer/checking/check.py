"""Checking paths: each is opened, read and tried at the same time, and judged."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.parser import Parser
from quantumlayer.qlayer.checking.entries import (
    coverage_entry,
    finding_entries,
    metrics_entry,
    tests_entry,
)
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.material import Material, opened
from quantumlayer.qlayer.checking.model import CheckReport, Metrics, MutationEntry, SandboxEntry
from quantumlayer.qlayer.checking.mutation import mutation_of
from quantumlayer.qlayer.checking.native import compiled, early, languages_of, late, written_in
from quantumlayer.qlayer.checking.reading import Reading, analysed, decide, load, searched
from quantumlayer.qlayer.checking.trial import (
    COMPILERS,
    complaints,
    limits_for,
    together,
    try_units,
)
from quantumlayer.qlayer.checking.verdict import judge
from quantumlayer.qtest import (
    FileSyntax,
    QtestError,
    SandboxUnavailable,
    Verdict,
    check_syntax,
    find_units,
)

Watch = Callable[[Path, CheckReport | None], None]
"""Told of a path when it is begun, with None, and when it has ended, with its report."""


@dataclass(frozen=True)
class Asked:
    """What native checkers said, or why they could not be asked."""

    native: tuple[FileSyntax, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Checker:
    """What all paths of one command share: `checker` makes it.

    `seconds` bound the tests of each path, installing apart. `cache` holds dependencies and
    compiled libraries. `mutation`: whether to measure what the tests of a project notice that has
    passed.
    """

    parser: Parser
    cache: Path
    seconds: float | None = None
    mutation: bool = False

    async def check(self, path: Path, shown: str | None = None) -> CheckReport:
        """The report on a path, called `shown` in it. Whatever is wrong with it is a verdict."""
        started, name = time.monotonic(), shown or str(path)
        try:
            with ExitStack() as stack:
                material = await asyncio.to_thread(stack.enter_context, opened(path))
                report = await self._examine(name, material)
        except Refused as refused:
            verdict = Verdict.INFRASTRUCTURE_ERROR if refused.limit else Verdict.FAILED
            limits = (refused.limit,) if refused.limit else ()
            report = CheckReport(path=name, verdict=verdict, reason=str(refused), limits_hit=limits)
        except OSError as error:
            reason = f"It cannot be read: {error.strerror or error}."
            report = CheckReport(path=name, verdict=Verdict.INFRASTRUCTURE_ERROR, reason=reason)
        except QtestError as error:
            report = CheckReport(path=name, verdict=Verdict.INFRASTRUCTURE_ERROR, reason=str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours must not cost the other paths
            report = CheckReport(
                path=name, verdict=Verdict.INFRASTRUCTURE_ERROR, reason=defect(error)
            )
        return report.model_copy(update={"elapsed_seconds": round(time.monotonic() - started, 3)})

    async def _examine(self, name: str, material: Material) -> CheckReport:
        root = material.root
        units = await asyncio.to_thread(find_units, root)
        limits = limits_for(self.seconds)
        async with asyncio.TaskGroup() as group:
            trial = group.create_task(try_units(root, units, limits=limits, cache=self.cache))
            reader = group.create_task(self._read(material))
        (reading, first, metrics), reports = reader.result(), trial.result()
        second = await ask(root, late(reading, units, reports), self.cache)
        # What runs TypeScript's tests may only strip its types.
        compilers = {
            name: COMPILERS[name] for name in compiled(units, reports) - {"typescript", "tsx"}
        }
        native = (*first.native, *second.native)
        syntax = decide(reading, native, complaints(reports), compilers)
        tests = together(reports)
        programs = written_in(reading)
        verdict, reason = judge(
            tests, syntax.problems, known=bool(programs), trouble=first.trouble or second.trouble
        )
        mutation = None
        if self.mutation and verdict is Verdict.PASSED:
            mutation = await mutation_of(root, units, cache=self.cache, limits=limits)
        elif self.mutation:
            mutation = MutationEntry(reason=f"The verdict is {verdict}: changes prove nothing.")
        return CheckReport(
            path=name,
            verdict=verdict,
            reason=reason,
            languages=languages_of(programs, reports),
            syntax=syntax.problems,
            tiers=syntax.tiers,
            findings=finding_entries(reading.findings, syntax.problems, syntax.doubts),
            tests=tests_entry(tests),
            coverage=coverage_entry(tests),
            mutation=mutation,
            metrics=metrics,
            sandbox=SandboxEntry(tier=tests.sandbox if tests else ""),
            limits_hit=(*reading.limits_hit, *(tests.limits_hit if tests else ())),
            notes=(*material.notes, *reading.notes),
        )

    async def _read(self, material: Material) -> tuple[Reading, Asked, Metrics | None]:
        """What the files say; native checkers are asked while rules search."""
        loaded = await asyncio.to_thread(load, material)
        known = await analysed(loaded, self.parser)
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(ask(material.root, early(known), self.cache))
            searching = group.create_task(searched(known))
            measuring = group.create_task(
                asyncio.to_thread(metrics_entry, tuple(known.analyses.values()))
            )
        return searching.result(), asking.result(), measuring.result()


async def ask(root: Path, wanted: Mapping[str, Sequence[str]], cache: Path) -> Asked:
    """What the native checkers say of these files."""
    try:
        return Asked(await check_syntax(root, wanted, cache=cache) if wanted else ())
    except SandboxUnavailable as error:
        return Asked(trouble=str(error))


def defect(error: BaseException) -> str:
    """What to say of an error that is ours."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"QuantumLayer itself failed, please report it: {type(error).__name__}: {error}"


@asynccontextmanager
async def checker(
    *, cache: Path, seconds: float | None = None, jobs: int = 1, mutation: bool = False
) -> AsyncIterator[Checker]:
    """A checker for up to `jobs` paths at a time; its processes are gone afterwards."""
    # Started by the first file: by then the tests are under way.
    parser = Parser(workers=max(1, min(jobs, os.cpu_count() or 1)))
    try:
        yield Checker(parser, cache, seconds, mutation)
    finally:
        await parser.aclose()


async def check_paths(
    checks: Checker, paths: Sequence[Path], *, jobs: int, watch: Watch | None = None
) -> AsyncIterator[CheckReport]:
    """The reports in the order of the paths, each as soon as it and those before it are there.

    `watch` is told of each path that is begun and ended.
    """
    turns, say = asyncio.Semaphore(jobs), watch or (lambda _path, _report: None)

    async def one(path: Path) -> CheckReport:
        async with turns:
            say(path, None)
            report = await checks.check(path)
            say(path, report)
            return report

    tasks = [asyncio.create_task(one(path)) for path in paths]
    try:
        for task in tasks:
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
