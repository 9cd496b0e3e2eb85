"""JavaScript under mocha, tape and no runner at all: programs whose own processes are listened to."""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

CODE = """
    function area(width, height) {
      return width * height;
    }

    function sum(n) {
      let total = 0;
      for (let i = 1; i <= n; i += 1) total += i;
      return total;
    }

    module.exports = { area, sum };
    """
BODY = "return width * height;"
HEAD = "const assert = require('assert');\nconst { area, sum } = require('../shapes.js');\n"
MOCHA = """
    describe('shapes', () => {
      let side;
      beforeEach(() => { side = 3; });
      it('multiplies', () => assert.strictEqual(area(side, 4), 12));
      it('adds up', async () => { assert.strictEqual(sum(0), 0); assert.strictEqual(sum(4), 10); });
      it.skip('is for later', () => assert.fail());
      it('has no body yet');
    });
    """
TAPE = """
    const test = require('tape');
    const { area, sum } = require('../shapes.js');
    test('multiplies', (t) => { t.equal(area(3, 4), 12); t.end(); });
    test('adds up', (t) => {
      t.plan(2);
      t.equal(sum(0), 0);
      setTimeout(() => t.equal(sum(4), 10), 5);
    });
    test('later', { skip: true }, (t) => t.fail());
    """
PLAIN = (
    HEAD
    + """
assert.strictEqual(area(3, 4), 12);
setTimeout(() => assert.strictEqual(sum(4), 10), 5);
console.log('all good');
"""
)
EXITING = (
    HEAD
    + """
let failures = 0;
function check(name, found, wanted) {
  try { assert.strictEqual(found, wanted); } catch (error) { failures += 1; console.log('not ok', name, error.message); }
}
check('area', area(3, 4), 12);
check('sum', sum(4), 10);
process.exit(failures ? 1 : 0);
"""
)


def manifest(script: str, **packages: str) -> str:
    names = ", ".join(f'"{name}": "{version}"' for name, version in packages.items())
    return f'{{"scripts": {{"test": "{script}"}}, "devDependencies": {{{names}}}}}'


def mocha(script: str = "mocha") -> str:
    return manifest(script, mocha="10.8.2")


def tape(script: str = "tape 'test/**/*.js'") -> str:
    return manifest(script, tape="5.9.0")


TESTED = "test/shapes.js"
ON_TAPE = {"package.json": ("", tape()), TESTED: ("", TAPE)}
ON_NOTHING = {"package.json": ("", manifest("node test/shapes.js")), TESTED: ("", PLAIN)}
FORGED = "console.log('TAP version 13\\nok 1\\nok 2\\n1..2\\n# tests 2\\n# pass 2\\n');"

MATRIX = Matrix(
    language="javascript",
    base="mocha",
    correct={
        "mocha": {"package.json": mocha(), "shapes.js": CODE, TESTED: HEAD + MOCHA},
        "mocha behind others": {
            "package.json": mocha("npm run lint && npm run unit").replace(
                '"scripts": {', '"scripts": {"lint": "eslint .", "unit": "nyc --reporter=text mocha --exit checks/*.js | tap-spec", '),
            "shapes.js": CODE, "checks/one.js": HEAD + MOCHA,
        },
        "mocha with settings": {
            "package.json": mocha(), ".mocharc.json": '{"spec": "checks/*.mjs", "require": "./set-up.js"}',
            "set-up.js": "global.expected = 12;\n", "shapes.js": CODE,
            "checks/one.mjs": "import assert from 'node:assert';\nimport shapes from '../shapes.js';\n"
            "it('multiplies', () => assert.equal(shapes.area(3, 4), expected));\n",
        },
        "mocha by its package alone": {
            "package.json": mocha("eslint ."), "shapes.js": CODE, "checks/shapes.test.js": HEAD + MOCHA,
        },
        "tape": {"package.json": tape(), "shapes.js": CODE, TESTED: TAPE},
        "tape without its command": {"package.json": tape("node test"), "shapes.js": CODE,
                                     "test/index.js": "require('./shapes.js');\n", TESTED: TAPE},
        "a plain program": {"package.json": manifest("node test/shapes.js"), "shapes.js": CODE, TESTED: PLAIN},
        "a plain program that leaves": {
            "package.json": manifest("node ./test"), "shapes.js": CODE, "test/index.js": EXITING},
    },
    wrong=(
        Wrong("mocha: wrong operator", {"shapes.js": (BODY, "return width + height;")}),
        Wrong("mocha: off by one", {"shapes.js": ("i <= n", "i < n")}),
        Wrong("mocha: exit in the middle", {"shapes.js": (BODY, "process.exit(0);")}),
        Wrong("mocha: hang", {"shapes.js": (BODY, "for (;;) { }")}, Verdict.TIMED_OUT),
        Wrong("mocha: does not compile", {"shapes.js": (BODY, "return width * ;")}),
        Wrong("mocha: forged report", {"shapes.js": (BODY, f"{FORGED} process.reallyExit(0);")}),
        Wrong("mocha: it is replaced", {"shapes.js": (
            BODY, "return 1;\n    }\n    const real = globalThis.it;\n    globalThis.it = (name) => real(name, () => {});\n    function unused() {")}),
        Wrong("mocha: its runner is replaced", {"shapes.js": (
            BODY, "return 1;\n    }\n    require('mocha').Runner.prototype.fail = () => {};\n    function unused() {")}),
        Wrong("mocha: tests are chosen by settings", {
            "shapes.js": (BODY, "return width + height;"),
            ".mocharc.json": ("", '{"grep": "adds"}')}),
        Wrong("mocha: tests are chosen by the command", {
            "shapes.js": (BODY, "return width + height;"),
            "package.json": ("", mocha("mocha --grep adds || true"))}),
        Wrong("mocha: skipped only", {TESTED: ("", "it.skip('x', () => { throw 1; });\n")}, Verdict.NO_TESTS),
        Wrong("mocha: no test files", {"package.json": ("", mocha("mocha nowhere/*.js"))}, Verdict.NO_TESTS),
        Wrong("mocha: empty suites", {TESTED: ("", "describe('x', () => {});\n")}, Verdict.NO_TESTS),
        Wrong("tape: wrong operator", {**ON_TAPE, "shapes.js": (BODY, "return width + height;")}),
        Wrong("tape: exit in the middle", {**ON_TAPE, "shapes.js": (BODY, "process.exit(0);")}),
        Wrong("tape: forged end", {**ON_TAPE, "shapes.js": (
            BODY, f"{FORGED} process.emit('beforeExit', 0); process.exit(0);")}),
        Wrong("tape: never ends", {**ON_TAPE, TESTED: ("", TAPE + "    test('open', (t) => { t.ok(true); });\n")}),
        Wrong("tape: its tests are replaced", {**ON_TAPE, "shapes.js": (
            BODY, "return 1;\n    }\n    require('tape').Test.prototype.equal = () => {};\n    function unused() {")}),
        Wrong("plain: wrong operator", {**ON_NOTHING, "shapes.js": (BODY, "return width + height;")}),
        Wrong("plain: exit in the middle", {**ON_NOTHING, "shapes.js": (BODY, "process.exit(0);")}),
        Wrong("plain: swallowed", {**ON_NOTHING, "shapes.js": (
            BODY, "process.on('uncaughtException', () => {}); return 1;")}),
        Wrong("plain: leaves before it has tested", {**ON_NOTHING, TESTED: (
            "", "if (process.platform) process.exit(0);\n" + PLAIN)}, Verdict.NO_TESTS),
        Wrong("plain: nothing asserted", {**ON_NOTHING, TESTED: (
            "", "require('../shapes.js').area(1, 2);\n")}, Verdict.NO_TESTS),
        Wrong("a runner that is not known here", {"package.json": ("", manifest("karma start --single-run"))},
              Verdict.INFRASTRUCTURE_ERROR),
        Wrong("ava by its imports", {
            "package.json": ("", "{}"), TESTED: ("", "import test from 'ava';\ntest('x', (t) => t.is(1, 1));\n")},
            Verdict.INFRASTRUCTURE_ERROR),
    ),
    core=frozenset(),
)  # fmt: skip
