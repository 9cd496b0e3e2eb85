"""Running a Python project's tests with pytest."""

from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.model import CaseOutcome, Limits, TestCase
from quantumlayer.qtest.runners.django_tests import SERVER_AWAY, managed
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.payloads import (
    MODULES,
    PACKAGE,
    PAYLOAD_FOLDER,
    PAYLOADS,
    Observed,
    observe,
)
from quantumlayer.qtest.runners.pytest_options import kept_options, more_test_files
from quantumlayer.qtest.runners.pytest_outcome import USAGE_ERROR, loading_message, pytest_outcome
from quantumlayer.qtest.runners.readable import tail
from quantumlayer.qtest.sandbox import WORKSPACE, Mount, Sandbox, SandboxResult

SESSION = PAYLOADS / "pytest_session.py"
HANG_EVIDENCE_SECONDS = 1.0
OPTIONS = (
    "-p", "no:cacheprovider",
    "-o", "addopts=",
    "-o", "verbosity_assertions=2",
    "--rootdir", str(WORKSPACE),
    "--tb=short", "--color=no",
)  # fmt: skip


async def run_pytest(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run the tests of a copy of `project` and read their records."""
    django = managed(project)
    command = [
        # -I: nothing of the project (sitecustomize, PYTHONPATH) may load before our session.
        *(str(environment.executable), "-I", str(SESSION), str(MODULES), str(WORKSPACE)),
        str(max(limits.wall_seconds - HANG_EVIDENCE_SECONDS, limits.wall_seconds / 2)),
        *source_folders(environment),
        *([django.folder] if django else []),
        *("--", *OPTIONS, *more_test_files(project), *kept_options(project)),
    ]
    observed = await observe(
        sandbox,
        command,
        project=project,
        mounts=(*environment.mounts, Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE)),
        variables={
            "PATH": f"{environment.executable.parent}:/usr/bin:/bin",
            "VIRTUAL_ENV": str(environment.executable.parent.parent),
            **(django.variables if django else {}),
        },
        limits=limits,
        interpret=pytest_outcome,
        plan=b"{}",
    )
    return with_startup_error(observed)


def source_folders(environment: Environment) -> list[str]:
    """The folders that an installation of the project would add to the path."""
    return [str(folder) for folder in environment.imports]


def with_startup_error(observed: Observed) -> Observed:
    """Give evidence of a session that pytest refused to start: a conftest.py that cannot load."""
    outcome = observed.outcome
    if outcome.exit_status != USAGE_ERROR or outcome.cases:
        return observed
    return replace(observed, outcome=refused_start(outcome, observed.result))


def refused_start(outcome: Outcome, result: SandboxResult) -> Outcome:
    said = tail(result.stderr)
    if away := SERVER_AWAY.search(said):
        return replace(outcome, absent=away[0], problem="")
    case = TestCase(
        name="starting pytest",
        path="",
        outcome=CaseOutcome.ERROR,
        message=loading_message(said) or outcome.problem,
        details=said,
    )
    return replace(outcome, cases=(case,))
