"""The runner of each language: a table, with what people are told of it."""

import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.sandbox import Sandbox

Run = Callable[[Path, Environment, Sandbox, Limits], Awaitable[Observed]]


class Runner(NamedTuple):
    """A test runner and the name that reports give it.

    `function` is named, not imported: who tests one language waits for no other one to be loaded.
    For people: `runs` says which tests, `evidence` what a pass rests on, `coverage` what is
    measured.
    """

    name: str
    function: str
    runs: str
    evidence: str
    coverage: str = ""

    @property
    def run(self) -> Run:
        """What runs a project's tests."""
        return cast("Run", pkgutil.resolve_name(f"{__package__}.{self.function}"))


_NODE = "javascript_runners:run_javascript"
_PROGRAMS = "native_runner:run_native"
_SIGNED = "records that the runner's own process signs"
_GUARDED = "each test program's return from `main`, told by a guard inside of it"
_BUILDS = "CMake with ctest, make, configure, plain"
_LINES = "lines, branches"
_V8 = "lines; branches under node:test"

RUNNERS: Mapping[Language, Runner] = {
    Language.PYTHON: Runner(
        "pytest", "pytest_runner:run_pytest", "pytest, unittest",
        "records that our pytest session signs", _LINES,
    ),
    Language.JAVASCRIPT: Runner(
        "node:test", _NODE, "node:test, vitest, jest, mocha, tape, plain programs", _SIGNED,
        _V8,
    ),
    Language.TYPESCRIPT: Runner(
        "node:test", _NODE, "node:test after tsc or over tsx, vitest, jest, mocha", _SIGNED,
        _V8,
    ),
    Language.GO: Runner(
        "go test", "go_runner:run_go", "go test: tests, examples, fuzz seeds",
        "the `testing` package's own word, over a socket", "lines, blocks",
    ),
    Language.RUST: Runner(
        "cargo test", "rust_runner:run_rust", "cargo test: unit, integration, documentation",
        _GUARDED,
    ),
    Language.JAVA: Runner(
        "junit", "java_runner:run_java", "JUnit 3 to 6, TestNG, as Maven's or Gradle's files say",
        "JUnit's launcher, told over a socket by a main class of ours",
    ),
    Language.C: Runner("test programs", _PROGRAMS, _BUILDS, _GUARDED),
    Language.CPP: Runner("test programs", _PROGRAMS, _BUILDS, _GUARDED),
}  # fmt: skip
