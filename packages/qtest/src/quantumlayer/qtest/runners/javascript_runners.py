"""JavaScript and TypeScript: each package's tests with what it runs them with, as one run."""

import asyncio
from pathlib import Path

from quantumlayer.qtest.environments import Environment, Language
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.installed_runners import COMMANDS, run_installed
from quantumlayer.qtest.runners.javascript_trials import Trial, trials
from quantumlayer.qtest.runners.node_runner import run_node
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.script_runner import run_scripts
from quantumlayer.qtest.runners.several import together
from quantumlayer.qtest.runners.typescript_runner import is_typed, run_typescript
from quantumlayer.qtest.runners.unloaded import with_unloaded
from quantumlayer.qtest.sandbox import Sandbox

LEAST_SECONDS = 0.5


async def run_javascript(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run the tests of every package with what its script, its tests or its packages name.

    Raises ToolMissing when tests are written for a runner that is not known here.
    """
    planned = await asyncio.to_thread(trials, project)
    observed: list[Observed] = []
    left = limits.wall_seconds
    for trial in planned or (Trial(".", "node:test"),):
        bounds = limits.model_copy(update={"wall_seconds": max(left, LEAST_SECONDS)})
        observed.append(await run_trial(trial, project, environment, sandbox, bounds))
        left -= observed[-1].result.elapsed_seconds
    return await asyncio.to_thread(with_unloaded, together(observed), project)


async def run_trial(
    trial: Trial, project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    if trial.runner in COMMANDS:
        return await run_installed(trial, project, environment, sandbox, limits)
    if trial.runner != "node:test":
        return await run_scripts(trial, project, environment, sandbox, limits)
    typed = environment.language is Language.TYPESCRIPT and is_typed(project, trial)
    run = run_typescript if typed else run_node
    return await run(trial, project, environment, sandbox, limits)
