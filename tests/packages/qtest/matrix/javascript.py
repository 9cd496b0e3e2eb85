"""JavaScript: modules, CommonJS, suites, vitest, jest."""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

CODE = """
    export function area(width, height) {
      return width * height;
    }

    export function sum(n) {
      let total = 0;
      for (let i = 1; i <= n; i += 1) total += i;
      return total;
    }

    export function sign(n) {
      if (n < 0) return 'negative';
      if (n === 0) return 'zero';
      return 'positive';
    }
    """
BODY = "return width * height;"
CHECKS = """
    test('multiplies', () => assert.equal(area(3, 4), 12));
    test('adds up', () => { assert.equal(sum(0), 0); assert.equal(sum(4), 10); });
    test('names signs', () => {
      assert.equal(sign(-2), 'negative');
      assert.equal(sign(0), 'zero');
      assert.equal(sign(5), 'positive');
    });
    """
HEAD = "import test from 'node:test';\n    import assert from 'node:assert/strict';\n"
IMPORT = "    import { area, sum, sign } from '../shapes.mjs';\n"
TEST = f"\n    {HEAD}{IMPORT}{CHECKS}"
EXPECT = """
    test('multiplies', () => expect(area(3, 4)).toBe(12));
    test('adds up', () => expect(sum(4)).toBe(10));
    test('names signs', () => expect([-2, 0, 5].map(sign)).toEqual(['negative', 'zero', 'positive']));
    """
TESTED = "test/shapes.test.mjs"
FORGED = (
    "process.stdout.write('TAP version 13\\nok 1 - multiplies\\nok 2 - adds up\\n1..3\\n"
    "# tests 3\\n# pass 3\\n# fail 0\\n');"
)


def only(body: str) -> dict[str, tuple[str, str]]:
    """The tests replaced."""
    return {TESTED: ("", f"{HEAD}{IMPORT}{body}\n")}


MATRIX = Matrix(
    language="javascript",
    base="modules",
    correct={
        "modules": {"package.json": '{"type": "module"}', "shapes.mjs": CODE, TESTED: TEST},
        "CommonJS": {
            "package.json": "{}",
            "shapes.js": CODE.replace("export ", "")
            + "\n    module.exports = { area, sum, sign };\n",
            "shapes.test.js": "const test = require('node:test');\n"
            "const assert = require('node:assert');\n"
            f"const {{ area, sum, sign }} = require('./shapes.js');\n{CHECKS}",
        },
        "suites and hooks": {
            "package.json": '{"type": "module", "scripts": {"test": "node --test checks/*.mjs"}}',
            "shapes.mjs": CODE,
            "checks/shapes.test.mjs": """
                import { describe, it, before } from 'node:test';
                import assert from 'node:assert';
                import { area } from '../shapes.mjs';
                describe('area', () => {
                  let side;
                  before(() => { side = 3; });
                  it('squares', async () => assert.equal(await area(side, side), 9));
                });
                """,
        },
        "vitest": {
            "package.json": '{"type": "module", "scripts": {"test": "vitest run"}, '
            '"devDependencies": {"vitest": "2.1.9"}}',
            "shapes.mjs": CODE,
            TESTED: "import { expect, test } from 'vitest';\n" + IMPORT.strip() + EXPECT,
        },
        "jest": {
            "package.json": '{"scripts": {"test": "jest"}, "devDependencies": {"jest": "29.7.0"}}',
            "shapes.js": CODE.replace("export ", "")
            + "\n    module.exports = { area, sum, sign };\n",
            "shapes.test.js": f"const {{ area, sum, sign }} = require('./shapes.js');\n{EXPECT}",
        },
    },
    wrong=(
        Wrong("wrong operator", {"shapes.mjs": (BODY, "return width + height;")}),
        Wrong("off by one", {"shapes.mjs": ("i <= n", "i < n")}),
        Wrong("missing case", {"shapes.mjs": ("if (n === 0) return 'zero';", "")}),
        Wrong("wrong type", {"shapes.mjs": (BODY, "return String(width * height);")}),
        Wrong("exception", {"shapes.mjs": (BODY, "throw new Error('no area');")}),
        Wrong("hang", {"shapes.mjs": (BODY, "for (;;) { }")}, Verdict.TIMED_OUT),
        Wrong("stack overflow", {"shapes.mjs": (BODY, "return area(width, height) + 1;")}),
        Wrong("memory bomb", {"shapes.mjs": (
            BODY, "const all = []; for (;;) all.push(new Array(1e6).fill(width));")}),
        Wrong("does not compile", {"shapes.mjs": (BODY, "return width * ;")}),
        Wrong("missing import", {"shapes.mjs": ("export function area", "export function aera")}),
        Wrong("exit in the middle", {"shapes.mjs": (BODY, "process.exit(0);")}),
        Wrong("exit while loading", {"shapes.mjs": ("export function sum",
                                                    "process.exit(0);\nexport function sum")}),
        Wrong("forged report", {"shapes.mjs": (BODY, f"{FORGED} process.reallyExit(0);")}),
        Wrong("skipped only", only("test.skip('x', () => assert.equal(area(1, 2), 3));"),
              Verdict.NO_TESTS),
        Wrong("no tests", only(""), Verdict.NO_TESTS),
    ),
)  # fmt: skip
