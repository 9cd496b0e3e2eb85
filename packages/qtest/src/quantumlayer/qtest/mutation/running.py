"""Measuring what tests notice: mutations of a project, by the languages that its tests are in."""

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path

from quantumlayer.qtest.environments import Language
from quantumlayer.qtest.errors import (
    DependencyError,
    QtestError,
    SandboxUnavailable,
    ToolMissing,
)
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.javascript.running import measure_javascript
from quantumlayer.qtest.mutation.model import MutationExtent, MutationReport
from quantumlayer.qtest.mutation.python_running import measure_python
from quantumlayer.qtest.mutation.reporting import joined, unfit, unmeasured
from quantumlayer.qtest.project import detect_languages
from quantumlayer.qtest.sandbox import Sandbox
from quantumlayer.qtest.testing import TracedReport, run_traced_tests

SCRIPTS = frozenset({Language.JAVASCRIPT, Language.TYPESCRIPT})
MUTATION_LANGUAGES = (Language.PYTHON, Language.JAVASCRIPT, Language.TYPESCRIPT)


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
    `groups_of`, some changes are tried on the tests of each group alone, beside the others. In
    other languages, and whenever something is in the way, the report has no score and says why.
    Raises QtestError for a path that is no folder.
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
    """The measures of all languages that there are, as one."""
    if not await asyncio.to_thread(project.is_dir):
        raise QtestError(f"{project} is not a folder. Give the folder that holds the project.")
    started = time.monotonic()
    languages = await asyncio.to_thread(detect_languages, project)
    reports: list[MutationReport] = []
    if Language.PYTHON in languages:
        reports.append(
            await measure_python(project, known, cache, extent, groups_of, limits, sandbox)
        )
    report = (await known).report
    if problem := unfit(report):
        return unmeasured(problem, started)
    if SCRIPTS.intersection(report.languages):
        reports.append(
            await measure_javascript(project, report, cache, extent, groups_of, limits, sandbox)
        )
    if reports:
        return joined(reports, started)
    offered = ", ".join(MUTATION_LANGUAGES)
    reason = f"Mutation testing is offered for {offered}, not yet for {report.language}."
    return unmeasured(reason, started)
