"""Measuring what the tests of a JavaScript or TypeScript project notice.

Two times sandboxes are run: first the tests as they are, to learn what each of them runs, then one
change after another, each in processes of its own, in as many sandboxes as there are processors.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.model import Limits, TestReport
from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.javascript.operators import mutations_of
from quantumlayer.qtest.mutation.javascript.programs import Programs, programs_of
from quantumlayer.qtest.mutation.javascript.tracing import Tracing, traced, traces_of
from quantumlayer.qtest.mutation.javascript.work import TrialWork, trial_work
from quantumlayer.qtest.mutation.lanes import lanes, readable_folder, session_limits
from quantumlayer.qtest.mutation.model import MutationExtent, MutationReport
from quantumlayer.qtest.mutation.mutations import Mutation
from quantumlayer.qtest.mutation.reporting import trouble, unmeasured
from quantumlayer.qtest.project import text_of
from quantumlayer.qtest.runners.in_package import in_package
from quantumlayer.qtest.runners.javascript_trials import trials
from quantumlayer.qtest.runners.payloads import (
    MODULES,
    PACKAGE,
    PAYLOAD_FOLDER,
    signed_records,
)
from quantumlayer.qtest.runners.records import Record, Records
from quantumlayer.qtest.runners.traces import Traces
from quantumlayer.qtest.sandbox import WORKSPACE, Mount, Sandbox, SandboxResult, probe_sandbox
from quantumlayer.qtest.sandbox.host import base_interpreter

LANGUAGES = (Language.TYPESCRIPT, Language.JAVASCRIPT)
# What was put together by a tool, and lies among the sources, would bury the rest.
MOST_MUTATIONS = 20_000
POINTS = PurePosixPath("/opt/jobs/points.json")
START = (
    f"import sys; sys.path.insert(0, {str(MODULES)!r}); "
    f"from {PACKAGE.replace('/', '.')} import trial_session; trial_session.run()"
)


@dataclass(frozen=True)
class Changes:
    """All changes of a project's sources, and where the points of each file begin among all."""

    mutations: Sequence[Mutation]
    points: Mapping[str, Sequence[tuple[int, int]]]

    @classmethod
    def of(cls, project: Path, report: TestReport, groups_of: GroupsOf | None) -> "Changes":
        """Those of every source whose coverage is known."""
        named = groups_of or (lambda _: ())
        mutations: list[Mutation] = []
        points: dict[str, Sequence[tuple[int, int]]] = {}
        files = report.coverage.files if report.coverage else ()
        # Several runs may each have measured a file.
        for path in dict.fromkeys(entry.path for entry in files):
            found, places = mutations_of(path, text_of(project / path), named)
            if len(mutations) + len(found) > MOST_MUTATIONS:
                continue
            mutations += found
            points[path] = places
        return cls(mutations, points)

    def first(self) -> dict[str, int]:
        """The number of each file's first point among the points of all."""
        found, total = {}, 0
        for path, places in self.points.items():
            found[path], total = total, total + len(places)
        return found

    def traces(self, tracing: Tracing) -> Traces:
        """Which test ran which point of each file."""
        counts = {path: len(places) for path, places in self.points.items()}
        return traces_of(tracing, self.first(), counts)

    def numbered(self) -> dict[str, list[tuple[int, int, int]]]:
        """The points of each file as test programs see it: line, column, number."""
        return {
            f"{WORKSPACE}/{path}": [
                (line, column, start + n) for n, (line, column) in enumerate(self.points[path])
            ]
            for path, start in self.first().items()
        }


@dataclass(frozen=True)
class _Place:
    """Where sessions run, and how many at once."""

    project: Path
    environment: Environment
    sandbox: Sandbox
    limits: Limits
    extent: MutationExtent
    folder: Path
    gate: asyncio.Semaphore

    async def session(
        self, programs: Programs, plan: Mapping[str, object]
    ) -> tuple[SandboxResult, Records]:
        """One sandboxed session."""
        command = [str(base_interpreter()), "-I", "-S", "-B", "-c", START]
        async with self.gate:
            return await signed_records(
                self.sandbox,
                in_package(command, programs.trial, self.environment),
                project=self.project,
                mounts=(
                    *self.environment.mounts,
                    Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE),
                    Mount(source=self.folder, target=POINTS.parent),
                ),
                variables={"PATH": f"{self.environment.executable.parent}:/usr/bin:/bin"},
                limits=session_limits(self.limits, self.extent),
                plan=json.dumps(plan).encode(),
            )

    def bytes_of(self, programs: Programs) -> dict[str, int]:
        """How much there is of the tests of each program: of a file its size."""
        folder = self.project / programs.trial.folder
        return {name: len(text_of(folder / name.partition(":")[2])) + 1 for name in programs.traced}

    async def traced(self, programs: Programs) -> list[tuple[SandboxResult, Records]]:
        """The tests of a package as they are."""
        plans = [
            {
                "programs": {name: programs.traced[name].plan() for name in some},
                "trace": some,
                "points": str(POINTS),
            }
            for some in _shares(programs.traced, self.bytes_of(programs))
        ]
        return await asyncio.gather(*(self.session(programs, plan) for plan in plans))

    async def tried(
        self, programs: Programs, work: TrialWork
    ) -> list[tuple[SandboxResult, Records]]:
        """The changes whose tests are in a package."""
        plans = [
            {
                "programs": work.programs_for(some),
                "jobs": some,
                "seconds": self.extent.seconds,
                "points": str(POINTS),
            }
            for some in work.shares(programs, lanes())
        ]
        return await asyncio.gather(*(self.session(programs, plan) for plan in plans))


async def measure_javascript(
    project: Path,
    report: TestReport,
    cache: Path,
    extent: MutationExtent,
    groups_of: GroupsOf | None,
    limits: Limits,
    sandbox: Sandbox | None,
) -> MutationReport:
    """What the tests, which have passed, notice.

    Raises ToolMissing for a runner on whose tests no change can be tried, and what stops
    environments and sandboxes.
    """
    started = time.monotonic()
    language = next(each for each in LANGUAGES if each in report.languages)
    box = await asyncio.to_thread(probe_sandbox) if sandbox is None else sandbox
    environment = await prepare_environment(project, language, cache)
    changes = await asyncio.to_thread(Changes.of, project, report, groups_of)
    planned = await asyncio.to_thread(trials, project)
    packages = [
        programs_of(number, trial, project, environment, limits)
        for number, trial in enumerate(planned)
    ]
    if not changes.mutations:
        return unmeasured("There is nothing to change.", started)
    with _points_for_all(changes) as folder:
        gate = asyncio.Semaphore(lanes())
        place = _Place(project, environment, box, limits, extent, folder, gate)
        found = await asyncio.gather(*map(place.traced, packages))
        sessions = [one for some in found for one in some]
        problem = _trouble_in(sessions)
        tracing = traced(_events(sessions, "traced"))
        if problem := problem or _unusable(tracing):
            return unmeasured(problem, started)
        work = await asyncio.to_thread(
            trial_work, changes.mutations, tracing, changes.traces(tracing), extent, groups_of,
            packages, changes.first(),
        )  # fmt: skip
        found = await asyncio.gather(*(place.tried(programs, work) for programs in packages))
    sessions = [one for some in found for one in some]
    if problem := _trouble_in(sessions):
        return unmeasured(problem, started)
    return work.report(box.tier, _events(sessions, "mutant", "unreliable"), started)


def _shares(names: Iterable[str], weight_of: Mapping[str, int]) -> list[list[str]]:
    """At most as many lists as there are lanes, none empty, about as heavy as each other."""
    found: list[list[str]] = [[] for _ in range(lanes())]
    weights = [0] * len(found)
    for name in sorted(names, key=lambda one: (-weight_of[one], one)):
        lightest = weights.index(min(weights))
        found[lightest].append(name)
        weights[lightest] += weight_of[name]
    return [some for some in found if some]


def _events(sessions: Sequence[tuple[SandboxResult, Records]], *names: str) -> list[Record]:
    return [one for _, records in sessions for one in records.named(*names)]


def _trouble_in(sessions: Sequence[tuple[SandboxResult, Records]]) -> str:
    return next((said for result, records in sessions if (said := trouble(result, records))), "")


def _unusable(tracing: Tracing) -> str:
    """Why tests can measure nothing, or nothing."""
    if tracing.tests:
        return ""
    first = next(iter((*tracing.problems, *tracing.failing)), "no test was run")
    return f"The tests do not pass when they are run to be measured: {first}"


@contextmanager
def _points_for_all(changes: Changes) -> Iterator[Path]:
    """A folder with the points, which the programs inside may read."""
    with readable_folder() as folder:
        path = folder / POINTS.name
        path.write_text(json.dumps(changes.numbered()))
        path.chmod(0o644)
        yield folder
