"""Running a Rust project's tests: cargo compiles, and each test runs in a process of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.manifests import CargoRoot, FilesOnDisk, cargo_roots
from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.model import CaseOutcome, Limits, TestCase
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.rust_settings import settings_without_registries
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import Function, functions_in, source_files
from quantumlayer.qtest.runners.standing import held_against
from quantumlayer.qtest.sandbox import WORKSPACE, Sandbox

# Examples in comments, and text of other files that becomes documentation.
EXAMPLE = re.compile(r"```|\bdoc\s*=\s*(?!\")")
# What the guard says when a test ends the program with success before its end.
LEFT = "before its main function had returned"
LEAVES = re.compile(r"\bexit\s*\(\s*0\s*\)")
LEFT_BY_ITSELF = "It ends the program with status 0 itself, so it proves nothing here."


async def run_rust(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run unit tests, integration tests and documentation examples.

    See `payload/rust_session.py` for what is trusted. Raises NotUnderstood.
    """
    files, held = dict(source_files(project, (".rs",))), FilesOnDisk(project)
    roots = cargo_roots(held)
    plan = {**plan_for(roots, files), "settings": settings_without_registries(held)}
    observed = await run_session("rust", project, environment, sandbox, limits, plan)
    functions = [
        function for path, text in files.items() for function in functions_in(path, text, "rust")
    ]
    outcome = held_against(observed.outcome, functions, "rust", function_of)
    return replace(observed, outcome=without_own_exits(outcome, functions))


def without_own_exits(outcome: Outcome, functions: Sequence[Function]) -> Outcome:
    """Tests that end the program themselves, as on a system that they do not support, skip."""
    own = {(one.path, one.name) for one in functions if LEAVES.search(one.body)}

    def seen(case: TestCase) -> TestCase:
        name = case.name.rpartition("::")[2].rpartition(": ")[2]
        if LEFT not in case.message or (case.path, name) not in own:
            return case
        update = {"outcome": CaseOutcome.SKIPPED, "message": LEFT_BY_ITSELF}
        return case.model_copy(update=update)

    return replace(outcome, cases=tuple(map(seen, outcome.cases)))


def plan_for(roots: Sequence[CargoRoot], files: Mapping[str, str]) -> dict[str, Any]:
    """What the session has to know: from where cargo is run, and where the tests of each source."""
    if not roots and files:
        tested = [path for path, text in files.items() if "#[test]" in text]
        return {"roots": [], "folders": {}, "file": (tested or sorted(files))[0]}
    manifests = {member.folder for root in roots for member in root.members}
    return {
        "roots": [root.folder for root in roots],
        "folders": {path: folder_of(path, manifests) for path in files},
        "documentation": any(map(EXAMPLE.search, files.values())),
        "left_out": [
            {"name": one.name, "path": one.path, "features": ", ".join(one.features)}
            for root in roots
            for one in root.left_out
        ],
    }


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
