// The reporter of `vitest run`, in vitest's main process; tests run in processes of their own.
import process from 'node:process';
import { LIMIT, openRecords } from './records.mjs';
import { changedFiles, judgingFiles, project } from './tampering.mjs';
import { Lines } from './v8_lines.mjs';

const emit = openRecords();
const known = judgingFiles(project);
const OUTCOMES = { passed: 'passed', pass: 'passed', failed: 'failed', fail: 'failed' };

function evidence(errors) {
  const [error] = errors ?? [];
  if (!error) return {};
  const details = String(error.stack ?? error.message ?? error).slice(0, LIMIT);
  return { message: String(error.message ?? error).slice(0, LIMIT), details };
}

function ended(name, path, state, errors, line, duration) {
  emit('case', { name, path, line: line ?? null, outcome: OUTCOMES[state] ?? 'skipped',
    duration: (duration ?? 0) / 1000, ...evidence(errors) });
}

export default class Reporter {
  onInit() {
    emit('opened');
  }

  onTestRunEnd(modules, errors) {
    if (this.reported) return;
    this.reported = true;
    for (const module of modules) {
      const path = module.moduleId;
      const loading = module.errors?.() ?? [];
      if (loading.length) ended(`loading ${path}`, path, 'failed', loading);
      for (const suite of module.children.allSuites()) {
        const broken = suite.errors?.() ?? [];
        if (broken.length) ended(suite.fullName, path, 'failed', broken);
      }
      const tests = [...module.children.allTests()];
      emit('collected', { names: tests.map((test) => test.fullName) });
      for (const test of tests) {
        const { state, errors: own } = test.result();
        const line = test.location?.line;
        ended(test.fullName, path, state, own, line, test.diagnostic?.()?.duration);
      }
    }
    this.close(errors);
  }

  onFinished(files, errors) {
    if (this.reported) return;
    this.reported = true;
    const visit = (task, path, names) => {
      const full = [...names, task.name];
      if (task.type === 'test' || task.type === 'custom') {
        emit('collected', { names: [full.join(' > ')] });
        const { state, errors: own, duration } = task.result ?? {};
        ended(full.join(' > '), path, task.mode === 'run' ? state : 'skipped', own, undefined, duration);
        return;
      }
      if (task.result?.errors?.length) ended(full.join(' > '), path, 'failed', task.result.errors);
      for (const child of task.tasks ?? []) visit(child, path, full);
    };
    for (const file of files) {
      if (file.result?.errors?.length) ended(`loading ${file.filepath}`, file.filepath, 'failed', file.result.errors);
      for (const task of file.tasks) visit(task, file.filepath, []);
    }
    this.close(errors);
  }

  close(errors) {
    if (errors?.length) ended('outside of the tests', '', 'failed', errors);
    const lines = new Lines(project);
    for (const taken of globalThis[Symbol.for('quantumlayer.coverage')] ?? []) {
      lines.add(taken.map(([path, found]) => [path, new Map(found)]));
    }
    lines.emit(emit);
    const paths = changedFiles(known, project);
    if (paths.length) emit('tampered', { paths });
    emit('closed');
  }
}
