"""Coverage over every source file, loaded or not, in each language and under each runner."""

import json
from pathlib import Path

import pytest

from quantumlayer.qtest import Sandbox, TestReport, Verdict, run_tests
from tests.packages.qtest.conftest import QUICK

LOADED = """\
// A comment counts for nothing.
function add(a, b) {
  if (a > 100) {
    return a - b;
  }
  return a + b;
}

function never(thing) {
  const twice = thing.size * 2;
  return twice;
}
module.exports = { add, never };
"""
UNLOADED = """\
/* Nobody asks
   for it. */
const { add } = require('./loaded');
module.exports = (n) => add(n, n);
"""
TYPED = """\
export interface Thing {
  size: number;
}

export function add(a: number, b: number): number {
  if (a > 100) {
    return a - b;
  }
  return a + b;
}

export const never = (thing: Thing): number => {
  const twice = thing.size * 2;
  return twice;
};
"""
TYPES = "export interface Only {\n  kind: string;\n}\nexport type Other = Only | null;\n"
ASSERTING = "const assert = require('node:assert');\nconst { add } = require('../src/loaded');\n"
TESTS = {
    "mocha": f"{ASSERTING}it('adds', () => assert.equal(add(1, 2), 3));\n",
    "tape": "const test = require('tape');\nconst { add } = require('../src/loaded');\n"
    "test('adds', (t) => { t.equal(add(1, 2), 3); t.end(); });\n",
    "jest": "const { add } = require('../src/loaded');\n"
    "test('adds', () => { expect(add(1, 2)).toBe(3); });\n",
    "node": f"{ASSERTING}require('node:test')('adds', () => assert.equal(add(1, 2), 3));\n",
    "plain": f"{ASSERTING}assert.equal(add(1, 2), 3);\n",
}
SCRIPTS = {
    "mocha": "mocha", "tape": "tape test/*.js", "jest": "jest", "node": "node --test",
    "plain": "node test/loaded.test.js",
}  # fmt: skip
VERSIONS = {"mocha": "11.7.1", "tape": "5.9.0", "jest": "30.2.0"}


async def measured(
    folder: Path, files: dict[str, str], cache: Path, sandbox: Sandbox
) -> TestReport:
    """The report on a project of these files, which has passed and was measured."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    report = await run_tests(folder, cache=cache, limits=QUICK, sandbox=sandbox)
    assert report.verdict is Verdict.PASSED, report.reason
    assert report.coverage is not None
    return report


def manifest(script: str, packages: dict[str, str], **more: object) -> str:
    return json.dumps(
        {"name": "p", "private": True, "scripts": {"test": script}, "devDependencies": packages}
        | more
    )


@pytest.mark.parametrize("runner", sorted(TESTS))
async def test_javascript_counts_what_no_test_loads_under_every_runner(
    runner: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    packages = {runner: VERSIONS[runner]} if runner in VERSIONS else {}
    files = {
        "package.json": manifest(SCRIPTS[runner], packages),
        "src/loaded.js": LOADED,
        "src/unloaded.js": UNLOADED,
        "test/loaded.test.js": TESTS[runner],
    }
    report = await measured(tmp_path, files, cache, sandbox)
    assert report.coverage is not None
    by_path = {entry.path: entry for entry in report.coverage.files}
    assert set(by_path) == {"src/loaded.js", "src/unloaded.js"}
    assert {4, 10, 11} <= set(by_path["src/loaded.js"].missing_lines)
    assert not {2, 3, 6, 13} & set(by_path["src/loaded.js"].missing_lines)
    assert by_path["src/unloaded.js"].missing_lines == (3, 4)
    assert report.coverage.unloaded == ("src/unloaded.js",)
    assert report.coverage.lines_percent < by_path["src/loaded.js"].lines_percent


async def test_settings_of_jest_leave_nothing_out(
    tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    files = {
        "package.json": manifest(
            "jest", {"jest": VERSIONS["jest"]}, jest={"collectCoverageFrom": ["src/un*.js"]}
        ),
        "src/loaded.js": LOADED,
        "src/unloaded.js": UNLOADED,
        "test/loaded.test.js": TESTS["jest"],
    }
    report = await measured(tmp_path, files, cache, sandbox)
    assert report.coverage is not None
    assert {file.path for file in report.coverage.files} == {"src/loaded.js", "src/unloaded.js"}


@pytest.mark.parametrize("environment", ["node", "happy-dom"])
async def test_vitest_is_measured_by_the_lines_of_what_was_written(
    environment: str, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    packages = {"vitest": "4.1.12", "happy-dom": "20.14.6"}
    files = {
        "package.json": manifest("vitest run", packages, type="module"),
        # What a project wants left out, or as a bar, is its own affair.
        "vitest.config.js": f"export default {{ test: {{ environment: '{environment}', coverage: "
        "{ provider: 'istanbul', include: ['nothing'], thresholds: { lines: 100 } } } };\n",
        "src/loaded.ts": TYPED,
        "src/page.tsx": "export const Page = () => <p>never</p>;\n",
        "src/types.ts": TYPES,
        "test/loaded.test.ts": "import { expect, test } from 'vitest';\n"
        "import { add } from '../src/loaded';\n"
        "test('adds', () => { expect(add(1, 2)).toBe(3); });\n",
    }
    report = await measured(tmp_path, files, cache, sandbox)
    assert report.coverage is not None
    by_path = {entry.path: entry for entry in report.coverage.files}
    # Types are nothing that could run.
    assert set(by_path) == {"src/loaded.ts", "src/page.tsx"}
    assert by_path["src/loaded.ts"].missing_lines == (7, 13, 14)
    assert report.coverage.unloaded == ("src/page.tsx",)


async def test_python_and_go_count_what_no_test_loads(
    tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    files = {
        "go.mod": "module example.com/m\n\ngo 1.21\n",
        "a/a.go": "package a\n\nfunc Add(x, y int) int {\n\treturn x + y\n}\n",
        "a/a_test.go": 'package a\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n'
        "\tif Add(1, 2) != 3 {\n\t\tt.Fatal()\n\t}\n}\n",
        "cmd/x/main.go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println(1)\n}\n',
        "app/a.py": "def add(a, b):\n    return a + b\n",
        "tool/b.py": "import os\n\n\ndef b():\n    return os.getcwd()\n",
        "test_a.py": "from app.a import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
    }
    report = await measured(tmp_path, files, cache, sandbox)
    assert report.coverage is not None
    assert set(report.coverage.unloaded) == {"tool/b.py", "cmd/x/main.go"}
    # Languages are weighed by their lines: 2 + 3 of 2 + 3 + 3 + 3.
    assert report.coverage.lines_percent == pytest.approx(45.45, abs=0.01)
