// What tape tells its streams, told on: each assertion, and that every test has ended.
import process from 'node:process';
import { LIMIT } from './records.mjs';
import { calledByNode, locked } from './line_out.mjs';

export function hearTape(say, require) {
  const tape = require('tape');
  const open = new Map();
  let began = false;

  const finish = (test) => {
    open.delete(test.id);
    const { failures, count, skipped, name } = test;
    const outcome = failures.length ? 'failed' : count ? 'passed' : 'skipped';
    const [first] = failures;
    const shown = (value) => { try { return JSON.stringify(value)?.slice(0, 500); } catch { return String(value); } };
    const message = first ? `${first.name ?? first.operator}: expected ${shown(first.expected)}, got ${shown(first.actual)}` : '';
    say({ test: { id: test.id, name: name || `test ${test.id}`, path: '', outcome: skipped ? 'skipped' : outcome,
      message, details: String(first?.error?.stack ?? '').slice(0, LIMIT), duration: 0 } });
  };

  const stream = tape.createStream({ objectMode: true });
  stream.on('data', (row) => {
    began = true;
    if (row.type === 'test') {
      const above = open.get(row.parent)?.name;
      const name = above ? `${above} > ${row.name}` : row.name;
      open.set(row.id, { id: row.id, name, failures: [], count: 0, skipped: Boolean(row.skip) });
    } else if (row.type === 'assert') {
      const test = open.get(row.test);
      if (!test) return;
      if (!row.skip && !row.todo) test.count += 1;
      if (!row.ok && !row.skip && !row.todo) test.failures.push(row);
    } else if (row.type === 'end' && open.has(row.test)) {
      finish(open.get(row.test));
    }
  });
  locked(tape);
  locked(tape.Test.prototype);
  const leave = process.reallyExit.bind(process);
  let told = false;
  const close = () => {
    if (told) return;
    told = true;
    for (const test of [...open.values()]) {
      test.failures.push({ name: 'it never ended' });
      finish(test);
    }
    say({ finished: began });
  };
  // tape leaves by itself when its last test has ended; nobody else may say that it has.
  let natural = false;
  process.on('beforeExit', () => { natural ||= calledByNode(); });
  tape.onFinish?.(() => { natural = true; });
  process.reallyExit = (code) => {
    if (natural) close();
    leave(code);
  };
  process.on('exit', () => { if (natural) close(); });
}
