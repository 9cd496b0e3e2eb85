"""vitest, jest, and `node --test` over TypeScript: what a project's packages run its tests with.

vitest and jest load the project's configuration into their main process, where our reporter lives
too; tests themselves run in workers. So a test cannot speak for the reporter, and leaving early
leaves the last record unsent, but a configuration file is trusted as much as the runner is.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.qtest.environments import Environment, Language
from quantumlayer.qtest.environments.javascript import TARGET, node_version, read_object
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import MIB, Limits, TestCase
from quantumlayer.qtest.runners.node_outcome import node_outcome
from quantumlayer.qtest.runners.node_runner import node_test_command, run_node
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.payloads import PAYLOADS, Observed, observe
from quantumlayer.qtest.runners.readable import relative_path
from quantumlayer.qtest.runners.records import Records
from quantumlayer.qtest.runners.session_outcome import session_outcome
from quantumlayer.qtest.sandbox import Sandbox

DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies")
STRIPS_TYPES = (22, 18)
TYPESCRIPT_LINE = re.compile(r"(?P<path>[\w./-]+\.[cm]?tsx?):(?P<line>\d+):\d+")
NODE_TEST = re.compile(r"\bnode\b.*--test\b")
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "vitest": ("vitest/vitest.mjs", "run", "--no-color", "--passWithNoTests=false",
               "--dangerouslyIgnoreUnhandledErrors=false",
               f"--reporter={PAYLOADS}/vitest_reporter.mjs"),
    "jest": ("jest/bin/jest.js", "--ci", f"--reporters={PAYLOADS}/jest_reporter.mjs",
             "--testRunner=jest-circus/runner", "--runner=jest-runner", "--testLocationInResults",
             "--watchman=false", "--cacheDirectory=/tmp/jest", "--maxWorkers=2", "--no-color"),
}  # fmt: skip


async def run_javascript(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run the tests with what the project names: vitest, jest, or Node's own runner."""
    chosen = runner_of(project)
    if chosen is not None:
        return await run_installed(chosen, project, environment, sandbox, limits)
    if environment.language is Language.TYPESCRIPT:
        return await run_typescript(project, environment, sandbox, limits)
    return await run_node(project, environment, sandbox, limits)


def runner_of(project: Path) -> str | None:
    """vitest or jest, when the project's script or its packages name it; None: `node --test`."""
    manifest = read_object(project / "package.json")
    scripts = manifest.get("scripts")
    script = str(scripts.get("test", "")) if isinstance(scripts, dict) else ""
    installed = installed_names(manifest)
    named = [name for name in COMMANDS if re.search(rf"\b{name}\b", script)]
    if not named and not NODE_TEST.search(script):
        named = [name for name in COMMANDS if name in installed]
    if named and named[0] not in installed:
        raise ToolMissing(
            f"The tests are run by {named[0]}, which package.json does not name as a dependency. "
            f"Add it with `npm install --save-dev {named[0]}`."
        )
    return named[0] if named else None


def installed_names(manifest: Mapping[str, Any]) -> frozenset[str]:
    tables = [manifest.get(field) for field in DEPENDENCIES]
    return frozenset(name for table in tables if isinstance(table, dict) for name in table)


async def run_installed(
    name: str, project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run vitest or jest from the project's packages, with our reporter."""
    program, *options = COMMANDS[name]
    return await observe(
        sandbox,
        [str(environment.executable), str(TARGET / program), *options],
        project=project,
        mounts=environment.mounts,
        variables={
            **path_of(environment),
            "NODE_ENV": "test",
            "CI": "true",
            "NODE_PATH": str(TARGET),
            "NODE_OPTIONS": f"--max-old-space-size={limits.memory_bytes // MIB}",
        },
        limits=limits,
        interpret=project_paths,
    )


def project_paths(records: Records) -> Outcome:
    """The records' meaning, with places as the project knows them."""
    outcome = session_outcome(records)
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


async def run_typescript(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Node's own runner: over type stripping where Node has it, else after the project's own tsc.

    Where the project has a compiler it is used in any case: types that do not fit are failures.
    """
    compiler = TARGET / "typescript" / "bin" / "tsc"
    if environment.folder and (environment.folder / "node_modules" / "typescript").is_dir():
        command = node_test_command(project, environment, limits)
        start = [str(environment.executable), f"{PAYLOADS}/typescript_start.mjs", str(compiler)]
        words = [*start, "--enable-source-maps", *command[1:]]
    elif version_of(node_version()) >= STRIPS_TYPES:
        words = [*node_test_command(project, environment, limits)]
        words.insert(1, "--experimental-strip-types")
        words += typescript_tests(project)
    else:
        raise ToolMissing(
            f"TypeScript tests need Node {STRIPS_TYPES[0]}.{STRIPS_TYPES[1]} or later (this is "
            f"{node_version()}), or `typescript` in devDependencies: "
            "`npm install --save-dev typescript @types/node`."
        )
    observed = await observe(
        sandbox,
        words,
        project=project,
        mounts=environment.mounts,
        variables={**path_of(environment), "NODE_ENV": "test"},
        limits=limits,
        interpret=typescript_outcome,
    )
    cases = tuple(in_typescript(case, project) for case in observed.outcome.cases)
    return replace(observed, outcome=replace(observed.outcome, cases=cases))


def path_of(environment: Environment) -> dict[str, str]:
    return {"PATH": f"{environment.executable.parent}:/usr/bin:/bin"}


def version_of(version: str) -> tuple[int, ...]:
    return tuple(int(word) for word in re.findall(r"\d+", version)[:2])


def typescript_tests(project: Path) -> list[str]:
    found = (path.relative_to(project) for path in project.rglob("*.ts"))
    return sorted(str(path) for path in found if re.search(r"[-_.](test|spec)\.[cm]?ts$", path.name)
                  and "node_modules" not in path.parts)  # fmt: skip


def typescript_outcome(records: Records) -> Outcome:
    """The compiler's complaints, or the runner's records."""
    if records.named("build_failed"):
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
