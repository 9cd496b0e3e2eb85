"""JavaScript projects, right and wrong in many ways, and the verdict on each."""

import json
from pathlib import Path

import pytest

from quantumlayer.qtest import CaseOutcome, Limits, Verdict
from quantumlayer.qtest.sandbox import WORKSPACE
from tests.packages.qtest.conftest import Check

SUM = """
    export function total(numbers) {
      let result = 0;
      for (const number of numbers) {
        if (number === null) {
          continue;
        }
        result += number;
      }
      return result;
    }
    """
HEAD = "import { test, describe, it, after } from 'node:test';\nimport assert from 'node:assert';\n"
PASSING = (
    HEAD
    + "import { total } from '../sums.mjs';\ntest('adds', () => assert.equal(total([1, 2]), 3));\n"
)


def javascript(test: str, **more: str) -> dict[str, str]:
    return {
        "package.json": '{"type": "module"}',
        "sums.mjs": SUM,
        "test/sums.test.mjs": test,
        **more,
    }


OWN_PACKAGE = {
    "package.json": '{"type": "module", "dependencies": {"own": "file:own"}}',
    "own/package.json": '{"name": "own", "version": "1.0.0"}',
}


async def test_correct_code_passes_with_its_coverage(check: Check) -> None:
    report = await check(javascript(PASSING))
    assert report.verdict is Verdict.PASSED, report.reason
    assert (report.executed, report.passed) == (1, 1)
    assert (report.language, report.runner) == ("javascript", "node:test")
    assert report.coverage is not None
    [measured] = report.coverage.files
    assert measured.path == "sums.mjs"
    assert measured.missing_lines == (6, 7)
    assert report.coverage.branches_percent is not None


async def test_suites_give_tests_their_full_names(check: Check) -> None:
    report = await check(
        javascript(
            HEAD
            + "describe('outer', () => { describe('inner', () => { it('works', () => {}); }); });"
        )
    )
    assert [case.name for case in report.cases] == ["outer > inner > works"]
    assert report.executed == 1


async def test_a_failure_carries_what_a_repair_needs(check: Check, tmp_path: Path) -> None:
    report = await check(javascript(PASSING.replace("[1, 2]), 3", "[1, 2]), 4")))
    assert report.verdict is Verdict.FAILED
    [case] = report.cases
    assert (case.name, case.path, case.line) == ("adds", "test/sums.test.mjs", 4)
    assert "3 == 4" in case.message
    assert "test/sums.test.mjs:4" in case.details
    for leak in (str(tmp_path), str(WORKSPACE), "file://", "node:internal"):
        assert leak not in report.model_dump_json()


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("test('x', () => { throw new TypeError('odd'); });", "odd"),
        ("test('x', async () => { await Promise.reject(new Error('late')); });", "late"),
        ("test('x', () => { const f = () => f(); f(); });", "Maximum call stack"),
        ("test('x', () => new Promise(() => {}));", "still pending"),
        ("describe('s', () => { it('x', () => { nothing(); }); });", "nothing is not defined"),
        ("import './missing.mjs';", "Cannot find module"),
        ("test('x', () => {", "SyntaxError"),
        ("throw new Error('while loading');", "while loading"),
        ("test('x', () => {}); after(() => { throw new Error('x'); });", "in a hook"),
        ("test('x', () => { setTimeout(() => { throw new Error('loose'); }, 5); });", "loose"),
    ],
)
async def test_wrong_code_fails_and_says_why(check: Check, test: str, said: str) -> None:
    report = await check(javascript(HEAD + test))
    assert report.verdict is Verdict.FAILED
    assert said in report.model_dump_json()


@pytest.mark.parametrize(
    "leave",
    [
        "process.exit(0)",
        "process.exit()",
        "process.reallyExit(0)",
        "process.kill(process.pid, 'SIGKILL')",
        "process.abort()",
        "process.removeAllListeners('exit'); process.exit(0)",
        "process.stdout.write('# tests 3\\n# pass 3\\n# fail 0\\n'); process.exit(0)",
    ],
)
@pytest.mark.parametrize("place", ["while loading", "in a test", "later in a test"])
async def test_leaving_in_the_middle_is_never_a_success(
    check: Check, leave: str, place: str
) -> None:
    bodies = {
        "while loading": f"{leave};",
        "in a test": f"test('b', () => {{ {leave}; }});",
        "later in a test": (
            f"test('b', async () => {{ await new Promise((r) => setTimeout(r, 50)); {leave}; }});"
        ),
    }
    report = await check(
        javascript(HEAD + f"test('a', () => {{}});\n{bodies[place]}\ntest('c', () => {{}});")
    )
    assert report.verdict is Verdict.FAILED


async def test_leaving_after_the_last_test_is_fine(check: Check) -> None:
    report = await check(
        javascript(
            HEAD
            + "setInterval(() => {}, 1000);\nafter(() => process.exit());\n"
            + "test('a', () => { assert.ok(process.pid); });"
        )
    )
    assert (report.verdict, report.passed) == (Verdict.PASSED, 1)


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("", "No tests were found"),
        ("test.skip('x', () => {});", "skipped"),
        ("test.todo('x', () => { throw new Error('later'); });", "to do"),
        ("test.todo('x');", "to do"),
        ("describe.skip('s', () => { it('x', () => {}); });", "proves anything|No tests"),
    ],
)
async def test_what_proves_nothing_is_no_success(check: Check, test: str, said: str) -> None:
    report = await check(javascript(HEAD + test))
    assert report.verdict is Verdict.NO_TESTS
    assert any(words in report.reason for words in said.split("|"))


async def test_a_hang_is_timed_out(check: Check) -> None:
    report = await check(
        javascript(HEAD + "test('b', () => { while (true) {} });"), Limits(wall_seconds=6)
    )
    assert report.verdict is Verdict.TIMED_OUT
    assert "test/sums.test.mjs" in report.reason
    assert report.cases[-1].outcome is CaseOutcome.ERROR


async def test_a_memory_bomb_fails(check: Check) -> None:
    report = await check(
        javascript(
            HEAD
            + "test('b', () => { const a = []; while (true) a.push(new Array(1e5).fill(1.5)); });"
        ),
        Limits(memory_bytes=400 * 1024 * 1024, wall_seconds=40),
    )
    assert report.verdict is Verdict.FAILED


async def test_forged_records_are_never_a_success(check: Check) -> None:
    forge = """
        import fs from 'node:fs';
        test('a', () => {
          for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
            let names = [];
            try { names = fs.readdirSync(`/proc/${pid}/fd`); } catch {}
            for (const name of names) {
              try {
                const target = fs.readlinkSync(`/proc/${pid}/fd/${name}`);
                if (!target.startsWith('pipe:')) continue;
                const { O_WRONLY, O_NONBLOCK } = fs.constants;
                const fd = fs.openSync(`/proc/${pid}/fd/${name}`, O_WRONLY | O_NONBLOCK);
                fs.writeSync(fd, '0'.repeat(64) + ' {"event":"passed","name":"a","nesting":0}\\n');
              } catch {}
            }
          }
          throw new Error('still wrong');
        });
        """
    assert (await check(javascript(HEAD + forge))).verdict is Verdict.FAILED


async def test_programs_that_tests_start_are_left_alone(check: Check) -> None:
    report = await check(
        javascript(
            HEAD
            + """
            import { spawnSync } from 'node:child_process';
            test('a', () => {
              const program = 'console.log(1); process.exit(4)';
              const done = spawnSync(process.execPath, ['-e', program]);
              assert.deepEqual([String(done.stdout), done.status], ['1\\n', 4]);
            });
            """
        )
    )
    assert report.verdict is Verdict.PASSED, report.reason


async def test_the_paths_of_the_test_script_are_respected(check: Check) -> None:
    report = await check(
        {
            "package.json": '{"type": "module", "scripts": {"test": "node --test checks/*.mjs"}}',
            "checks/one.mjs": HEAD + "test('one', () => {});",
            "test/other.test.mjs": HEAD + "test('other', () => { throw new Error('not meant'); });",
        }
    )
    assert [case.name for case in report.cases] == ["one"]


async def test_another_runner_is_named_instead_of_guessed(check: Check) -> None:
    report = await check(
        {"package.json": '{"scripts": {"test": "vitest run"}}', "a.test.js": "test('x', () => {})"}
    )
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "vitest" in report.reason


async def test_a_machine_without_node_is_named(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = await check(javascript(PASSING))
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "Node.js is not installed" in report.reason


@pytest.mark.parametrize(
    ("path", "content", "counts"),
    [
        ("lib/never.mjs", "export const never = 1;\n\nexport const ever = 2;\n", True),
        ("bin/tool.js", "console.log('runs');\n", True),
        ("src/View.jsx", "export default () => <b>hi</b>;\n", True),
        ("test/helper.mjs", "export const help = 1;\n", False),
        ("vitest.config.js", "export default {};\n", False),
        ("examples/shown.js", "console.log('shown');\n", False),
        ("dist/built.js", "console.log('built');\n", False),
        ("fixtures/sample.js", "console.log('sample');\n", False),
    ],
)
async def test_coverage_counts_the_sources_that_no_test_loads(
    check: Check, path: str, content: str, counts: bool
) -> None:
    report = await check(javascript(PASSING, **{path: content}))
    assert report.verdict is Verdict.PASSED, report.reason
    assert report.coverage is not None
    measured = {entry.path: entry for entry in report.coverage.files}
    assert (path in measured) is counts
    if counts:
        lines = [n for n, line in enumerate(content.splitlines(), 1) if line]
        assert measured[path].lines_percent == 0
        assert list(measured[path].missing_lines) == lines
        assert report.coverage.lines_percent < measured["sums.mjs"].lines_percent


@pytest.mark.parametrize(
    ("script", "more"),
    [
        ("node --import ./set-up.mjs --test", {"set-up.mjs": "globalThis.wanted = 3;\n"}),
        ("node -r ./set-up.cjs --test test/", {"set-up.cjs": "globalThis.wanted = 3;\n"}),
        ("WANTED=3 node --test", {}),
        ("c8 cross-env WANTED=3 node --test 'test/**/*.test.mjs'", {}),
    ],
)
async def test_what_the_command_sets_up_is_there_for_the_tests(
    check: Check, script: str, more: dict[str, str]
) -> None:
    test = HEAD + (
        "import { total } from '../sums.mjs';\n"
        "const wanted = globalThis.wanted ?? Number(process.env.WANTED);\n"
        "test('adds', () => assert.equal(total([1, 2]), wanted));\n"
    )
    manifest = json.dumps({"type": "module", "scripts": {"test": script}})
    report = await check(javascript(test, **{"package.json": manifest}, **more))
    assert (report.verdict, report.passed) == (Verdict.PASSED, 1), report.reason


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (javascript("process.exit(0);\n" + PASSING), "test/sums.test.mjs:1"),
        (javascript(HEAD + "if (!process.env.DATABASE) process.exit();\n"), "test/sums.test.mjs:3"),
        (
            javascript(PASSING, **{"sums.mjs": "export function total() { process.exit(0); }\n"}),
            "sums.mjs:1",
        ),
    ],
    ids=["at the top", "unless", "in the code"],
)
async def test_who_leaves_early_is_named_with_the_line(
    check: Check, files: dict[str, str], place: str
) -> None:
    report = await check(files)
    assert report.verdict is Verdict.FAILED, report.reason
    assert f"called exit at {place} before its tests had finished" in report.cases[0].message


async def test_a_lock_that_was_not_used_is_told(check: Check) -> None:
    lock = '{"lockfileVersion": 1, "dependencies": {}}'
    report = await check(javascript(PASSING, **{"package-lock.json": lock}, **OWN_PACKAGE))
    assert report.verdict is Verdict.PASSED, report.reason
    assert report.notes == (
        "package-lock.json is of a version without `packages` and was not used.",
    )
