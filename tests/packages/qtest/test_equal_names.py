"""Tests of the same name in several files, whoever runs them: each is a test of its own."""

import json

import pytest

from quantumlayer.qtest import Verdict
from tests.packages.qtest.conftest import Check

Files = dict[str, str]
JAVA = """
    import static org.junit.jupiter.api.Assertions.assertEquals;
    import org.junit.jupiter.api.DisplayName;
    import org.junit.jupiter.api.Test;

    @DisplayName("numbers")
    class {name} {{
        @Test
        @DisplayName("adds")
        void adds() {{
            assertEquals({expected}, 1 + 1);
        }}
    }}
    """


def javascript(command: str, head: str, **packages: str) -> dict[str, str]:
    """A manifest, and how a file of tests begins."""
    manifest = {"type": "module", "scripts": {"test": command}, "devDependencies": packages}
    return {"package.json": json.dumps(manifest), "head": head}


RUNNERS = {
    "vitest": javascript("vitest run", "import {expect, test} from 'vitest';\n", vitest="2.1.9"),
    "jest": {
        "package.json": '{"scripts": {"test": "jest"}, "devDependencies": {"jest": "29.7.0"}}',
        "head": "",
    },
}
BODY = "test('adds', () => {{ expect(1 + 1).toBe({expected}); }});\n"


def of_javascript(runner: str, expected: int) -> Files:
    own = dict(RUNNERS[runner])
    head = own.pop("head")
    told = {f"{name}.test.js": head + BODY.format(expected=2) for name in ("a", "c")}
    return {**own, **told, "b.test.js": head + BODY.format(expected=expected)}


def of_java(expected: int) -> Files:
    return {
        f"src/test/java/{name}.java": JAVA.format(name=name, expected=figure)
        for name, figure in (("FirstTest", 2), ("SecondTest", expected), ("ThirdTest", 2))
    }


def of_python(expected: int) -> Files:
    head = "from sums import total\n\n\ndef test_adds():\n"
    return {
        "sums.py": "def total(numbers):\n    return sum(numbers)\n",
        **{
            f"test_{name}.py": f"{head}    assert total([1, 1]) == {figure}\n"
            for name, figure in (("a", 2), ("b", expected), ("c", 2))
        },
    }


def of_node(expected: int) -> Files:
    head = "import test from 'node:test';\nimport assert from 'node:assert';\n"
    return {
        "package.json": '{"type": "module"}',
        **{
            f"test/{name}.test.js": f"{head}test('adds', () => assert.equal(1 + 1, {figure}));\n"
            for name, figure in (("a", 2), ("b", expected), ("c", 2))
        },
    }


def project(runner: str, expected: int) -> Files:
    """Three files with a test of the same name, the second of which expects this of 1 + 1."""
    if runner in RUNNERS:
        return of_javascript(runner, expected)
    return {"java": of_java, "python": of_python, "node": of_node}[runner](expected)


EVERY_RUNNER = pytest.mark.parametrize("runner", [*RUNNERS, "java", "python", "node"])


@EVERY_RUNNER
async def test_all_of_them_are_seen_to_end(check: Check, runner: str) -> None:
    report = await check(project(runner, 2))
    assert (report.verdict, report.passed) == (Verdict.PASSED, 3), report.reason


@EVERY_RUNNER
async def test_one_that_fails_is_neither_hidden_nor_flaky(check: Check, runner: str) -> None:
    report = await check(project(runner, 3))
    assert (report.verdict, report.passed, report.failed) == (Verdict.FAILED, 2, 1), report.reason
    assert report.flaky == ()
