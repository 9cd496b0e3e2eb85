"""A test runner that could not start on a crowded machine."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.qtest import Sandbox, SandboxResult, Verdict, run_tests
from tests.packages.qtest.conftest import QUICK, MakeProject

LANGUAGES = {
    "python": {"test_it.py": "def test_it():\n    assert sorted([2, 1]) == [1, 2]\n"},
    "javascript": {
        "package.json": '{"type": "module"}\n',
        "it.test.js": "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
        "test('it', () => assert.equal(1 + 1, 2));\n",
    },
}


@dataclass
class Crowded:
    """A sandbox whose first programs end before they do anything."""

    real: Sandbox
    refusals: int
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.refusals

    @property
    def tier(self) -> str:
        return self.real.tier

    async def run(self, command: Any, **more: Any) -> SandboxResult:  # noqa: ANN401 - passed on
        if self.left == 0:
            return await self.real.run(command, **more)
        self.left -= 1
        failing = ["sh", "-c", "echo 'Error: spawn EAGAIN' >&2; exit 1"]
        return await self.real.run(failing, **more)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_started_once_more(
    language: str, make_project: MakeProject, cache: Path, sandbox: Sandbox
) -> None:
    crowded = Crowded(sandbox, refusals=1)
    project = make_project(LANGUAGES[language])
    report = await run_tests(project, cache=cache, limits=QUICK, sandbox=crowded)
    assert (report.verdict, report.passed) == (Verdict.PASSED, 1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_and_then_nothing_is_found_out(
    language: str, make_project: MakeProject, cache: Path, sandbox: Sandbox
) -> None:
    crowded = Crowded(sandbox, refusals=2)
    project = make_project(LANGUAGES[language])
    report = await run_tests(project, cache=cache, limits=QUICK, sandbox=crowded)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert report.reason == "The test runner could not start: Error: spawn EAGAIN"
