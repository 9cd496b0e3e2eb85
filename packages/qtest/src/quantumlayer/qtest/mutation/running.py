"""Measuring what tests notice: mutations of a project, tried in one sandboxed session."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments import Language, prepare_environment
from quantumlayer.qtest.errors import (
    DependencyError,
    QtestError,
    SandboxUnavailable,
    ToolMissing,
)
from quantumlayer.qtest.model import Limits, Verdict
from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.model import MutationExtent, MutationReport
from quantumlayer.qtest.mutation.reporting import trouble
from quantumlayer.qtest.mutation.sources import libraries_of, python_sources
from quantumlayer.qtest.mutation.work import Work
from quantumlayer.qtest.project import detect_languages
from quantumlayer.qtest.runners.payloads import PAYLOADS, signed_records
from quantumlayer.qtest.runners.pytest_options import kept_options
from quantumlayer.qtest.runners.pytest_runner import OPTIONS, source_folders
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.sandbox import (
    WORKSPACE,
    Mount,
    Sandbox,
    SandboxResult,
    probe_sandbox,
)
from quantumlayer.qtest.testing import TracedReport, run_traced_tests

MUTATION_LANGUAGES = (Language.PYTHON,)
SESSION = PAYLOADS / "mutation_session.py"
JOBS = PurePosixPath("/opt/jobs/jobs.json")
MOST_LANES = 4
SLACK_SECONDS = 30.0
# What bounds the work is the time that it uses; of the clock's time it gets several times as much.
SHARE_OF_BUSY_MACHINE = 4.0


async def measure_mutation(
    project: Path,
    *,
    cache: Path,
    extent: MutationExtent | None = None,
    tested: TracedReport | Awaitable[TracedReport] | None = None,
    groups_of: GroupsOf | None = None,
    limits: Limits | None = None,
    sandbox: Sandbox | None = None,
) -> MutationReport:
    """Change the project's code in small ways, one at a time, and see whether its tests notice.

    The project is copied and never changed. `tested` is what `run_traced_tests` found of it, or is
    about to find: then everything is made ready meanwhile. Without it that is run first. With
    `groups_of`, some changes are tried on the tests of each group alone, beside the others. Python
    only: for other projects, and whenever something is in the way, the report has no score and says
    why. Raises QtestError for a path that is no folder.
    """
    started = time.monotonic()
    bounds = limits or Limits()
    known = await_tests(project, tested, cache, bounds, sandbox)
    try:
        return await measured(
            project, known, cache, extent or MutationExtent(), groups_of, bounds, sandbox
        )
    except (DependencyError, SandboxUnavailable, ToolMissing) as error:
        return unmeasured(str(error), started)
    finally:
        if tested is None and not known.done():
            known.cancel()
            await asyncio.gather(known, return_exceptions=True)


def await_tests(
    project: Path,
    tested: TracedReport | Awaitable[TracedReport] | None,
    cache: Path,
    limits: Limits,
    sandbox: Sandbox | None,
) -> asyncio.Future[TracedReport]:
    """The tests' result, whoever runs them, as something to wait for."""
    if isinstance(tested, TracedReport):
        done: asyncio.Future[TracedReport] = asyncio.get_running_loop().create_future()
        done.set_result(tested)
        return done
    return asyncio.ensure_future(
        tested or run_traced_tests(project, cache=cache, limits=limits, sandbox=sandbox)
    )


async def measured(
    project: Path,
    known: asyncio.Future[TracedReport],
    cache: Path,
    extent: MutationExtent,
    groups_of: GroupsOf | None,
    limits: Limits,
    sandbox: Sandbox | None,
) -> MutationReport:
    """The measure, with a session that gets ready while the tests still run."""
    if not await asyncio.to_thread(project.is_dir):
        raise QtestError(f"{project} is not a folder. Give the folder that holds the project.")
    started = time.monotonic()
    if Language.PYTHON not in await asyncio.to_thread(detect_languages, project):
        return unmeasured(unfit(await known), started)
    sources = await asyncio.to_thread(lambda: dict(python_sources(project)))
    with readable_folder() as folder:
        session = asyncio.create_task(
            run_session(project, sources, cache, folder, extent, limits, sandbox)
        )
        try:
            tested = await known
            problem = unfit(tested)
            if problem:
                return unmeasured(problem, started)
            traces = tested.traces[Language.PYTHON]
            work = await asyncio.to_thread(
                Work.of, sources, tested.report, traces, extent, groups_of
            )
            hand_over(work.plan(), folder)
            result, records = await session
        finally:
            session.cancel()
            await asyncio.gather(session, return_exceptions=True)
    problem = trouble(result, records)
    return unmeasured(problem, started) if problem else work.report(result, records, started)


@contextmanager
def readable_folder() -> Iterator[Path]:
    """A folder of our own that other users may read: it is one of them who runs the session."""
    with tempfile.TemporaryDirectory(prefix="quantumlayer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def unfit(tested: TracedReport) -> str:
    """Why these tests can measure nothing, or nothing."""
    report = tested.report
    if report.verdict is not Verdict.PASSED:
        return f"The tests did not pass ({report.verdict}), so what they notice means nothing."
    if Language.PYTHON in tested.traces:
        return ""
    if Language.PYTHON not in report.languages:
        offered = ", ".join(MUTATION_LANGUAGES)
        return f"Mutation testing is offered for {offered}, not yet for {report.language}."
    return "The test run could not say which test runs which line."


def hand_over(plan: Mapping[str, object], folder: Path) -> None:
    """Put the jobs where the session looks for them, all at once."""
    draft = folder / "draft"
    draft.write_text(json.dumps(plan))
    draft.chmod(0o644)
    draft.rename(folder / JOBS.name)


async def run_session(
    project: Path,
    sources: Mapping[str, str],
    cache: Path,
    folder: Path,
    extent: MutationExtent,
    limits: Limits,
    sandbox: Sandbox | None,
) -> tuple[SandboxResult, Records]:
    """One sandboxed session that tries all mutations; the jobs come through `folder`."""
    box = await asyncio.to_thread(probe_sandbox) if sandbox is None else sandbox
    environment = await prepare_environment(project, Language.PYTHON, cache)
    seconds = limits.wall_seconds + extent.seconds + SLACK_SECONDS
    plan = {
        "modules": list(libraries_of(sources)),
        "arguments": [
            *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *OPTIONS,
            *kept_options(project),
        ],
        "lanes": lanes(),
        "jobs": str(JOBS),
    }
    return await signed_records(
        box,
        [
            *(str(environment.executable), "-I", str(SESSION), str(WORKSPACE)),
            *source_folders(environment),
        ],
        project=project,
        mounts=(*environment.mounts, Mount(source=folder, target=JOBS.parent)),
        variables={
            "PATH": f"{environment.executable.parent}:/usr/bin:/bin",
            "VIRTUAL_ENV": str(environment.executable.parent.parent),
        },
        limits=limits.model_copy(
            update={
                "wall_seconds": seconds * SHARE_OF_BUSY_MACHINE,
                "cpu_seconds": int(seconds * lanes()) + 1,
            }
        ),
        plan=json.dumps(plan).encode(),
    )


def unmeasured(reason: str, started: float) -> MutationReport:
    return MutationReport(reason=reason, elapsed_seconds=round(time.monotonic() - started, 3))


def lanes() -> int:
    return max(1, min(MOST_LANES, os.cpu_count() or 1))
