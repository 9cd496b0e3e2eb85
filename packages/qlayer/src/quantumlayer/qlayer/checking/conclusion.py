"""What a project's files say, and the report on it from that and from its tests.

Loaded while the tests run: grammars and rules take as long to load as a short test suite to run.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.parser import Parser, WorkerPool
from quantumlayer.qlayer.checking.entries import (
    coverage_entry,
    finding_entries,
    metrics_entry,
    tests_entry,
)
from quantumlayer.qlayer.checking.material import Material
from quantumlayer.qlayer.checking.model import CheckReport, Metrics, SandboxEntry
from quantumlayer.qlayer.checking.native import compiled, early, languages_of, late, written_in
from quantumlayer.qlayer.checking.reading import Reading, analysed, decide, load, searched
from quantumlayer.qlayer.checking.trial import COMPILERS, complaints, together
from quantumlayer.qlayer.checking.verdict import judge
from quantumlayer.qtest import FileSyntax, SandboxUnavailable, TestReport, Unit, Verdict


@dataclass(frozen=True)
class Asked:
    """What native checkers said, or why they could not be asked."""

    native: tuple[FileSyntax, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Read:
    """What the files of a project say before anything was run."""

    reading: Reading
    asked: Asked
    metrics: Metrics | None


@dataclass(frozen=True)
class Reader:
    """Reads the files of all paths of one command, with a parser that they share."""

    parser: Parser
    cache: Path

    async def read(self, material: Material) -> Read:
        """What the files say; native checkers are asked while rules search."""
        loaded = await asyncio.to_thread(load, material)
        known = await analysed(loaded, self.parser)
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(ask(material.root, early(known), self.cache))
            searching = group.create_task(searched(known))
            measuring = group.create_task(
                asyncio.to_thread(metrics_entry, tuple(known.analyses.values()))
            )
        return Read(searching.result(), asking.result(), measuring.result())

    async def conclude(
        self,
        name: str,
        material: Material,
        read: Read,
        units: Sequence[Unit],
        reports: Sequence[TestReport],
    ) -> CheckReport:
        """The report on a path called `name`, of which all tests have been run."""
        reading, first = read.reading, read.asked
        second = await ask(material.root, late(reading, units, reports), self.cache)
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
        lacks = await asyncio.to_thread(lacking, material, tests)
        if lacks and verdict is Verdict.PASSED:
            verdict, reason = Verdict.INCOMPLETE, " ".join(lacks)
        return CheckReport(
            path=name,
            verdict=verdict,
            reason=reason,
            missing=lacks,
            languages=languages_of(programs, reports),
            syntax=syntax.problems,
            tiers=syntax.tiers,
            findings=finding_entries(reading.findings, syntax.problems, syntax.doubts),
            tests=tests_entry(tests),
            coverage=coverage_entry(tests),
            metrics=read.metrics,
            sandbox=SandboxEntry(tier=tests.sandbox if tests else ""),
            limits_hit=(*reading.limits_hit, *(tests.limits_hit if tests else ())),
            notes=(*material.notes, *reading.notes, *(tests.notes if tests else ())),
        )


def lacking(material: Material, tests: TestReport | None) -> tuple[str, ...]:
    """Of a capsule, a sentence for each thing that was asked for and is not there."""
    if material.capsule is None:
        return ()
    from quantumlayer.qlayer.checking.promised import missing, promise_of  # noqa: PLC0415 - loaded for capsules alone

    return missing(promise_of(material.capsule), tests)


async def ask(root: Path, wanted: Mapping[str, Sequence[str]], cache: Path) -> Asked:
    """What the native checkers say of these files."""
    if not wanted:
        return Asked()
    # What it knows of every language is slow to load.
    from quantumlayer.qtest import check_syntax  # noqa: PLC0415 - loaded where it is used

    try:
        return Asked(await check_syntax(root, wanted, cache=cache))
    except SandboxUnavailable as error:
        return Asked(trouble=str(error))


def reader(size: int, cache: Path, workers: WorkerPool | None) -> Reader:
    """A reader with up to `size` workers: those that are given, or its own."""
    return Reader(Parser(workers=size, trees=workers), cache)
