"""vitest and jest: what a project's packages run its tests with.

They load the project's configuration into their main process, where our reporter lives too; tests
themselves run in workers. So a test cannot speak for the reporter, and leaving early leaves the
last record unsent, but a configuration file is trusted as much as the runner is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.javascript import TARGET
from quantumlayer.qtest.model import Limits, TestCase
from quantumlayer.qtest.runners.in_package import (
    in_package,
    node_options,
    program_of,
    variables_of,
)
from quantumlayer.qtest.runners.javascript_trials import Trial
from quantumlayer.qtest.runners.node_outcome import is_source
from quantumlayer.qtest.runners.outcome import Outcome, coverage_from
from quantumlayer.qtest.runners.payloads import PAYLOADS, Observed, observe
from quantumlayer.qtest.runners.readable import relative_path
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.runners.session_outcome import session_outcome
from quantumlayer.qtest.sandbox import Sandbox
from quantumlayer.qtest.untrusted import text_of

# Where tests run as in a browser, Vite serves files below the project alone. A URL of data is
# loaded by Node itself, and so is the file that it names.
VITEST_COVERAGE = (
    f"data:text/javascript,export {{default}} from 'file://{PAYLOADS}/vitest_coverage.mjs'"
)

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "vitest": ("run", "--no-color", "--passWithNoTests=false",
               "--dangerouslyIgnoreUnhandledErrors=false",
               f"--reporter={PAYLOADS}/vitest_reporter.mjs",
               "--coverage.enabled", "--coverage.provider=custom",
               f"--coverage.customProviderModule={VITEST_COVERAGE}"),
    "jest": ("--ci", f"--reporters={PAYLOADS}/jest_reporter.mjs",
             "--testRunner=jest-circus/runner", "--runner=jest-runner", "--testLocationInResults",
             "--watchman=false", "--cacheDirectory=/tmp/jest", "--maxWorkers=2", "--no-color",
             "--coverage", "--coverageProvider=v8", "--coverageReporters=text-summary",
             "--coverageDirectory=/tmp/jest-coverage",
             "--coveragePathIgnorePatterns=/node_modules/"),
}  # fmt: skip
JEST_SETTINGS = tuple(f"jest.config.{end}" for end in ("js", "ts", "mjs", "cjs", "json"))
ALL_SOURCES = "**/*.{js,jsx,ts,tsx,mjs,cjs,mts,cts}"
# Where a runner's settings are and what it looks at; what chooses tests by name is left out.
KEPT = re.compile(r"^(?:--config|-c|--root|--rootDir|--dir|--projects?|--env|--environment"
                  r"|--globals|--preset|--workspace|--setupFiles\w*)$")  # fmt: skip
NOT_PATHS = frozenset({"run", "watch", "dev", "related", "bench"})


async def run_installed(
    trial: Trial, project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run vitest or jest from the project's packages, with our reporter."""
    program = program_of(environment, trial.folder, trial.runner, trial.runner)
    command = [str(environment.executable), str(program), *COMMANDS[trial.runner]]
    if trial.runner == "jest" and leaves_out(project / trial.folder):
        command.append(f"--collectCoverageFrom={ALL_SOURCES}")
    return await observe(
        sandbox,
        in_package([*command, *own_words(trial.arguments)], trial, environment),
        project=project,
        mounts=environment.mounts,
        variables={
            **variables_of(trial, environment),
            "CI": "true",
            "NODE_PATH": str(TARGET),
            "NODE_OPTIONS": " ".join(
                node_options(replace(trial, words=type(trial.words)()), limits)
            ),
        },
        limits=limits,
        interpret=project_paths,
    )


def leaves_out(folder: Path) -> bool:
    """Whether jest's settings choose what is measured: whatever is not tested could be left out."""
    settings = (folder / name for name in ("package.json", *JEST_SETTINGS))
    return any("collectCoverageFrom" in (text_of(path) or "") for path in settings)


def own_words(words: Sequence[str], *, paths: bool = True) -> Iterator[str]:
    """What of a project's own command says where its tests (with `paths`) and settings are."""
    left = list(words)
    while left:
        word = left.pop(0)
        name, given, _ = word.partition("=")
        follows = not given and bool(left) and not left[0].startswith("-")
        if KEPT.match(name):
            yield word
            if follows:
                yield left.pop(0)
        elif paths and not word.startswith("-") and word not in NOT_PATHS:
            yield word


def project_paths(records: Records) -> Outcome:
    """The records' meaning, with places as the project knows them."""
    outcome = replace(
        session_outcome(records),
        coverage=coverage_from(filter(is_source, records.named("file_coverage"))),
    )
    return replace(outcome, cases=tuple(map(in_project_terms, outcome.cases)))


def in_project_terms(case: TestCase) -> TestCase:
    path = relative_path(case.path)
    place = re.search(rf"{re.escape(path)}:(\d+)", case.details) if path else None
    return case.model_copy(
        update={
            "path": path,
            "name": case.name.replace(case.path, path) if case.path else case.name,
            "line": case.line or (int(place[1]) if place else None),
        }
    )
