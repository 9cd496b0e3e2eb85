"""Running a Java project's JUnit tests, compiled by javac, reported by a main class of ours."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.java import LIBRARIES
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import functions_in, source_files
from quantumlayer.qtest.runners.standing import held_against
from quantumlayer.qtest.sandbox import Sandbox

TEST_ROOT = re.compile(r"(^|/)src/(test|integrationTest)/java/")
MAIN_ROOT = re.compile(r"(^|/)src/main/java/")
RESOURCES = ("src/main/resources", "src/test/resources")
GENERATING = re.compile(
    r"<artifactId>((?:protobuf|antlr4?|jooq|openapi-generator|jaxb2?|avro|build-helper|kotlin"
    r"|groovy|gmavenplus)[\w-]*-plugin)</artifactId>"
)


async def run_java(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run every JUnit test. See `payload/java_session.py` for what is trusted."""
    files = dict(source_files(project, (".java",)))
    plan = plan_for(project, files, limits)
    folder = environment.folder
    jars = sorted(path.name for path in folder.glob("*.jar")) if folder else []
    plan["libraries"] = [str(LIBRARIES / name) for name in jars]
    observed = await run_session("java", project, environment, sandbox, limits, plan)
    functions = [
        function for path, text in files.items() for function in functions_in(path, text, "java")
    ]
    return replace(observed, outcome=held_against(observed.outcome, functions, "java", method_of))


def plan_for(project: Path, files: Mapping[str, str], limits: Limits) -> dict[str, Any]:
    """Which sources are the application, and which its tests: by Maven's folders, else all one."""
    tests = [path for path in files if TEST_ROOT.search(path)]
    main = [path for path in files if MAIN_ROOT.search(path)]
    if not tests and not main:
        tests = list(files)
    found = [
        str(path.relative_to(project))
        for name in RESOURCES
        for path in sorted(project.rglob(name))
        if path.is_dir() and not path.is_symlink()
    ]
    return {
        "main": main,
        "tests": tests,
        "resources": found,
        "heap": f"{max(limits.memory_bytes // MIB // 2, 32)}m",
    }


def method_of(name: str) -> tuple[str, str]:
    """(class, method) of a case's name."""
    owner, _, method = name.partition(":")[0].rpartition(".")
    return owner.rpartition("$")[2], re.sub(r"\W.*$", "", method)
