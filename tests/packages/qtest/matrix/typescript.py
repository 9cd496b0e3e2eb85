"""TypeScript: the project's own compiler before Node's runner, vitest, jest's compiled output."""

# ruff: noqa: E501, ISC004 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

CODE = """
    export type Sign = 'negative' | 'zero' | 'positive';

    export function area(width: number, height: number): number {
      return width * height;
    }

    export function sum(n: number): number {
      let total = 0;
      for (let i = 1; i <= n; i += 1) total += i;
      return total;
    }

    export function sign(n: number): Sign {
      if (n < 0) return 'negative';
      if (n === 0) return 'zero';
      return 'positive';
    }
    """
BODY = "return width * height;"
TEST = """
    import test from 'node:test';
    import assert from 'node:assert/strict';
    import { area, sign, sum } from '../src/shapes.js';

    test('multiplies', () => assert.equal(area(3, 4), 12));
    test('adds up', () => { assert.equal(sum(0), 0); assert.equal(sum(4), 10); });
    test('names signs', () => {
      assert.deepEqual([-2, 0, 5].map(sign), ['negative', 'zero', 'positive']);
    });
    """
EXPECT = """
    import { expect, test } from 'vitest';
    import { area, sign, sum } from '../src/shapes';

    test('multiplies', () => expect(area(3, 4)).toBe(12));
    test('adds up', () => expect(sum(4)).toBe(10));
    test('names signs', () => expect([-2, 0, 5].map(sign)).toEqual(['negative', 'zero', 'positive']));
    """
COMPILER = '"devDependencies": {"typescript": "5.6.3", "@types/node": "20.17.6"}'
PACKAGE = f'{{"type": "module", {COMPILER}}}'
SETTINGS = (
    '{"compilerOptions": {"module": "nodenext", "target": "es2022", "strict": true, '
    '"skipLibCheck": true, "noEmit": true}}'
)
VITEST = '{"type": "module", "devDependencies": {"vitest": "2.1.9"}}'
SOURCE, TESTED = "src/shapes.ts", "test/shapes.test.ts"

MATRIX = Matrix(
    language="typescript",
    base="its own compiler",
    correct={
        "its own compiler": {
            "package.json": PACKAGE, "tsconfig.json": SETTINGS, SOURCE: CODE, TESTED: TEST,
        },
        "without settings": {"package.json": PACKAGE, SOURCE: CODE, TESTED: TEST},
        "CommonJS output": {
            "package.json": f"{{{COMPILER}}}",
            "tsconfig.json": SETTINGS.replace("nodenext", "node16"),
            SOURCE: CODE, TESTED: TEST,
        },
        "maps of its own": {
            "package.json": PACKAGE, SOURCE: CODE, TESTED: TEST,
            "tsconfig.json": SETTINGS.replace('"strict"', '"sourceMap": true, "strict"'),
        },
        "vitest": {"package.json": VITEST, SOURCE: CODE, TESTED: EXPECT},
        "JavaScript beside it": {
            "package.json": PACKAGE, "tsconfig.json": SETTINGS, SOURCE: CODE, TESTED: TEST,
            "src/twice.js": "export const twice = (n) => 2 * n;\n",
            "test/twice.test.js": "import test from 'node:test';\nimport assert from 'node:assert';\n"
            "import { twice } from '../src/twice.js';\n"
            "test('doubles', () => assert.equal(twice(2), 4));\n",
        },
    },
    wrong=(
        Wrong("wrong operator", {SOURCE: (BODY, "return width + height;")}),
        Wrong("off by one", {SOURCE: ("i <= n", "i < n")}),
        Wrong("missing case", {SOURCE: ("if (n === 0) return 'zero';", "")}),
        Wrong("wrong type", {SOURCE: (BODY, "return String(width * height);")}),
        Wrong("exception", {SOURCE: (BODY, "throw new Error('no area');")}),
        Wrong("hang", {SOURCE: (BODY, "for (;;) { }")}, Verdict.TIMED_OUT),
        Wrong("stack overflow", {SOURCE: (BODY, "return area(width, height) + 1;")}),
        Wrong("does not compile", {SOURCE: (BODY, "return width * ;")}),
        Wrong("unknown name", {SOURCE: (BODY, "return width * heigth;")}),
        Wrong("exit in the middle", {SOURCE: (BODY, "process.exit(0);")}),
        Wrong("forged report", {SOURCE: (
            BODY, "process.stdout.write('# tests 3\\\\n# pass 3\\\\n# fail 0\\\\n'); "
                  "process.exit(0);")}),
        Wrong("vitest: wrong operator", {
            "package.json": ("", VITEST), TESTED: ("", EXPECT), SOURCE: (BODY, "return width;")}),
        Wrong("vitest: exit in the middle", {
            "package.json": ("", VITEST), TESTED: ("", EXPECT),
            SOURCE: (BODY, "(globalThis as any).process.exit(0); return 12;")}),
        Wrong("settings on a file that is made", {
            ".gitignore": ("", "/.made/\n"),
            "tsconfig.json": ("", '{"extends": "./.made/tsconfig.json"}')},
              Verdict.INFRASTRUCTURE_ERROR),
        Wrong("settings on a file that was forgotten", {
            ".gitignore": ("", "/.other/\n"),
            "tsconfig.json": ("", '{"extends": "./.made/tsconfig.json"}')}),
        Wrong("skipped only", {TESTED: (
            "", "import test from 'node:test';\ntest.skip('x', () => { throw 1; });\n")},
              Verdict.NO_TESTS),
    ),
)  # fmt: skip
