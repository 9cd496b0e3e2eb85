// The reporter of `playwright test`, in Playwright's first process; tests run in another one.
//
// The files of tests are read in the first process, too, which is trusted as much as Playwright is.
import { readFileSync, statSync } from 'node:fs';
import { emit, known, led } from './playwright_start.mjs';
import { LIMIT } from './records.mjs';
import { changedFiles, project } from './tampering.mjs';

const LARGEST_PICTURE = 512 * 1024;
const MOST_PICTURES = 4;
const FAILED = ['failed', 'timedOut'];

const cut = (words) => String(words ?? '').slice(0, LIMIT);
const told = (error) => ({
  message: cut(error?.message ?? error?.value),
  details: cut([error?.stack ?? error?.message ?? error?.value, error?.snippet].filter(Boolean).join('\n\n')),
  ...(error?.location ? { at: { path: error.location.file, line: error.location.line } } : {}),
});

function outcome(test, result) {
  if (!result || result.status === 'interrupted') return 'skipped';
  if (test.expectedStatus === 'failed') return FAILED.includes(result.status) ? 'xfailed' : 'failed';
  if (FAILED.includes(result.status)) return 'failed';
  return result.status === 'passed' ? 'passed' : 'skipped';
}

export default class Reporter {
  constructor({ foreign, leftOut, servers, setups, plugins }) {
    emit('settings', { foreign, leftOut, servers, setups, plugins: plugins.map(String) });
    this.pictures = 0;
    this.told = new Set();
  }

  onBegin(config, suite) {
    this.several = config.projects.length > 1;
    this.tests = suite.allTests();
    emit('collected', { names: this.tests.map((test) => this.name(test)) });
  }

  name(test) {
    const [, group, , ...titles] = test.titlePath();
    return titles.join(' > ') + (this.several && group ? ` [${group}]` : '');
  }

  onTestBegin(test) {
    emit('started', { name: this.name(test) });
  }

  onTestEnd(test, result) {
    this.told.add(test);
    const [error] = result.errors ?? [];
    const notes = [...(test.annotations ?? []), ...(result.annotations ?? [])];
    const note = notes.find(({ type }) => ['skip', 'fixme', 'fail'].includes(type));
    const how = outcome(test, result);
    const why = how === 'failed' && !error
      ? { message: 'It passes, and is marked as one that fails.' }
      : { message: note?.description ?? note?.type ?? '' };
    emit('case', { name: this.name(test), path: test.location.file, line: test.location.line,
      outcome: how, duration: result.duration / 1000, ...(error ? told(error) : why) });
    if (how === 'failed') this.show(test, result);
  }

  // What the page showed when a test failed.
  show(test, result) {
    for (const { contentType, path } of result.attachments ?? []) {
      if (contentType !== 'image/png' || !path || this.pictures >= MOST_PICTURES) continue;
      try {
        if (statSync(path).size > LARGEST_PICTURE) continue;
        emit('picture', { name: this.name(test), png: readFileSync(path).toString('base64') });
        this.pictures += 1;
      } catch {
        // A test may take its own pictures away.
      }
    }
  }

  onError(error) {
    emit('trouble', told(error));
  }

  onEnd({ status }) {
    for (const test of this.tests ?? []) {
      if (this.told.has(test)) continue;
      emit('case', { name: this.name(test), path: test.location.file, line: test.location.line,
        outcome: 'skipped', duration: 0, message: 'It was not run.' });
    }
    const paths = changedFiles(known, project);
    if (paths.length) emit('tampered', { paths });
    emit('closed', { status, led: led.times });
  }
}
