// The reporter of jest, in jest's main process.
import { mapOf, unwrapped } from './jest_code.mjs';
import { LIMIT, openRecords } from './records.mjs';
import { changedFiles, judgingFiles, project } from './tampering.mjs';
import { Lines, linesOf } from './v8_lines.mjs';

const emit = openRecords();
const known = judgingFiles(project);

function lines(message) {
  return String(message).replace(/\x1b\[[0-9;]*m/g, '');
}

export default class Reporter {
  lines = new Lines(project);

  onRunStart() {
    emit('opened');
  }

  onTestResult(_test, { testFilePath: path, testResults, testExecError, failureMessage,
    v8Coverage }) {
    for (const { codeTransformResult: made, result } of v8Coverage ?? []) {
      if (!made?.code) continue;
      const functions = unwrapped(result.functions, made.wrapperLength);
      this.lines.add(linesOf(result.url, made.code, functions, mapOf(made)));
    }
    if (testExecError || (failureMessage && !testResults.length)) {
      const details = lines(testExecError?.stack ?? failureMessage ?? '').slice(0, LIMIT);
      const message = lines(testExecError?.message ?? failureMessage).trim().slice(0, LIMIT);
      emit('case', { name: `loading ${path}`, path, outcome: 'error', message, details });
    }
    emit('collected', { names: testResults.map((test) => test.fullName) });
    for (const { fullName, status, failureMessages, location, duration } of testResults) {
      const details = lines((failureMessages ?? []).join('\n')).slice(0, LIMIT);
      const outcome = { passed: 'passed', failed: 'failed' }[status] ?? 'skipped';
      emit('case', { name: fullName, path, line: location?.line ?? null, outcome, details,
        message: details.split('\n')[0] ?? '', duration: (duration ?? 0) / 1000 });
    }
  }

  onRunComplete(_contexts, results) {
    if (results.runExecError) {
      emit('case', { name: 'the test run', path: '', outcome: 'error', message: lines(results.runExecError.message) });
    }
    this.lines.emit(emit);
    const paths = changedFiles(known, project);
    if (paths.length) emit('tampered', { paths });
    emit('closed');
  }
}
