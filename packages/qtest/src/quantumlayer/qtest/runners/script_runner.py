"""mocha, tape, and test programs that need no runner: each in a process with our guard inside."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.in_package import (
    in_package,
    installed,
    node_options,
    program_of,
    variables_of,
)
from quantumlayer.qtest.runners.installed_runners import project_paths
from quantumlayer.qtest.runners.javascript_trials import Trial
from quantumlayer.qtest.runners.payloads import PAYLOADS, Observed, observe
from quantumlayer.qtest.sandbox import Sandbox

PARALLEL_SINCE, STREAMS_SINCE = (8, 0), (3, 0)
# What would choose tests, choose who is told of them, or split what has to be heard.
LEFT_OUT = frozenset({
    "-g", "--grep", "-f", "--fgrep", "-R", "--reporter", "-O", "--reporter-option",
    "--reporter-options", "-j", "--jobs", "--shard",
})  # fmt: skip
LEFT_OUT_FLAGS = frozenset({
    "-i", "--invert", "-p", "--parallel", "-w", "--watch", "-b", "--bail", "--dry-run", "-c", "-C",
    "--color", "--colors", "--no-color", "--pass-on-failing-test-suite", "-A", "--async-only",
    "--inspect", "--inspect-brk", "--fail-zero",
})  # fmt: skip


async def run_scripts(
    trial: Trial, project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run the tests and hear what the guard in their processes says of them."""
    options = node_options(trial, limits)
    variables = variables_of(trial, environment)
    plan = {
        "runner": trial.runner,
        "options": options,
        "preload": json.loads(variables.pop("QL_WANTED")),
        "runs": list(runs(trial, environment)),
    }
    if trial.runner == "mocha":
        # mocha knows the words of its own command itself.
        plan |= {"preload": [], "options": options[:1]}
    return await observe(
        sandbox,
        in_package([str(environment.executable), f"{PAYLOADS}/script_session.mjs"], trial,
                   environment),
        project=project,
        mounts=environment.mounts,
        variables=variables,
        limits=limits,
        interpret=project_paths,
        plan=json.dumps(plan).encode(),
    )  # fmt: skip


def runs(trial: Trial, environment: Environment) -> Iterator[Mapping[str, object]]:
    """The programs to start, each with a name for reports."""
    if trial.runner == "tape":
        refuse_old_tape(trial, environment)
    if trial.runner != "mocha":
        yield from ({"path": path, "words": [f"./{path}"]} for path in trial.paths)
        return
    program = program_of(environment, trial.folder, "mocha", "_mocha")
    reporter = f"--reporter={PAYLOADS}/mocha_reporter.cjs"
    words = [str(program), *mocha_words(trial.arguments), reporter]
    found = installed(environment, trial.folder, "mocha")
    if found is not None and found.version >= PARALLEL_SINCE:
        words.append("--no-parallel")
    yield {"path": "mocha", "words": words}


def refuse_old_tape(trial: Trial, environment: Environment) -> None:
    """Refuse a tape that tells nobody of its results."""
    found = installed(environment, trial.folder, "tape")
    if found is not None and found.version < STREAMS_SINCE:
        version = ".".join(map(str, found.version))
        raise ToolMissing(f"The tests are written for tape {version}; 3.0 or later is supported.")


def mocha_words(words: Sequence[str]) -> Iterator[str]:
    """The words of the project's own command without those that mocha is not to hear."""
    left = list(words)
    while left:
        word = left.pop(0)
        name, given, _ = word.partition("=")
        if name in LEFT_OUT:
            if not given and left:
                left.pop(0)
        elif name not in LEFT_OUT_FLAGS and word != "--":
            yield word
