"""Real JavaScript projects in a real sandbox: which changes the tests of each group notice."""

import json
import re
from pathlib import Path

import pytest

from quantumlayer.qtest import (
    Mutant,
    MutantStatus,
    MutationExtent,
    MutationReport,
    Sandbox,
    measure_mutation,
)
from tests.packages.qtest.conftest import MakeProject

MANIFEST = json.dumps({"name": "shop", "type": "module", "scripts": {"test": "node --test"}})
SHOP = {
    "package.json": MANIFEST,
    "src/shop.js": """
        export function discount(total) {
          if (total > 100) {
            return total / 10;
          }
          return 0;
        }

        export function counted(many) {
          let found = 0;
          for (let n = 0; n < many; n++) {
            found += 1;
          }
          return found;
        }

        export function unchecked(total) {
          return total * 2 > 3;
        }

        export function once(total) {
          return total - 1;
        }
        """,
    "tests/shop.test.js": """
        import assert from 'node:assert/strict';
        import fs from 'node:fs';
        import { describe, it, test } from 'node:test';
        import { counted, discount, once, unchecked } from '../src/shop.js';

        describe('a discount', () => {
          it('R1: is given above 100', () => assert.equal(discount(101), 10.1));
          it('R1: is not given for 100 (or less)', () => assert.equal(discount(100), 0));
        });
        test('R2: totals are looked at', () => {
          unchecked(3);
          assert.ok(true);
        });
        test('R3: counts', () => assert.equal(counted(2), 2));
        test('R4: only the first time', () => {
          const marks = '/tmp/marks';
          once(1);
          const before = fs.existsSync(marks) ? fs.readFileSync(marks, 'utf8').length : 0;
          fs.appendFileSync(marks, 'x');
          assert.equal(before, 0);
        });
        """,
}


def ids(name: str) -> list[str]:
    return re.findall(r"\bR\d\b", name)


async def measured(project: Path, sandbox: Sandbox, cache: Path) -> MutationReport:
    return await measure_mutation(
        project,
        cache=cache,
        sandbox=sandbox,
        extent=MutationExtent(mutants=3, seconds=60),
        groups_of=ids,
    )


def statuses(found: tuple[Mutant, ...]) -> set[MutantStatus]:
    return {one.status for one in found}


async def test_what_each_requirement_holds_the_code_to(
    make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    report = await measured(make_project(SHOP), sandbox, cache)
    assert report.score is not None, report.reason
    # An honest test notices, whatever is changed of what it runs, and by its own name.
    assert statuses(report.groups["R1"]) == {MutantStatus.KILLED}
    assert {one.killed_by for one in report.groups["R1"]} <= {
        "tests/shop.test.js::a discount > R1: is given above 100",
        "tests/shop.test.js::a discount > R1: is not given for 100 (or less)",
    }
    assert {one.function for one in report.groups["R1"]} == {"discount"}
    # One that looks at nothing notices nothing of it.
    assert len(report.groups["R2"]) > 1
    assert statuses(report.groups["R2"]) == {MutantStatus.SURVIVED}
    # What never ends is noticed.
    assert statuses(report.groups["R3"]) <= {MutantStatus.KILLED, MutantStatus.TIMED_OUT}
    # Who fails without any change, too, has noticed nothing, and accuses nobody.
    assert "tests/shop.test.js::R4: only the first time" in report.unreliable
    assert MutantStatus.KILLED not in statuses(report.groups.get("R4", ()))


async def test_a_change_that_never_ends_is_known_by_the_time_it_uses(
    make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    endless = {
        "package.json": MANIFEST,
        "src/count.js": "export function counted(many) {\n  let n = 0;\n"
        "  while (n < many) n++;\n  return n;\n}\n",
        "tests/count.test.js": "import assert from 'node:assert/strict';\n"
        "import test from 'node:test';\nimport { counted } from '../src/count.js';\n"
        "test('R1: counts', () => assert.equal(counted(2), 2));\n",
    }
    report = await measure_mutation(make_project(endless), cache=cache, sandbox=sandbox)
    by_change = {one.after: one.status for one in report.mutants}
    assert by_change["while (n < many) n--;"] is MutantStatus.TIMED_OUT
    assert by_change["while (n <= many) n++;"] is MutantStatus.KILLED


async def test_without_tests_that_pass_as_they_are_nothing_is_measured(
    make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    choosy = {
        **SHOP,
        "tests/shop.test.js": "import assert from 'node:assert/strict';\n"
        "import test from 'node:test';\nimport { once } from '../src/shop.js';\n"
        "test('R1: in company', () => {\n  once(1);\n"
        "  assert.ok(process.execArgv.join().includes('node_guard'));\n});\n",
    }
    report = await measured(make_project(choosy), sandbox, cache)
    assert report.score is None
    assert report.reason == (
        "The tests do not pass when they are run to be measured: tests/shop.test.js::R1: in company"
    )
    assert report.groups == {}


LIAR = r"""
    import { readdirSync, writeSync } from 'node:fs';
    import { connect } from 'node:net';
    import test from 'node:test';
    import { serialize } from 'node:v8';
    import { unchecked } from '../src/shop.js';

    const name = 'R2: totals are looked at';
    test(name, async () => {
      unchecked(3);
      if (!process.execArgv.join().includes('trial_guard')) return;
      const said = serialize({ type: 'test:fail', data: { name, nesting: 0 } });
      writeSync(1, Buffer.concat([Buffer.from([255, 15, 0, 0, 0, said.length]), said]));
      for (const folder of readdirSync('/tmp').filter((one) => one.startsWith('witness-'))) {
        const line = connect(`/tmp/${folder}/socket`);
        line.on('error', () => {});
        const secret = await new Promise((resolve) => {
          line.once('data', resolve);
          line.once('close', () => resolve('none'));
        });
        const result = { name, path: '', outcome: 'failed' };
        line.write(`${secret} ${JSON.stringify({ result })}\n`);
      }
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    });
    """


async def test_who_speaks_for_the_runner_is_not_heard(
    make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    """A test that claims, wherever it might be heard, to have failed by the change."""
    report = await measured(make_project({**SHOP, "tests/shop.test.js": LIAR}), sandbox, cache)
    assert statuses(report.groups["R2"]) == {MutantStatus.SURVIVED}


PLAIN = """
    exports.discount = (total) => {
      if (total > 100) {
        return total / 10;
      }
      return 0;
    };
    exports.unchecked = (total) => total * 2 > 3;
    """
TAKEN = (
    "const assert = require('assert');\n"
    "const { discount, unchecked } = require('../src/shop.js');\n"
)
SUITE = f"""{TAKEN}
describe('shop (all)', () => {{
  it('R1: above 100', () => assert.equal(discount(101), 10.1));
  it('R1: not for 100', () => assert.equal(discount(100), 0));
  it('R2: looked at', () => {{ unchecked(3); assert.ok(true); }});
}});
"""
TAPE = f"""{TAKEN}const test = require('tape');
test('R1: above 100', (t) => {{ t.equal(discount(101), 10.1); t.end(); }});
test('R1: not for 100', (t) => {{ t.equal(discount(100), 0); t.end(); }});
test('R2: looked at', (t) => {{ unchecked(3); t.ok(true); t.end(); }});
"""
SCRIPT = f"{TAKEN}assert.equal(discount(101), 10.1);\nassert.equal(discount(100), 0);\n"
UNDER = {
    "mocha": ("mocha", {"mocha": "10.8.2"}, {"test/shop.js": SUITE}),
    "jest": ("jest", {"jest": "30.2.0"}, {"test/shop.test.js": SUITE}),
    "tape": ("tape test/*.js", {"tape": "5.9.0"}, {"test/shop.js": TAPE}),
    "no runner": (
        "node test/R1.js && node test/R2.js", {},
        {"test/R1.js": SCRIPT, "test/R2.js": f"{TAKEN}unchecked(3);\nassert.ok(true);\n"},
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("runner", UNDER)
async def test_whatever_runs_the_tests(
    runner: str, make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    command, packages, tests = UNDER[runner]
    manifest = {"name": "shop", "scripts": {"test": command}, "devDependencies": packages}
    files = {"package.json": json.dumps(manifest), "src/shop.js": PLAIN, **tests}
    report = await measured(make_project(files), sandbox, cache)
    assert report.score is not None, report.reason
    assert statuses(report.groups["R1"]) == {MutantStatus.KILLED}
    # What the other tests of the file run is no business of this one.
    assert {one.function for one in report.groups["R2"]} == {"exports.unchecked"}
    assert statuses(report.groups["R2"]) == {MutantStatus.SURVIVED}
    assert len(report.groups["R2"]) > 1


async def test_what_one_command_does_not_notice_another_may(
    make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    command, _, tests = UNDER["no runner"]
    files = {"package.json": json.dumps({"scripts": {"test": command}}), "src/shop.js": PLAIN}
    report = await measure_mutation(make_project({**files, **tests}), cache=cache, sandbox=sandbox)
    removed = {one.before[:17]: one.status for one in report.mutants if one.after == ";"}
    assert removed == {
        "exports.discount ": MutantStatus.KILLED,
        "exports.unchecked": MutantStatus.KILLED,
    }


PAGE = Path("packages/qlayer/src/quantumlayer/qlayer/stacks/web-page/starter")
NOTES = {
    "package.json": (PAGE / "package.json").read_text(),
    "package-lock.json": (PAGE / "package-lock.json").read_text(),
    "vite.config.ts": "import react from '@vitejs/plugin-react';\n"
    "import { defineConfig } from 'vitest/config';\n"
    "export default defineConfig({ plugins: [react()] });\n",
    "src/notes.tsx": """
        export function Notes({ notes }: { notes: readonly string[] }) {
          return notes.length > 1 ? <p>{notes.length} notes</p> : <p>one note</p>;
        }
        """,
    "tests/notes.test.tsx": """
        // @vitest-environment happy-dom
        import { cleanup, render, screen } from '@testing-library/react';
        import { afterEach, expect, it } from 'vitest';
        import { Notes } from '../src/notes';

        afterEach(cleanup);

        it('R1: counts the notes', () => {
          render(<Notes notes={['a', 'b']} />);
          expect(screen.getByText('2 notes')).toBeTruthy();
        });

        it('R1: needs no number for one', () => {
          render(<Notes notes={['a']} />);
          expect(screen.getByText('one note')).toBeTruthy();
        });

        it('R2: shows the notes', () => {
          render(<Notes notes={['a', 'b']} />);
          expect(true).toBe(true);
        });
        """,
}


@pytest.mark.slow
async def test_a_component_that_nobody_looks_at(
    make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    report = await measured(make_project(NOTES), sandbox, cache)
    assert report.score is not None, report.reason
    assert MutantStatus.SURVIVED not in statuses(report.groups["R1"])
    assert statuses(report.groups["R2"]) == {MutantStatus.SURVIVED}
    assert report.groups["R2"][0].decisive
    assert len(report.groups["R2"]) > 1
