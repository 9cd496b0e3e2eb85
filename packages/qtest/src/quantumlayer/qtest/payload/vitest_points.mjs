// In vitest's workers: which points of the sources each test ran. vitest takes it for coverage.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { watchingPoints } from './v8_points.mjs';
import { providing } from './vitest_provider.mjs';

const TAKEN = Symbol.for('quantumlayer.points');
// A worker loads this module anew for each thing that it asks of it.
const STATE = Symbol.for('quantumlayer.watching');

const provider = providing(TAKEN);

function nameOf(task) {
  const names = [];
  for (let each = task; each && each !== each.file; each = each.suite) names.unshift(each.name);
  return names.join(' > ');
}

// Whatever runs the tests of this worker has these two members of it, and may be there already.
async function watch() {
  const here = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
  const folder = dirname(here.resolve('vitest/package.json'));
  const load = (name) => import(pathToFileURL(`${folder}/dist/${name}.js`).href);
  const { TestRunner: newer } = await load('index');
  const runner = (newer ?? (await load('runners')).VitestTestRunner).prototype;
  const state = { take: watchingPoints(JSON.parse(readFileSync(process.env.QL_POINTS, 'utf8'))), loaded: [], tests: [] };
  const { onBeforeRunTask, onAfterTryTask } = runner;
  const open = new Set();
  let [begun, mixed] = [false, false];
  runner.onBeforeRunTask = function before(test, ...given) {
    if (!begun) state.loaded.push(...state.take());
    begun = true;
    if (['run', 'queued'].includes(test.mode)) open.add(test);
    mixed ||= open.size > 1;
    return onBeforeRunTask?.call(this, test, ...given);
  };
  runner.onAfterTryTask = function after(test, ...given) {
    const ran = state.take();
    // Of tests that run at the same time nobody knows which of them ran what.
    state.tests.push({ name: nameOf(test), path: test.file?.filepath ?? '', ran: mixed ? [] : ran });
    open.delete(test);
    mixed &&= open.size > 0;
    return onAfterTryTask?.call(this, test, ...given);
  };
  return state;
}

export default {
  getProvider() { return provider; },
  async startCoverage() { globalThis[STATE] ??= await watch(); },
  takeCoverage() {
    const { loaded, tests } = globalThis[STATE];
    return { loaded: loaded.splice(0), tests: tests.splice(0) };
  },
  stopCoverage() {},
};
