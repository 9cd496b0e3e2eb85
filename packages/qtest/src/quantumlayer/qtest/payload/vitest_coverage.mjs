// vitest's coverage as V8 counts it, by no package of the project's: a worker takes it after each
// test file, the main process puts it together, and our reporter tells it.
import { counting } from './v8_taking.mjs';
import { providing } from './vitest_provider.mjs';

const TAKEN = Symbol.for('quantumlayer.coverage');
// A worker loads this module anew for each thing that it asks of it.
const COUNTING = Symbol.for('quantumlayer.counting');

const provider = providing(TAKEN);

export default {
  getProvider() { return provider; },
  startCoverage() { globalThis[COUNTING] ??= counting(); },
  takeCoverage() { return globalThis[COUNTING]?.() ?? []; },
  stopCoverage() {},
};
