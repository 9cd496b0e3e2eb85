// What Node's own runner would send to whoever started it, told on as it happens.
import { createRequire } from 'node:module';
import process from 'node:process';
import { locked } from './line_out.mjs';

const HEADER_BYTES = 6; // two of a mark, four of the length

export function hearNode(say, _require, loaded, take) {
  const require = createRequire(import.meta.url);
  const { Writable } = require('node:stream');
  const { deserialize } = require('node:v8');
  const path = [];
  const ran = new Map(); // name → what each test of that name ran, in the order of their ends
  const hear = ({ type, data }) => {
    if (!['test:start', 'test:pass', 'test:fail'].includes(type)) return;
    const { name, nesting, file, skip, todo, details = {} } = data;
    path.splice(nesting, path.length, name);
    if (type === 'test:start') return;
    const passedOver = (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
    const suite = details.type === 'suite';
    const outcome = passedOver ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const points = suite || passedOver ? [] : (ran.get(name)?.shift() ?? []);
    if (suite && outcome !== 'failed') return;
    say({ result: { name: path.join(' > '), path: file ?? '', outcome, suite, ran: points,
      duration: (details.duration_ms ?? 0) / 1000 } });
  };
  const line = new Writable({
    write(chunk, _encoding, done) {
      try {
        hear(deserialize(chunk.subarray(HEADER_BYTES)));
      } catch {
        // Not a result.
      }
      done();
    },
  });
  const stdout = Object.getOwnPropertyDescriptor(process, 'stdout');
  Object.defineProperty(process, 'stdout', { configurable: true, get: () => line });
  const runner = require('node:test');
  let begun = false;
  runner.beforeEach(() => {
    if (!begun) loaded();
    begun = true;
  });
  runner.afterEach(({ name }) => {
    if (!ran.has(name)) ran.set(name, []);
    ran.get(name).push(take());
  });
  runner.after(() => say({ finished: true }));
  Object.defineProperty(process, 'stdout', stdout);
  locked(runner);
}
