"""Checking paths: each is opened, read and tried at the same time, and judged."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.material import Material, opened
from quantumlayer.qlayer.checking.model import CheckReport, MutationEntry
from quantumlayer.qlayer.checking.trial import limits_for, try_units
from quantumlayer.qtest import Limits, QtestError, Unit, Verdict, find_units

if TYPE_CHECKING:
    from quantumlayer.parser import WorkerPool
    from quantumlayer.qlayer.checking.conclusion import Reader
    from quantumlayer.qtest import TestReport
    from quantumlayer.qtest.delivered import Rung

HEAD_START_SECONDS = 0.05
"""By then tests are under way. What is loaded beside their start holds it up, as the interpreter
runs one thread at a time."""

Watch = Callable[[Path, CheckReport | None], None]
"""Told of a path when it is begun, with None, and when it has ended, with its report."""

WatchRung = Callable[[str, "Rung"], None]
"""Told of each rung that is begun, with what the report calls the path."""


@dataclass
class Late:
    """The reader, loaded by the first path whose tests have begun, and shared by all others."""

    size: int
    cache: Path
    workers: "WorkerPool | None" = None
    _loading: "asyncio.Task[Reader] | None" = None

    async def reader(self, tests: "asyncio.Task[list[TestReport]]") -> "Reader":
        """The reader, when it is there. The first to ask for it has `tests` that go before."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._loaded_after(tests))
        return await asyncio.shield(self._loading)

    async def _loaded_after(self, tests: "asyncio.Task[list[TestReport]]") -> "Reader":
        await asyncio.wait({tests}, timeout=HEAD_START_SECONDS)
        return await asyncio.to_thread(self._load)

    def _load(self) -> "Reader":
        from quantumlayer.qlayer.checking.conclusion import reader  # noqa: PLC0415 - as said above

        return reader(self.size, self.cache, self.workers)

    async def aclose(self) -> None:
        """End its processes."""
        if self._loading is not None:
            await (await self._loading).parser.aclose()
        elif self.workers is not None:
            await self.workers.aclose()


@dataclass(frozen=True)
class Checker:
    """What all paths of one command share: `checker` makes it.

    `seconds` bound the tests of each path, installing apart. `cache` holds dependencies and
    compiled libraries. `mutation`: whether to measure what the tests of a project notice that has
    passed. `delivered`: whether to start it as it is delivered, too, and whom to tell of the rungs.
    `pictures` names a folder for what the pages of a path show, by what the report calls the path.
    `tier` is one of `qtest.delivered.Tier`.
    """

    late: Late
    cache: Path
    seconds: float | None = None
    mutation: bool = False
    delivered: WatchRung | None = None
    pictures: Callable[[str], Path] | None = None
    tier: str = "sandbox"

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
        if self.delivered is None:
            return await self._read_and_tried(name, material)
        from quantumlayer.qlayer.checking.delivered import as_delivered  # noqa: PLC0415 - seldom

        report = await self._read_and_tried(name, material)
        watch = partial(self.delivered, name)
        pictures = self.pictures(name) if self.pictures else None
        from quantumlayer.qtest.delivered import Tier  # noqa: PLC0415 - loaded by now

        return await as_delivered(
            report, material.root, self.cache, watch, pictures, Tier(self.tier)
        )

    async def _read_and_tried(self, name: str, material: Material) -> CheckReport:
        units = await asyncio.to_thread(find_units, material.root)
        limits = limits_for(self.seconds)
        async with asyncio.TaskGroup() as group:
            trial = group.create_task(
                try_units(material.root, units, limits=limits, cache=self.cache)
            )
            reader = await self.late.reader(trial)
            reading = group.create_task(reader.read(material))
        read, reports = reading.result(), trial.result()
        report = await reader.conclude(name, material, read, units, reports)
        if not self.mutation:
            return report
        mutation = await self._mutation(report, material.root, units, limits)
        return report.model_copy(update={"mutation": mutation})

    async def _mutation(
        self, report: CheckReport, root: Path, units: Sequence[Unit], limits: Limits
    ) -> MutationEntry:
        if report.verdict not in (Verdict.PASSED, Verdict.INCOMPLETE):
            reason = f"The verdict is {report.verdict}: changes prove nothing."
            return MutationEntry(reason=reason)
        from quantumlayer.qlayer.checking.mutation import mutation_of  # noqa: PLC0415 - seldom

        return await mutation_of(root, units, cache=self.cache, limits=limits)


def defect(error: BaseException) -> str:
    """What to say of an error that is ours."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"QuantumLayer itself failed, please report it: {type(error).__name__}: {error}"


@asynccontextmanager
async def checker(  # noqa: PLR0913 - what all paths share
    *,
    cache: Path,
    seconds: float | None = None,
    jobs: int = 1,
    mutation: bool = False,
    delivered: WatchRung | None = None,
    pictures: Callable[[str], Path] | None = None,
    tier: str = "sandbox",
    workers: "WorkerPool | None" = None,
) -> AsyncIterator[Checker]:
    """A checker for up to `jobs` paths at a time; its processes are gone afterwards.

    `workers` of the parser may be on their way already; they are its own from now on.
    """
    late = Late(max(1, min(jobs, os.cpu_count() or 1)), cache, workers)
    try:
        yield Checker(late, cache, seconds, mutation, delivered, pictures, tier)
    finally:
        await late.aclose()


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
