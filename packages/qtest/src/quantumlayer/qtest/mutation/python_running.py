"""Mutations of a Python project, tried in one sandboxed session."""

import asyncio
import json
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments import Language, prepare_environment
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.lanes import lanes, readable_folder, session_limits
from quantumlayer.qtest.mutation.model import MutationExtent, MutationReport
from quantumlayer.qtest.mutation.reporting import trouble, unfit, unmeasured
from quantumlayer.qtest.mutation.sources import libraries_of, python_sources
from quantumlayer.qtest.mutation.work import python_work
from quantumlayer.qtest.runners.payloads import PAYLOADS, signed_records
from quantumlayer.qtest.runners.pytest_options import kept_options
from quantumlayer.qtest.runners.pytest_runner import OPTIONS, source_folders
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.sandbox import WORKSPACE, Mount, Sandbox, SandboxResult, probe_sandbox
from quantumlayer.qtest.testing import TracedReport

SESSION = PAYLOADS / "mutation_session.py"
JOBS = PurePosixPath("/opt/jobs/jobs.json")


async def measure_python(
    project: Path,
    known: Awaitable[TracedReport],
    cache: Path,
    extent: MutationExtent,
    groups_of: GroupsOf | None,
    limits: Limits,
    sandbox: Sandbox | None,
) -> MutationReport:
    """The measure, with a session that gets ready while the tests still run."""
    started = time.monotonic()
    sources = await asyncio.to_thread(lambda: dict(python_sources(project)))
    with readable_folder() as folder:
        session = asyncio.create_task(
            run_session(project, sources, cache, folder, extent, limits, sandbox)
        )
        try:
            tested = await known
            problem = unfit(tested.report) or untraced(tested)
            if problem:
                return unmeasured(problem, started)
            traces = tested.traces[Language.PYTHON]
            work = await asyncio.to_thread(
                python_work, sources, tested.report, traces, extent, groups_of
            )
            hand_over(work.plan(), folder)
            result, records = await session
        finally:
            session.cancel()
            await asyncio.gather(session, return_exceptions=True)
    problem = trouble(result, records)
    return unmeasured(problem, started) if problem else work.report(result.tier, records, started)


def untraced(tested: TracedReport) -> str:
    """Why nothing is known of what these tests run, or nothing."""
    if Language.PYTHON in tested.traces:
        return ""
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
        limits=session_limits(limits, extent, lanes()),
        plan=json.dumps(plan).encode(),
    )
