// The reporter of `node --test`. It runs in the runner's own process, which loads no code of the
// project, and signs every record with a key from stdin, each signature covering the one before.
import { createHmac } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import process from 'node:process';

const LIMIT = 12_000;
const key = readFileSync(0);
const descriptor = Number(process.env.SANDBOX_REPORT_FD);
delete process.env.SANDBOX_REPORT_FD;

const printed = new Map(); // test file → the end of what its process wrote to stderr
let signature = Buffer.alloc(0);
let sent = 0;

function emit(event, fields) {
  sent += 1;
  const line = JSON.stringify({ event, number: sent, ...fields });
  signature = createHmac('sha256', key).update(signature).update(line).digest();
  const record = Buffer.from(`${signature.toString('hex')} ${line}\n`);
  for (let written = 0; written < record.length; ) {
    try {
      written += writeSync(descriptor, record, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
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
  emit('finished', {});
}
