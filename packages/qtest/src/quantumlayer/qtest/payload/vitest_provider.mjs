// What vitest asks for coverage, by no package of the project's: in its main process what the
// workers have taken is put under a name of ours, where our reporter finds it.
export function providing(taken) {
  return {
    name: 'custom',
    initialize(context) { this.options = { ...context.config.coverage, enabled: true, thresholds: undefined }; },
    resolveOptions() { return this.options; },
    clean() {},
    onAfterSuiteRun({ coverage }) { if (coverage) (globalThis[taken] ??= []).push(coverage); },
    onTestFailure() {},
    generateCoverage() { return []; },
    reportCoverage() {},
    mergeReports() {},
  };
}
