"""Running a Java project's tests, compiled by javac, reported by a main class of ours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantumlayer.manifests.java.model import Compilation, Module, TestRun
from quantumlayer.manifests.java.patterns import matches, path_pattern
from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.java import LIBRARIES
from quantumlayer.qtest.environments.java_build import (
    BuiltModule,
    JavaBuild,
    ordered,
    read_build,
    within,
)
from quantumlayer.qtest.environments.java_tools import SESSION
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import functions_in, source_files
from quantumlayer.qtest.runners.standing import held_against
from quantumlayer.qtest.sandbox import WORKSPACE, Sandbox

JUNIT = f"{SESSION}/junit.jar"
# Tests of a whole system, by their names, where no build file says which are run.
PLAIN = TestRun(excludes=(r"^(.*\.)?(IT\w*|\w*IT|\w*ITCase)$",), folder=".")
COORDINATES = re.compile(r"\$\{([\w.-]+:[\w.-]+):jar(?::[\w.-]+)?\}")
# What is said of code that something else should have made.
ABSENT = re.compile(
    r"^(?:cannot find symbol|package [\w.]+ does not exist|static import only from)"
)


async def run_java(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run every test. See `payload/java_session.py` for what is trusted.

    Raises DependencyError where the project lacks what only a plug-in of its build could make.
    """
    files = dict(source_files(project, (".java",)))
    build = read_build(environment.folder) if environment.folder else plain_build(files)
    plan = {
        "modules": [planned(build, number, files) for number in ordered(build.modules)],
        "heap": f"{max(limits.memory_bytes // MIB * 3 // 4, 32)}m",
    }
    observed = await run_session("java", project, environment, sandbox, limits, plan)
    refuse_unmade(build, observed.outcome)
    functions = [
        function for path, text in files.items() for function in functions_in(path, text, "java")
    ]
    return replace(observed, outcome=held_against(observed.outcome, functions, "java", method_of))


def plain_build(files: Mapping[str, str]) -> JavaBuild:
    """A project without a build file: by Maven's folders where it has them, else all one."""
    laid_out = any("src/main/java/" in path or "src/test/java/" in path for path in files)
    main = Compilation(folders=("src/main/java",), output="/tmp/classes")  # noqa: S108 - inside
    tests = Compilation(
        folders=("src/test/java", "src/integrationTest/java") if laid_out else (".",),
        output="/tmp/test-classes",  # noqa: S108 - as above
    )
    module = Module(folder=".", manifest="", main=main, tests=tests, runs=(PLAIN,))
    return JavaBuild(modules=(BuiltModule(module=module),))


def planned(build: JavaBuild, number: int, files: Mapping[str, str]) -> dict[str, Any]:
    """One module, as the session inside the sandbox wants it."""
    built = build.modules[number]
    module = built.module
    main = part(build, module, module.main, built.main_path, files)
    tests = part(build, module, module.tests, built.test_path, files)
    if not built.engine:
        main["path"].append(JUNIT)
        tests["path"].append(JUNIT)
    tests["path"].insert(0, inside(module.main.output))
    first = [place(build, entry) for entry in built.first_path]
    return {
        "folder": module.folder,
        "main": main,
        "tests": tests,
        "processors": [place(build, entry) for entry in built.processor_path],
        "first": first if built.engine else [JUNIT, *first],
        "rest": [place(build, entry) for entry in built.run_path],
        "runs": [run_of(built, one) for one in module.runs],
    }


def part(
    build: JavaBuild,
    module: Module,
    given: Compilation,
    path: Sequence[str],
    files: Mapping[str, str],
) -> dict[str, Any]:
    """The sources of the application or of the tests, and how they are compiled."""
    words = ["-encoding", given.encoding or "UTF-8"]
    if given.release:
        asked = str(given.release)
        words += ["--release", asked] if given.exact else ["-source", asked, "-target", asked]
    words += [*given.options, *([f"-proc:{given.processing}"] if given.processing else [])]
    return {
        "sources": list(sources_of(given, files)),
        "path": [place(build, entry) for entry in path],
        "words": words,
        "output": given.output,
        "resources": [
            {
                "folder": one.folder,
                "target": one.target,
                "filters": dict(module.filters) if one.filtered else None,
                "includes": [path_pattern(pattern) for pattern in one.includes],
                "excludes": [path_pattern(pattern) for pattern in one.excludes],
            }
            for one in given.resources
        ],
    }


def sources_of(given: Compilation, files: Mapping[str, str]) -> Iterator[str]:
    for path in files:
        for folder in given.folders:
            name = path if folder == "." else path.removeprefix(f"{folder}/")
            if within(folder, path) and matches(name, given.includes, given.excludes):
                yield path
                break


def place(build: JavaBuild, entry: str) -> str:
    """Where the sandbox finds an entry of a path."""
    kind, _, number = entry.partition(":")
    if kind in ("module", "tests") and number.isdigit():
        module = build.modules[int(number)].module
        return inside(module.tests.output if kind == "tests" else module.main.output)
    if kind == "local":
        return inside(number)
    return str(LIBRARIES / entry)


def inside(output: str) -> str:
    return str(WORKSPACE / output)


def run_of(built: BuiltModule, given: TestRun) -> dict[str, Any]:
    """The words for the virtual machine, and those that choose the tests."""
    jars = {name.rpartition(":")[0]: str(LIBRARIES / jar) for name, jar in built.coordinates}
    words = [COORDINATES.sub(lambda found: jars.get(found[1], ""), word) for word in given.words]
    words = [word for word in words if word and not word.endswith("-javaagent:")]
    words += [f"-D{name}={value}" for name, value in given.properties]
    choice = [f"include={one}" for one in given.includes]
    choice += [f"exclude={one}" for one in given.excludes]
    choice += [f"tag={one}" for one in given.tags]
    choice += [f"untag={one}" for one in given.without_tags]
    choice += [f"skip={given.skipped}"] if given.skipped else []
    return {
        "words": words,
        "choice": choice,
        "variables": dict(given.variables),
        "folder": given.folder or built.module.folder,
    }


def refuse_unmade(build: JavaBuild, outcome: Outcome) -> None:
    """Code that lacks what a plug-in makes is not wrong: nobody knows what it would be with it."""
    lacking = [one for one in outcome.diagnostics if ABSENT.match(one.message)]
    for one in build.modules:
        for maker, manifest in one.module.makers:
            if lacking and within(one.module.folder, lacking[0].path):
                found = lacking[0]
                raise DependencyError(
                    f"{manifest}: the plug-in `{maker}` is not run, and the code does not compile "
                    f"without what it may make ({found.path}:{found.line}: {found.message}).",
                    fault=Fault.INFRASTRUCTURE,
                )


def method_of(name: str) -> tuple[str, str]:
    """(class, method) of a case's name."""
    owner, _, method = name.partition(":")[0].rpartition(".")
    return owner.rpartition("$")[2].rpartition(".")[2], re.sub(r"\W.*$", "", method)
