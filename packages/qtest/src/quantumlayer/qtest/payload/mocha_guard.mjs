// What mocha tells its reporters, told on: each test's end, and that the run has come to its own.
import { createRequire } from 'node:module';
import { LIMIT } from './records.mjs';
import { lockedPrototype, standIn } from './line_out.mjs';

const FUNCTIONS = ['describe', 'context', 'it', 'test', 'specify', 'suite', 'before', 'after',
  'beforeEach', 'afterEach', 'setup', 'teardown', 'suiteSetup', 'suiteTeardown'];
const OF_TESTS = /(^|\/)(tests?|__tests__|specs?|e2e|node_modules)\/|[-_.](test|spec)s?\.[cm]?[jt]sx?$|(^|\/)tests?[-_.][^/]*$/;
const OURS = /\/(mocha_guard|script_guard)\.mjs/;

// Set-ups of tests may wrap these functions; what is tested has no business to.
function watched(say, name) {
  let current;
  Object.defineProperty(globalThis, name, {
    configurable: false,
    enumerable: true,
    get: () => current,
    set(value) {
      const frames = String(new Error().stack).split('\n').slice(1).filter((line) => !OURS.test(line));
      const place = /\(?((?:file:\/\/)?\/[^():]+):\d+:\d+\)?$/.exec(frames[0] ?? '')?.[1] ?? '';
      if (place && !OF_TESTS.test(place.replace('file://', ''))) {
        say({ problem: `${place.split('/').at(-1)} replaced the test runner's function ${name}.` });
      }
      current = value;
    },
  });
}

// Older versions of mocha have no word for it.
function titles(test) {
  return [...(test.parent ? titles(test.parent) : []), test.title].filter(Boolean);
}

// `loaded` is called when all files have been loaded, before the first test.
export function hearMocha(say, require, loaded = () => {}) {
  const Mocha = require('mocha');
  for (const name of FUNCTIONS) watched(say, name);

  const reporter = createRequire(import.meta.url).resolve('./mocha_reporter.cjs');
  standIn(createRequire(import.meta.url), reporter, class {
    constructor(runner) {
      const all = [];
      const ended = new Set();
      const ids = new Map();
      const id = (test) => {
        if (!ids.has(test)) ids.set(test, ids.size);
        return ids.get(test);
      };
      const tell = (test, outcome, error) => {
        ended.add(test);
        const details = String(error?.stack ?? error?.message ?? error ?? '').slice(0, LIMIT);
        const message = String(error?.message ?? error ?? '').slice(0, LIMIT);
        say({ test: { id: id(test), name: titles(test).join(' > '), path: test.file ?? '', outcome,
          message, details, duration: (test.duration ?? 0) / 1000 } });
      };
      runner.suite.eachTest((test) => all.push(test));
      loaded();
      runner.on('pass', (test) => tell(test, 'passed'));
      runner.on('pending', (test) => tell(test, 'skipped'));
      runner.on('fail', (test, error) => tell(test, 'failed', error));
      runner.once('end', () => {
        const remaining = new Set();
        runner.suite.eachTest((test) => remaining.add(test));
        for (const test of all) {
          if (ended.has(test)) continue;
          // What `.only` leaves out is no longer in the tree; what a pattern leaves out is.
          if (remaining.has(test) && !runner.failures) {
            say({ problem: `The test "${test.fullTitle()}" was left out.` });
          } else tell(test, 'skipped');
        }
        say({ finished: true });
      });
    }
  });
  lockedPrototype(Mocha.Runner.prototype);
  lockedPrototype(Mocha.Runnable.prototype);
}
