// vitest's coverage as V8 counts it, by no package of the project's: a worker takes it after each
// test file, the main process puts it together, and our reporter tells it.
import { counting } from './v8_taking.mjs';

const TAKEN = Symbol.for('quantumlayer.coverage');
// A worker loads this module anew for each thing that it asks of it.
const COUNTING = Symbol.for('quantumlayer.counting');

const provider = {
  name: 'custom',
  initialize(context) { this.options = { ...context.config.coverage, enabled: true, thresholds: undefined }; },
  resolveOptions() { return this.options; },
  clean() {},
  onAfterSuiteRun({ coverage }) { (globalThis[TAKEN] ??= []).push(coverage ?? []); },
  onTestFailure() {},
  generateCoverage() { return []; },
  reportCoverage() {},
  mergeReports() {},
};

export default {
  getProvider() { return provider; },
  startCoverage() { globalThis[COUNTING] ??= counting(); },
  takeCoverage() { return globalThis[COUNTING]?.() ?? []; },
  stopCoverage() {},
};
