"""Lies in JavaScript, told to Node's own runner."""

# ruff: noqa: E501 - programs as data

from tests.packages.qtest.lies.cells import Files, Honest, Lie

CODE = """
    export function area(width, height) {
      return width OPERATOR height;
    }

    export function double(number) {
      return 2 * number;
    }
    """
HEAD = "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { area, double } from '../shapes.mjs';\n"
DOUBLE = "test('double', () => { assert.equal(double(2), 4); });\n"
AREA = "test('area', () => { assert.equal(area(3, 4), 12); });\n"
TESTED = "test/shapes.test.mjs"
MANIFEST = '{"type": "module"}\n'
RIGHT: Files = {"shapes.mjs": CODE.replace("OPERATOR", "*")}
WRONG: Files = {"shapes.mjs": CODE.replace("OPERATOR", "+")}
BASE: Files = {"package.json": MANIFEST, TESTED: HEAD + DOUBLE + AREA}


def before(code: str) -> Files:
    """Something that the tested module does while it is loaded."""
    return {"shapes.mjs": CODE.replace("OPERATOR", "+") + code}


def inside(code: str) -> Files:
    """Something that the tested function does."""
    return {"shapes.mjs": CODE.replace("return width OPERATOR", f"{code}\n      return width +")}


def tests(body: str, head: str = HEAD) -> Files:
    return {TESTED: head + body}


REQUIRE = """
    import { createRequire, syncBuiltinESMExports } from 'node:module';
    const require = createRequire(import.meta.url);
    """
# What a test file's process sends to the runner: a mark, a length, a value as V8 writes it.
SENDING = """
    import v8 from 'node:v8';
    import fs from 'node:fs';
    function message(type, data) {
      const body = v8.serialize({ type, data });
      const frame = Buffer.alloc(body.length + 4);
      frame.writeUInt32BE(body.length, 0);
      body.copy(frame, 4);
      return Buffer.concat([Buffer.from([0xff, 0x0f]), frame]);
    }
    function passed(name) {
      const data = { name, nesting: 0, testNumber: 1, details: { duration_ms: 1 }, file: process.argv[1], line: 1, column: 1 };
      return message('test:pass', data);
    }
    """

LIES = (
    Lie("exit-in-code", "the code leaves with status 0", inside("process.exit(0);")),
    Lie("exit-in-import", "leaving while loading", before("\n    process.exit(0);\n")),
    Lie("exit-really", "leaving by the call below process.exit", inside("process.reallyExit(0);")),
    Lie("exit-binding", "leaving by the binding below that", before("""
    process.on('exit', () => {});
    """ + "setImmediate(() => process.kill(process.pid, 'SIGKILL'));\n")),
    Lie("exit-after-printing", "leaving after printing success", inside(
        "process.stdout.write('# tests 2\\n# pass 2\\n# fail 0\\n'); process.exit(0);")),
    Lie("exit-in-timer", "leaving from a timer while a test waits", tests(
        DOUBLE + "test('area', async () => { setTimeout(() => process.exit(0), 20); await new Promise((r) => setTimeout(r, 500)); assert.equal(area(3, 4), 12); });\n"),
        tests(DOUBLE + "test('area', async () => { await new Promise((r) => setTimeout(r, 20)); assert.equal(area(3, 4), 12); });\n")),
    Lie("exit-in-worker", "leaving from a worker thread", before("""
    import { Worker } from 'node:worker_threads';
    new Worker('process.exit(0)', { eval: true });
    """)),
    Lie("exit-code-set", "the exit code is set to 0 at the end", before("""
    process.on('exit', () => { process.exitCode = 0; });
    """), tests("process.on('exit', () => {});\n" + DOUBLE + AREA)),
    Lie("exit-code-locked", "the exit code cannot be set any more", before("""
    Object.defineProperty(process, 'exitCode', { get: () => 0, set() {}, configurable: true });
    """)),
    Lie("exit-replaced", "process.exit is replaced, and listeners are removed", before("""
    process.exit = () => {};
    process.removeAllListeners('exit');
    """), tests("""
    import { mock } from 'node:test';
    test('exit is mocked', () => {
      const exit = mock.method(process, 'exit', () => {});
      process.exit(1);
      assert.equal(exit.mock.callCount(), 1);
      exit.mock.restore();
    });
    """ + DOUBLE + AREA)),
    Lie("listeners-removed", "every listener of the process is removed", before("""
    for (const name of process.eventNames()) process.removeAllListeners(name);
    process.on('exit', () => { process.exitCode = 0; });
    """)),
    Lie("assert-blunted", "an assertion is replaced", before(REQUIRE + """
    const assert = require('node:assert/strict');
    assert.equal = () => {};
    syncBuiltinESMExports();
    """)),
    Lie("assert-blunted-defined", "the same by defining a property", before(REQUIRE + """
    const assert = require('node:assert/strict');
    Object.defineProperty(assert, 'equal', { value: () => {} });
    """)),
    Lie("assert-blunted-quietly", "the same from a module that is not strict", {
        "shapes.mjs": "import './blunt.cjs';\n" + CODE.replace("OPERATOR", "+"),
        "blunt.cjs": "const assert = require('node:assert');\nassert.strict.equal = () => {};\nassert.strictEqual = () => {};\nassert.equal = () => {};\n",
    }, {"helper.cjs": "const assert = require('node:assert');\nassert.isArea = (n) => assert.equal(n, 12);\n",
        TESTED: HEAD + "import '../helper.cjs';\n" + DOUBLE + AREA + "test('own assertion', () => { assert.ok(assert); });\n"}),
    Lie("assert-blunted-by-mock", "an assertion is mocked", tests(
        "import { mock } from 'node:test';\nmock.method(assert, 'equal', () => {});\n" + DOUBLE + AREA),
        tests("import { mock } from 'node:test';\ntest('mocks', () => { const o = { f: () => 1 }; mock.method(o, 'f', () => 2); assert.equal(o.f(), 2); mock.restoreAll(); assert.equal(o.f(), 1); });\n" + DOUBLE + AREA)),
    Lie("runner-replaced", "the runner's functions are replaced by some that drop the test", {
        "shapes.mjs": REQUIRE + """
    const runner = require('node:test');
    const real = runner.test;
    runner.test = runner.it = (name) => real(name, () => {});
    syncBuiltinESMExports();
    """ + CODE.replace("OPERATOR", "+"), TESTED: HEAD.replace("import test", "import { test }") + DOUBLE + AREA,
    }, {TESTED: HEAD.replace("import test", "import { test }") + DOUBLE + AREA}),
    Lie("stdout-filtered", "what goes to stdout is filtered, and failures are dropped", before("""
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (chunk, ...rest) => (String(chunk).includes('fail') ? true : write(chunk, ...rest));
    process.on('exit', () => { process.exitCode = 0; });
    """), tests("""
    test('captures', () => {
      const { write } = process.stdout;
      const seen = [];
      process.stdout.write = (chunk) => seen.push(chunk);
      console.log('hello');
      process.stdout.write = write;
      assert.equal(seen.join(''), 'hello\\n');
    });
    """ + DOUBLE + AREA)),
    Lie("stdout-filtered-below", "the same one layer below", before("""
    const below = process.stdout._handle ?? {};
    for (const name of ['writeBuffer', 'writeUtf8String', 'writeLatin1String', 'writev']) {
      const real = below[name]?.bind(below);
      if (real) below[name] = (request, content) => (String(content).includes('fail') ? 0 : real(request, content));
    }
    process.on('exit', () => { process.exitCode = 0; });
    """)),
    Lie("stdout-closed", "stdout is closed before the failure is told", inside(
        "process.stdout.destroy(); process.on('exit', () => { process.exitCode = 0; });")),
    Lie("descriptor-closed", "its descriptor is closed", {
        "shapes.mjs": "import fs from 'node:fs';\n" + CODE.replace("return width OPERATOR", "fs.closeSync(1); process.on('exit', () => { process.exitCode = 0; });\n      return width +").replace("\n    ", "\n")}),
    Lie("results-forged", "results are sent in the runner's own format, and the process leaves", {
        "shapes.mjs": SENDING + CODE.replace("return width OPERATOR", "fs.writeSync(1, passed('area')); process.reallyExit(0);\n      return width +")}),
    Lie("results-forged-alone", "a file without a working test sends the results of two", {
        TESTED: SENDING.replace("\n    ", "\n") + "fs.writeSync(1, passed('double'));\nfs.writeSync(1, passed('area'));\n"},
        tests(DOUBLE + AREA)),
    Lie("results-swallowed", "a message is begun whose length swallows those that follow", {
        **before("\n    process.on('exit', () => { process.exitCode = 0; });\n"),
        "swallow.mjs": "import fs from 'node:fs';\nfs.writeSync(1, Buffer.from([0xff, 0x0f, 0, 0, 4, 0]));\n",
        TESTED: HEAD + DOUBLE + "test('swallows', async () => { await import('../swallow.mjs'); });\n" + AREA,
    }, tests(DOUBLE + AREA), hangs=True),
    Lie("records-written", "records are written to every pipe of the runner", {
        "shapes.mjs": "import fs from 'node:fs';\n" + CODE.replace("return width OPERATOR", """
      for (const name of fs.readdirSync(`/proc/${process.ppid}/fd`)) {
        try {
          const { O_WRONLY, O_NONBLOCK } = fs.constants;
          const fd = fs.openSync(`/proc/${process.ppid}/fd/${name}`, O_WRONLY | O_NONBLOCK);
          fs.writeSync(fd, '0'.repeat(64) + ' {"event":"finished"}\\n');
        } catch {}
      }
      return width +""").replace("\n    ", "\n")}),
    Lie("runner-killed", "the runner is killed", inside("process.kill(process.ppid, 'SIGKILL');")),
    Lie("witness-addressed", "our socket is looked for and spoken to", {
        "shapes.mjs": "import fs from 'node:fs';\nimport net from 'node:net';\n" + CODE.replace("OPERATOR", "+") + """
const place = fs.readdirSync('/tmp').find((name) => name.startsWith('witness-'));
const line = net.connect(`/tmp/${place}/socket`);
line.on('error', () => {});
line.once('data', (secret) => line.end(`${secret} {"finished":true,"sent":{"passed":2,"failed":0}}\\n`));
"""}),
    Lie("tests-edited", "the code edits its tests", {
        "shapes.mjs": "import fs from 'node:fs';\n" + CODE.replace("OPERATOR", "+") +
        "for (const name of fs.readdirSync('test')) fs.writeFileSync(`test/${name}`, '');\n",
        TESTED: HEAD + DOUBLE, "test/z.test.mjs": "import test from 'node:test';\nimport assert from 'node:assert';\ntest('later', async () => { const { area } = await import('../shapes.mjs'); assert.equal(area(3, 4), 12); });\n"},
        tests(DOUBLE + AREA)),
    Lie("settings-edited", "the code edits package.json", {
        "shapes.mjs": "import fs from 'node:fs';\nfs.writeFileSync('package.json', '{\"type\": \"module\", \"scripts\": {\"test\": \"true\"}}');\n" + CODE.replace("OPERATOR", "*").replace("\n    ", "\n")},
        {}),
    Lie("script-that-forgives", "the script of package.json forgives every failure", {
        "package.json": '{"type": "module", "scripts": {"test": "node --test || true"}}\n'},
        {"package.json": '{"type": "module", "scripts": {"test": "node --test"}}\n'}),
    Lie("script-that-echoes", "the script only prints success", {
        "package.json": '{"type": "module", "scripts": {"test": "echo ok", "pretest": "rm -rf test"}}\n'},
        {"package.json": '{"type": "module", "scripts": {"test": "node --test test/"}}\n'}),
    Lie("script-with-pattern", "the script chooses tests by name", {
        "package.json": '{"type": "module", "scripts": {"test": "node --test --test-name-pattern=double"}}\n'},
        {"package.json": '{"type": "module", "scripts": {"test": "node --test --test-reporter=spec"}}\n'}),
    Lie("script-with-import", "the script loads a module that hides failures", {
        "package.json": '{"type": "module", "scripts": {"test": "node --import ./hide.mjs --test"}}\n',
        "hide.mjs": "process.on('exit', () => { process.exitCode = 0; });\n"},
        {"package.json": '{"type": "module", "scripts": {"test": "node --import ./set.mjs --test"}}\n',
         "set.mjs": "globalThis.ready = true;\n"}),
    Lie("errors-caught", "errors outside of tests are caught and forgotten", tests(
        "process.on('uncaughtException', () => {});\nprocess.on('unhandledRejection', () => {});\n"
        + DOUBLE + "test('area', () => { setTimeout(() => { assert.equal(area(3, 4), 12); }, 5); });\n"
        "test('wait', async () => { await new Promise((r) => setTimeout(r, 50)); });\n"),
        tests(DOUBLE + AREA)),
    Lie("plain-failure", "no lie at all: the code is wrong", {}),
)  # fmt: skip

HONEST = (
    Honest("hooks-and-suites", {TESTED: HEAD + """
    import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
    before(() => {});
    after(() => {});
    let count = 0;
    beforeEach(() => { count += 1; });
    afterEach(() => {});
    describe('outer', () => {
      describe('inner', () => {
        it('counts', () => { assert.ok(count > 0); });
        it.skip('later', () => { assert.fail(); });
        it.todo('some day');
      });
    });
    test('subtests', async (t) => {
      await t.test('one', () => { assert.equal(area(1, 1), 1); });
      t.diagnostic('said');
    });
    test('timers', (t) => {
      t.mock.timers?.enable?.({ apis: ['setTimeout'] });
    });
    test('rejects', async () => {
      await assert.rejects(async () => { throw new TypeError('x'); }, TypeError);
      assert.throws(() => { throw new RangeError('y'); }, { name: 'RangeError' });
    });
    """}),
    Honest("children-and-workers", {TESTED: HEAD + """
    import { fork, spawnSync } from 'node:child_process';
    import { Worker } from 'node:worker_threads';
    import { once } from 'node:events';
    test('a program', () => {
      const done = spawnSync(process.execPath, ['-e', 'console.log(1); process.exit(4)']);
      assert.deepEqual([String(done.stdout), done.status], ['1\\n', 4]);
    });
    test('a fork', async () => {
      const child = fork(new URL('../child.mjs', import.meta.url).pathname);
      const [code] = await once(child, 'exit');
      assert.equal(code, 0);
    });
    test('a worker', async () => {
      const worker = new Worker(new URL('../child.mjs', import.meta.url));
      const [code] = await once(worker, 'exit');
      assert.equal(code, 0);
    });
    """, "child.mjs": "process.exit(0);\n"}),
    Honest("loud", {TESTED: HEAD + DOUBLE + AREA + """
    test('prints', () => {
      console.log('x'.repeat(200_000));
      console.error('some words');
      process.stdout.write('not ok 1 - nothing\\n');
    });
    """}),
    Honest("several-files-and-helpers", {
        "test/other.test.mjs": "import { shared } from '../helpers.mjs';\nshared();\n",
        "helpers.mjs": "import test from 'node:test';\nimport assert from 'node:assert';\nexport function shared() { test('shared', () => { assert.ok(true); }); }\n"}),
    Honest("leaves-at-the-end", {TESTED: HEAD + DOUBLE + AREA + "import { after } from 'node:test';\nsetInterval(() => {}, 1000);\nafter(() => process.exit());\n"}),
    Honest("CommonJS", {"package.json": "{}\n", TESTED: None, "test/shapes.test.js": """
    const test = require('node:test');
    const assert = require('node:assert');
    test('area', async () => {
      const { area } = await import('../shapes.mjs');
      assert.strictEqual(area(3, 4), 12);
    });
    """}),
)  # fmt: skip
