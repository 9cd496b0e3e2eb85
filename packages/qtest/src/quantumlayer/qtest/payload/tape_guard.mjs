// What tape tells its streams, told on: each assertion, and that every test has ended.
import process from 'node:process';
import { LIMIT } from './records.mjs';
import { calledByNode, lockedPrototype, standIn } from './line_out.mjs';

const BEGINS = new Set(['test', 'only', 'skip', 'onFinish', 'onFailure', 'getHarness', 'createStream']);

// `loaded` is called at the first test, when what the file imports has been loaded.
export function hearTape(say, require, loaded = () => {}) {
  const place = require.resolve('tape');
  const tape = require(place);
  const open = new Map();
  let began = false;

  const finish = (test) => {
    open.delete(test.id);
    const { failures, count, skipped, name } = test;
    const outcome = failures.length ? 'failed' : count < 0 ? 'skipped' : 'passed';
    const [first] = failures;
    const shown = (value) => { try { return JSON.stringify(value)?.slice(0, 500); } catch { return String(value); } };
    const message = first ? `${first.name ?? first.operator}: expected ${shown(first.expected)}, got ${shown(first.actual)}` : '';
    say({ test: { id: test.id, name: name || `test ${test.id}`, path: '', outcome: skipped ? 'skipped' : outcome,
      message, details: String(first?.error?.stack ?? '').slice(0, LIMIT), duration: 0 } });
  };

  const hear = (row) => {
    if (row.type === 'test') {
      const above = open.get(row.parent)?.name;
      const name = above ? `${above} > ${row.name}` : row.name;
      open.set(row.id, { id: row.id, name, failures: [], count: 0, skipped: Boolean(row.skip) });
    } else if (row.type === 'assert') {
      const test = open.get(row.test);
      if (!test) return;
      // Below zero: every assertion so far was skipped.
      if (!row.skip && !row.todo) test.count = Math.abs(test.count) + 1;
      else if (test.count <= 0) test.count -= 1;
      if (!row.ok && !row.skip && !row.todo) test.failures.push(row);
    } else if (row.type === 'end' && open.has(row.test)) {
      finish(open.get(row.test));
    }
  };
  // tape begins with its first test, in the turn of it: not before a file has been loaded.
  const begin = () => {
    if (began) return;
    began = true;
    loaded();
    tape.createStream({ objectMode: true }).on('data', hear);
    tape.onFinish?.(() => { natural = true; });
  };
  standIn(require, place, new Proxy(tape, {
    apply(target, self, given) {
      begin();
      return Reflect.apply(target, self, given);
    },
    get(target, name) {
      if (BEGINS.has(name)) begin();
      return Reflect.get(target, name, target);
    },
    set: () => true,
    defineProperty: () => true,
  }));
  lockedPrototype(tape.Test.prototype);
  const leave = process.reallyExit.bind(process);
  let told = false;
  const close = () => {
    if (told) return;
    told = true;
    for (const test of [...open.values()]) {
      test.failures.push({ name: 'it never ended' });
      finish(test);
    }
    say({ finished: true });
  };
  // tape leaves by itself when its last test has ended; nobody else may say that it has.
  let natural = false;
  process.on('beforeExit', () => { natural ||= calledByNode(); });
  process.reallyExit = (code) => {
    if (natural) close();
    leave(code);
  };
  process.on('exit', () => { if (natural) close(); });
}
