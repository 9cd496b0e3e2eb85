"""Running a Rust project's tests: cargo compiles, and each test runs in a process of its own."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import functions_in, source_files
from quantumlayer.qtest.runners.standing import held_against
from quantumlayer.qtest.sandbox import WORKSPACE, Sandbox

EXAMPLE = re.compile(r"^\s*//[/!].*```", re.MULTILINE)


async def run_rust(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run unit tests, integration tests and documentation examples.

    See `payload/rust_session.py` for what is trusted.
    """
    files = dict(source_files(project, (".rs",)))
    observed = await run_session(
        "rust", project, environment, sandbox, limits, plan_for(project, files)
    )
    functions = [
        function for path, text in files.items() for function in functions_in(path, text, "rust")
    ]
    return replace(observed, outcome=held_against(observed.outcome, functions, "rust", function_of))


def plan_for(project: Path, files: Mapping[str, str]) -> dict[str, Any]:
    manifests = {str(path.parent.relative_to(project)) for path in project.rglob("Cargo.toml")}
    plan: dict[str, Any] = {"folders": {path: folder_of(path, manifests) for path in files}}
    if not manifests and files:
        tested = [path for path, text in files.items() if "#[test]" in text]
        plan["file"] = (tested or sorted(files))[0]
    else:
        plan["documentation"] = any(map(EXAMPLE.search, files.values()))
    return plan


def folder_of(path: str, manifests: set[str]) -> str:
    """Where cargo runs the tests of a source: the folder of its nearest manifest."""
    above = [str(parent) for parent in PurePosixPath(path).parents if str(parent) in manifests]
    return str(WORKSPACE / above[0]) if above else str(WORKSPACE)


def function_of(name: str) -> tuple[str, str]:
    """(module or folder, function) of a case's name, `src/lib.rs: tests::adds`."""
    source, _, path = name.partition(": ")
    words = path.split("::")
    root = str(PurePosixPath(source).parent)
    named = [word for word in words[:-1] if word != "tests"]
    return (named[-1] if named else root if root != "." else source), words[-1]
