"""Measures which lines and branches of the project the tests run, at little cost.

While a trace function is set, the interpreter runs every instruction of every module slower. So it
is set only where code of the project may run: while its modules are loaded, and inside the tests
and their fixtures. pytest's own work and the loading of libraries go on at full speed.
"""

# Older releases of pytest lack some of the names that types are written with.
from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable, Generator
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING

import coverage
import pytest
from _pytest.assertion import rewrite

if TYPE_CHECKING:
    from _typeshed import TraceFunction

TEST_FILES = ["*/tests/*", "*/test/*", "*/test_*.py", "*/*_test.py", "*/conftest.py"]
TOOLING = ["*/setup.py", "*/noxfile.py", "*/site-packages/*", "*/.*/*"]
# Folders beside the sources: what is shown, explained or built is not what is tested.
BESIDE = ["docs", "doc", "examples", "example", "samples", "templates", "fixtures", "testdata",
          "test_data", "vendor", "third_party", "build", "dist", "node_modules", "venv",
          "benchmarks"]  # fmt: skip
NEVER_RUN = ["if TYPE_CHECKING:", "if __name__ == .__main__.:", r"^\s*\.\.\.$"]


class Measuring:
    """A running measurement, and the pytest plugin that switches it on around each test."""

    def __init__(self, workspace: str, sibling: Callable[[str], ModuleType]) -> None:
        """Start measuring. The project's own settings for coverage are not read: they could leave
        out whatever is not tested. `sibling` loads another file of ours."""
        concurrency = ["thread"]
        if importlib.util.find_spec("greenlet") is not None:
            concurrency.append("greenlet")
        self.coverage = coverage.Coverage(
            data_file=None,
            branch=True,
            config_file=False,
            source=[workspace],
            omit=[*TEST_FILES, *TOOLING, *(f"{workspace}/{folder}/*" for folder in BESIDE)],
            concurrency=concurrency,
            messages=False,
        )
        # Files that no test loads count as well, in folders that are no packages, too.
        self.coverage.set_option("report:include_namespace_packages", True)
        for pattern in NEVER_RUN:
            self.coverage.exclude(pattern)
        self.coverage.start()
        # None where the interpreter has a faster way than tracing; nothing needs switching then.
        self.tracer = sys.gettrace()
        if self.tracer is not None:
            sys.settrace(None)
            self.follow_loading(f"{workspace}{os.sep}")
        self.workspace = workspace
        self.touching = sibling("touching").Touching(self.coverage)

    def follow_loading(self, prefix: str) -> None:
        """Measure modules of the project while they load, and nothing else that loads."""
        tracer = self.tracer

        def of_project(loader: SourceFileLoader, *_: object) -> TraceFunction | None:
            return tracer if loader.path.startswith(prefix) else None

        switch(SourceFileLoader, "exec_module", of_project)
        # Test modules: what they run is measured, how pytest prepares their asserts is not.
        switch(rewrite.AssertionRewritingHook, "exec_module", lambda *_: tracer)
        switch(rewrite, "_rewrite_test", lambda *_: None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None]:
        """What a fixture of several tests runs is run for all of them, not for the first alone."""
        if fixturedef.scope == "function":
            yield
            return
        before = self.touching.switch(f"fixture {fixturedef.argname}")
        yield
        self.touching.switch(before)

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        self.touching.test(item.nodeid, getattr(item, "fixturenames", ()))
        yield from self.measured()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None]:
        yield from self.measured()

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Generator[None]:
        yield from self.measured()

    def measured(self) -> Generator[None]:
        if self.tracer is None:
            yield
            return
        sys.settrace(self.tracer)
        yield
        sys.settrace(None)

    def report(self, emit: Callable[..., None]) -> None:
        """Send one record for each file of the project, and which test ran which of its lines."""
        self.coverage.stop()
        self.touching.end()
        path = os.path.join(tempfile.mkdtemp(), "coverage.json")  # noqa: PTH118 - pathlib may be what is tested
        try:
            self.coverage.json_report(outfile=path, ignore_errors=True)
        except coverage.exceptions.NoDataError:
            return
        with open(path, encoding="utf-8") as stream:  # noqa: PTH123 - pathlib may be what is tested
            found = json.load(stream)
        for name, entry in found["files"].items():
            summary = entry["summary"]
            emit(
                "file_coverage",
                path=name,
                statements=summary["num_statements"],
                covered=summary["covered_lines"],
                branches=summary["num_branches"],
                covered_branches=summary["covered_branches"],
                missing=entry["missing_lines"],
            )
        self.touching.report(f"{self.workspace}{os.sep}", emit)


def switch(owner: object, name: str, choose: Callable[..., TraceFunction | None]) -> None:
    """Wrap a function so that it runs under the trace function that `choose` returns.

    A function that this version of a library does not have is left alone: it costs speed only.
    """
    original = getattr(owner, name, None)
    if original is None:
        return

    def wrapper(*arguments: object, **options: object) -> object:
        before = sys.gettrace()
        sys.settrace(choose(*arguments))
        try:
            return original(*arguments, **options)
        finally:
            sys.settrace(before)

    setattr(owner, name, wrapper)
