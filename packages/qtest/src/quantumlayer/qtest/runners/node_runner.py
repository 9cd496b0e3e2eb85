"""Running a JavaScript project's tests with Node's own runner."""

import os
from collections.abc import Sequence
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.in_package import in_package, node_options, variables_of
from quantumlayer.qtest.runners.javascript_trials import Trial
from quantumlayer.qtest.runners.node_outcome import node_outcome
from quantumlayer.qtest.runners.payloads import PAYLOADS, Observed, observe
from quantumlayer.qtest.sandbox import Sandbox

MOST_FILES_AT_ONCE = 4


async def run_node(
    trial: Trial, project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run the tests of a copy of `project` and read their records."""
    return await observe(
        sandbox,
        in_package(node_test_command(trial, environment, limits), trial, environment),
        project=project,
        mounts=environment.mounts,
        variables=variables_of(trial, environment),
        limits=limits,
        interpret=node_outcome,
    )


def node_test_command(
    trial: Trial, environment: Environment, limits: Limits, paths: Sequence[str] | None = None
) -> list[str]:
    """Node's own runner with our guard, our reporter, and the paths of the tests."""
    return [
        str(environment.executable),
        *node_options(trial, limits),
        f"--import={PAYLOADS}/node_guard.mjs",
        "--test",
        "--experimental-test-coverage",
        f"--test-concurrency={min(MOST_FILES_AT_ONCE, os.cpu_count() or 1)}",
        f"--test-reporter={PAYLOADS}/node_reporter.mjs",
        "--test-reporter-destination=stdout",
        *(trial.paths if paths is None else paths),
    ]
