"""How each test program of a JavaScript project is started when changes are tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.javascript import TARGET, node_version
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.in_package import (
    installed,
    node_options,
    program_of,
    variables_of,
)
from quantumlayer.qtest.runners.installed_runners import COMMANDS, own_words
from quantumlayer.qtest.runners.javascript_tests import NODE
from quantumlayer.qtest.runners.javascript_trials import SCRIPT, Trial
from quantumlayer.qtest.runners.payloads import PAYLOADS
from quantumlayer.qtest.runners.script_runner import mocha_words
from quantumlayer.qtest.runners.typescript_runner import (
    STRIPS_TYPES,
    compiler_of,
    is_typed,
    loader_of,
    version_of,
    with_preload,
)

GUARD = f"--import={PAYLOADS}/trial_guard.mjs"
POINTS_PROVIDER = (
    f"data:text/javascript,export {{default}} from 'file://{PAYLOADS}/vitest_points.mjs'"
)
# As its tests are run otherwise, but for whom it tells of them.
JEST_WORDS = tuple(
    f"--reporters={PAYLOADS}/jest_trial.mjs" if word.startswith("--reporters=") else word
    for word in COMMANDS["jest"]
)
VITEST_SINCE = (1, 0)
MOCHA_PARALLEL_SINCE = (8, 0)


@dataclass(frozen=True)
class Program:
    """Words that start tests; `place` is where those that choose some of them go, by `filter`.

    `whole`: the program is one test itself, of this name. `looks`: what it runs is known for a file
    of tests as a whole, so a change that nobody notices must be seen to have run.
    """

    words: tuple[str, ...]
    environment: Mapping[str, str]
    filter: str = "none"
    place: int = 0
    whole: str = ""
    looks: bool = False

    def plan(self) -> dict[str, object]:
        """As the session reads it."""
        return {
            "words": self.words, "environment": self.environment, "filter": self.filter,
            "place": self.place, "whole": self.whole, "looks": self.looks,
        }  # fmt: skip


@dataclass(frozen=True)
class Programs:
    """The programs of one trial, by names: what is traced, and what a change is tried with.

    The names begin with the trial's `number`, as a project may have several. `alone` makes the
    program of one test file, by its path in the package's folder, where what is traced is more.
    """

    number: int
    trial: Trial
    traced: Mapping[str, Program]
    alone: Callable[[str], Program] | None = None

    def of(self, traced: str, path: str) -> tuple[str, Program]:
        """What runs the tests of a file, and its name: by itself, where that can be."""
        folder = self.trial.folder
        inside = path if folder == "." else path.removeprefix(f"{folder}/")
        if self.alone is None:
            return traced, self.traced[traced]
        return f"{self.number}:{inside}", self.alone(inside)

    def has(self, name: str) -> bool:
        """Whether a program is one of these."""
        return name.startswith(f"{self.number}:")


def programs_of(
    number: int, trial: Trial, project: Path, environment: Environment, limits: Limits
) -> Programs:
    """What to start for a trial.

    Raises ToolMissing, with the reason for people, where changes cannot be tried.
    """
    if trial.runner == "vitest":
        return _vitest(number, trial, environment, limits)
    if trial.runner == "jest":
        return _jest(number, trial, environment, limits)
    if trial.runner not in (NODE, "mocha", "tape", SCRIPT):
        raise ToolMissing(f"Changes are not yet tried on tests that {trial.runner} runs.")
    if trial.runner == NODE and is_typed(project, trial):
        trial = _typed(trial, environment)
    variables = dict(variables_of(trial, environment))
    variables |= {"QL_PRELOAD": variables.pop("QL_WANTED"), "QL_RUNNER": trial.runner}
    node = str(environment.executable)
    options = node_options(trial, limits)
    if trial.runner == "mocha":
        return Programs(
            number, trial, {f"{number}:mocha": _mocha(trial, environment, node, options, variables)}
        )
    if trial.runner == NODE:
        variables["NODE_TEST_CONTEXT"] = "child-v8"
    head = (node, *options, GUARD)
    return Programs(
        number,
        trial,
        {
            f"{number}:{path}": Program(
                words=(*head, f"./{path}"),
                environment=variables,
                filter="part" if trial.runner == NODE else "none",
                place=len(head),
                whole=path if trial.runner == SCRIPT else "",
            )
            for path in trial.paths
        },
    )


def _typed(trial: Trial, environment: Environment) -> Trial:
    """A trial of TypeScript, where Node or a loader reads it as it is."""
    loader = loader_of(trial)
    if loader:
        return with_preload(trial, loader)
    if compiler_of(environment, trial.folder) is not None or version_of(node_version()) < (
        STRIPS_TYPES
    ):
        raise ToolMissing(
            "Changes are not tried on TypeScript that is compiled before its tests run: "
            "a loader such as tsx, or vitest, runs it as it is written."
        )
    words = replace(trial.words, options=(*trial.words.options, "--experimental-strip-types"))
    return replace(trial, words=words)


def _mocha(
    trial: Trial,
    environment: Environment,
    node: str,
    options: Sequence[str],
    variables: Mapping[str, str],
) -> Program:
    program = program_of(environment, trial.folder, "mocha", "_mocha")
    head = (node, *options[:1], GUARD, str(program))
    found = installed(environment, trial.folder, "mocha")
    alone = found is not None and found.version >= MOCHA_PARALLEL_SINCE
    return Program(
        words=(
            *head,
            *mocha_words(trial.arguments),
            f"--reporter={PAYLOADS}/mocha_reporter.cjs",
            *(["--no-parallel"] if alone else []),
        ),
        # mocha knows the words of its own command itself.
        environment={**variables, "QL_PRELOAD": "[]"},
        filter="grep",
        place=len(head),
    )


def _vitest(number: int, trial: Trial, environment: Environment, limits: Limits) -> Programs:
    found = installed(environment, trial.folder, "vitest")
    if found is None or found.version < VITEST_SINCE:
        raise ToolMissing("Changes are tried with vitest 1.0 or later.")
    program = program_of(environment, trial.folder, "vitest", "vitest")
    head = (
        str(environment.executable), str(program), "run", "--no-color",
        f"--reporter={PAYLOADS}/vitest_trial.mjs",
    )  # fmt: skip
    variables = _installed_variables(trial, environment, limits)
    coverage = (
        "--coverage.enabled", "--coverage.provider=custom",
        f"--coverage.customProviderModule={POINTS_PROVIDER}",
    )  # fmt: skip

    def alone(path: str) -> Program:
        settings = own_words(trial.arguments, paths=False)
        return Program(
            words=(*head, "--coverage.enabled=false", *settings, path),
            environment=variables,
            filter="testNamePattern",
            place=len(head),
        )

    whole = Program((*head, *coverage, *own_words(trial.arguments)), variables)
    return Programs(number, trial, {f"{number}:vitest": whole}, alone)


def _jest(number: int, trial: Trial, environment: Environment, limits: Limits) -> Programs:
    program = program_of(environment, trial.folder, "jest", "jest")
    head = (str(environment.executable), str(program), *JEST_WORDS)
    variables = _installed_variables(trial, environment, limits)

    def alone(path: str) -> Program:
        settings = own_words(trial.arguments, paths=False)
        return Program(
            words=(*head, *settings, "--runTestsByPath", path),
            environment=variables,
            filter="testNamePattern",
            place=len(head),
            looks=True,
        )

    whole = Program((*head, *own_words(trial.arguments)), variables, looks=True)
    return Programs(number, trial, {f"{number}:jest": whole}, alone)


def _installed_variables(
    trial: Trial, environment: Environment, limits: Limits
) -> Mapping[str, str]:
    plain = replace(trial, words=type(trial.words)())
    variables = {
        **variables_of(trial, environment),
        "CI": "true",
        "NODE_PATH": str(TARGET),
        "NODE_OPTIONS": " ".join(node_options(plain, limits)),
    }
    variables.pop("QL_WANTED")
    return variables
