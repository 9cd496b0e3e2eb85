// The reporter of `node --test`. It runs in the runner's own process, which loads no code of the
// project, and signs every record with a key from stdin, each signature covering the one before.
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { LIMIT, openRecords } from './records.mjs';
import { judgingFiles, changedFiles, project } from './tampering.mjs';

const emit = openRecords();
const known = judgingFiles(project);
const printed = new Map(); // test file → the end of what its process wrote to stderr

// The processes of test files say here, with a secret, how many results they sent.
const address = `${mkdtempSync('/tmp/witness-')}/socket`;
const heard = [];
const server = createServer((connection) => {
  const testimony = { secret: randomBytes(16).toString('hex'), said: '' };
  heard.push(testimony);
  connection.on('data', (content) => { testimony.said += content; });
  connection.on('error', () => {});
  connection.on('close', () => { testimony.closed = true; });
  connection.write(testimony.secret);
});
server.listen(address);
server.unref();
process.env.QL_NODE_WITNESS = address;
process.env.QL_PRELOAD = process.env.QL_WANTED ?? '[]';
delete process.env.QL_WANTED;

async function testimonies() {
  for (let turn = 0; turn < 200 && heard.some(({ closed }) => !closed); turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  for (const { secret, said } of heard) {
    const [line, ...more] = said.split('\n').filter(Boolean);
    const spoken = line?.startsWith(`${secret} `) ? JSON.parse(line.slice(secret.length + 1)) : null;
    emit('testimony', { genuine: more.length === 0 && (!line || spoken !== null), spoken });
  }
}

function evidence(error) {
  if (!error) return {};
  const cause = error.cause ?? error;
  const details = cause?.stack ?? String(cause);
  const message = cause?.message ?? String(cause);
  return { kind: error.failureType, message: message.slice(0, LIMIT), details: details.slice(0, LIMIT) };
}

function test(event, data) {
  const { name, nesting, file, line, details = {}, skip, todo } = data;
  emit(event, {
    name, nesting, file, line,
    suite: details.type === 'suite',
    skipped: skip !== undefined && skip !== false,
    todo: todo !== undefined && todo !== false,
    duration: (details.duration_ms ?? 0) / 1000,
    ...evidence(details.error),
    ...(event === 'failed' && name === file ? { printed: printed.get(file) ?? '' } : {}),
  });
}

function remember({ file, message }) {
  printed.set(file, ((printed.get(file) ?? '') + message).slice(-LIMIT));
}

function coverage({ summary }) {
  for (const file of summary.files) {
    emit('file_coverage', {
      path: file.path,
      statements: file.totalLineCount,
      covered: file.coveredLineCount,
      branches: file.totalBranchCount,
      covered_branches: file.coveredBranchCount,
      missing: file.lines.filter((line) => line.count === 0).map((line) => line.line),
    });
  }
}

export default async function* report(source) {
  emit('opened', { node: process.version });
  for await (const { type, data } of source) {
    if (type === 'test:dequeue') emit('dequeued', { name: data.name, file: data.file });
    else if (type === 'test:complete') emit('completed', { name: data.name, file: data.file });
    else if (type === 'test:start') emit('started', { name: data.name, nesting: data.nesting, file: data.file });
    else if (type === 'test:pass') test('passed', data);
    else if (type === 'test:fail') test('failed', data);
    else if (type === 'test:coverage') coverage(data);
    if (type === 'test:stderr') remember(data);
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
  }
  await testimonies();
  const paths = changedFiles(known, project);
  if (paths.length) emit('tampered', { paths });
  emit('finished', {});
}
