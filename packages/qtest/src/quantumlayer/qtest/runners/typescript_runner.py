"""TypeScript under Node's own runner: over the project's compiler, its loader, or Node's own."""

import posixpath
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.javascript import node_version
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import Diagnostic, Limits, TestCase
from quantumlayer.qtest.runners.in_package import in_package, program_of, variables_of
from quantumlayer.qtest.runners.javascript_trials import Trial
from quantumlayer.qtest.runners.node_outcome import node_outcome
from quantumlayer.qtest.runners.node_runner import node_test_command
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.payloads import PAYLOADS, Observed, observe
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.runners.session_outcome import session_outcome
from quantumlayer.qtest.sandbox import Sandbox

STRIPS_TYPES = (22, 18)
# tsx reads projects as bundlers do; for what others load, compiling comes to the same.
LOADERS = re.compile(r"^tsx(?:/esm|/cjs)?$|^@swc-node/register|^esbuild-register|^@oxc-node/core")
TYPED_LOADERS = re.compile(r"^ts-node\b|^tsx\b|^typescript\b")
TYPED = re.compile(r"\.[cm]?tsx?$")
TYPESCRIPT_LINE = re.compile(r"(?P<path>[\w./-]+\.[cm]?tsx?):(?P<line>\d+):\d+")


def is_typed(project: Path, trial: Trial) -> bool:
    """Whether what a trial runs is TypeScript, or is compiled from it."""
    if any(TYPED.search(path) for path in trial.paths):
        return True
    return (project / trial.folder / "tsconfig.json").is_file()


async def run_typescript(
    trial: Trial, project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Node's own runner: after the project's own tsc, over its loader, or over type stripping.

    Where the project has a compiler it is used in any case: types that do not fit are failures.
    """
    loader = loader_of(trial)
    compiler = compiler_of(environment, trial.folder)
    if loader:
        trial = with_preload(trial, loader)
        command = node_test_command(trial, environment, limits)
    elif compiler is not None:
        trial = without_loaders(trial)
        command = node_test_command(trial, environment, limits, [*map(compiled, trial.paths)])
        command.insert(1, "--enable-source-maps")
    elif version_of(node_version()) >= STRIPS_TYPES:
        command = node_test_command(trial, environment, limits)
        command.insert(1, "--experimental-strip-types")
    else:
        raise ToolMissing(
            f"TypeScript tests need Node {STRIPS_TYPES[0]}.{STRIPS_TYPES[1]} or later (this is "
            f"{node_version()}), or `typescript` in devDependencies: "
            "`npm install --save-dev typescript @types/node`."
        )
    if compiler is not None:
        mode = "check" if loader else "emit"
        start = [command[0], f"{PAYLOADS}/typescript_start.mjs", str(compiler), mode]
        command = [*start, *command[1:]]
    observed = await observe(
        sandbox,
        in_package(command, trial, environment),
        project=project,
        mounts=environment.mounts,
        variables=variables_of(trial, environment),
        limits=limits,
        interpret=typescript_outcome,
    )
    cases = tuple(in_typescript(case, project) for case in observed.outcome.cases)
    places = tuple(in_folder(each, trial.folder) for each in observed.outcome.diagnostics)
    outcome = replace(observed.outcome, cases=cases, diagnostics=places)
    return replace(observed, outcome=outcome)


def loader_of(trial: Trial) -> str:
    """The loader of TypeScript that the project's own command uses, empty for none."""
    named = [each["name"] for each in trial.words.preload]
    found = next((name for name in named if LOADERS.match(name)), "")
    return found or ("tsx" if trial.program == "tsx" else "")


def with_preload(trial: Trial, loader: str) -> Trial:
    """The trial with a loader that its program stands for."""
    if any(each["name"] == loader for each in trial.words.preload):
        return trial
    preload = ({"kind": "import", "name": loader}, *trial.words.preload)
    return replace(trial, words=replace(trial.words, preload=preload))


def without_loaders(trial: Trial) -> Trial:
    kept = tuple(each for each in trial.words.preload if not TYPED_LOADERS.match(each["name"]))
    return replace(trial, words=replace(trial.words, preload=kept))


def compiler_of(environment: Environment, folder: str) -> PurePosixPath | None:
    """The compiler among the project's packages, as the sandbox finds it."""
    try:
        return program_of(environment, folder, "typescript", "tsc")
    except ToolMissing:
        return None


def compiled(path: str) -> str:
    """What a source is called once it is compiled."""
    return re.sub(r"\.([cm]?)tsx?$", r".\1js", path)


def in_folder(place: Diagnostic, folder: str) -> Diagnostic:
    path = posixpath.normpath(posixpath.join(folder, place.path)) if place.path else ""
    return place.model_copy(update={"path": path})


def version_of(version: str) -> tuple[int, ...]:
    return tuple(int(word) for word in re.findall(r"\d+", version)[:2])


def typescript_outcome(records: Records) -> Outcome:
    """The compiler's complaints, what it could not read, or the runner's records."""
    if records.named("build_failed") or records.named("absent"):
        return replace(session_outcome(records), closed=True)
    return node_outcome(records)


def in_typescript(case: TestCase, project: Path) -> TestCase:
    """A case of compiled code as its source has it."""
    source = re.sub(r"\.([cm]?)js$", r".\1ts", case.path)
    if source == case.path or not (project / PurePosixPath(source)).is_file():
        return case
    place = TYPESCRIPT_LINE.search(case.details)
    return case.model_copy(
        update={
            "path": source,
            "name": case.name.replace(case.path, source),
            "line": int(place["line"]) if place and place["path"].endswith(source) else None,
        }
    )
