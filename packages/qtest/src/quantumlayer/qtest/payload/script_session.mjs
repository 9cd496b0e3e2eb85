// Starts test programs and hears what their processes say of their tests. No code of the project
// runs in here. Plan, behind the key on stdin: {"runner", "runs": [{"path", "words"}], "preload"}.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { LIMIT, openRecords } from './records.mjs';
import { changedFiles, judgingFiles, project } from './tampering.mjs';
import { Lines } from './v8_lines.mjs';

const KEY_BYTES = 32;
const content = readFileSync(0);
const plan = JSON.parse(content.subarray(KEY_BYTES));
const emit = openRecords(content.subarray(0, KEY_BYTES));
const known = judgingFiles(project);
const GUARD = new URL('./script_guard.mjs', import.meta.url).href;
const LEFT = 'The process ended before its tests had finished.';
const names = new Map();
const lines = new Lines(project);

function unique(name) {
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}

function listening(address) {
  const heard = [];
  const server = createServer((connection) => {
    const testimony = { secret: randomBytes(16).toString('hex'), said: '', closed: false };
    heard.push(testimony);
    connection.on('data', (chunk) => { testimony.said += chunk; });
    connection.on('error', () => {});
    connection.on('close', () => { testimony.closed = true; });
    connection.write(testimony.secret);
  });
  server.listen(address);
  return { heard, server };
}

async function started(path, words) {
  const address = `${mkdtempSync('/tmp/witness-')}/socket`;
  const { heard, server } = listening(address);
  await new Promise((resolve) => { server.once('listening', resolve); });
  const child = spawn(process.execPath, [...plan.options, `--import=${GUARD}`, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, QL_NODE_WITNESS: address, QL_RUNNER: plan.runner,
      QL_PRELOAD: JSON.stringify(plan.preload) },
  });
  let printed = '';
  for (const [stream, out] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
    stream.on('data', (chunk) => {
      out.write(chunk);
      printed = (printed + chunk).slice(-LIMIT);
    });
  }
  const ended = await new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  for (let turn = 0; turn < 200 && heard.some(({ closed }) => !closed); turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  server.close();
  return { ...ended, heard, printed };
}

// What the process said, in order; null where something else than the guard spoke for it.
function words(heard) {
  const found = [];
  for (const { secret, said } of heard) {
    for (const line of said.split('\n').filter(Boolean)) {
      if (!line.startsWith(`${secret} `)) return null;
      found.push(JSON.parse(line.slice(secret.length + 1)));
    }
  }
  return heard.length > 1 && heard.filter(({ said }) => said).length > 1 ? null : found;
}

function told(path, said) {
  const worst = new Map();
  for (const { test } of said) {
    if (!test) continue;
    const before = worst.get(test.id);
    if (!before || before.outcome !== 'failed') worst.set(test.id, test);
  }
  for (const { id, ...test } of worst.values()) {
    emit('case', { ...test, path: test.path || path, name: unique(test.name) });
  }
  return [...worst.values()].some(({ outcome }) => outcome === 'failed');
}

function problem(said, { code, signal }) {
  if (said === null) return 'Something in the project spoke in the name of the test runner.';
  const wrong = said.find((each) => each.problem);
  if (wrong) return wrong.problem;
  if (signal) return `The process was ended by ${signal}.`;
  if (!said.some((each) => each.finished)) return LEFT;
  return code === 0 ? '' : `The process ended with exit status ${code}.`;
}

async function one({ path, words: command }) {
  emit('started', { name: path });
  const ended = await started(path, command);
  const heard = words(ended.heard);
  for (const { coverage } of heard ?? []) lines.add(new Map(coverage?.map(([at, ran]) => [at, new Map(ran)])));
  const said = heard?.filter(({ coverage }) => !coverage) ?? null;
  const failed = told(path, said ?? []);
  // Nothing to run proves nothing, and accuses nobody.
  if (plan.runner === 'mocha' && said?.length === 0 && /\bNo test files found\b/.test(ended.printed)) return;
  const message = problem(said, ended);
  if (message && !(failed && said?.some((each) => each.finished))) {
    const lines = ended.printed.split('\n').filter((line) => /^\s*(Uncaught )?\w*Error\b.*:/.test(line));
    const shown = ended.code ? (lines[0]?.trim() ?? message) : message;
    emit('case', { name: unique(`${path} as a whole`), path, outcome: 'error', message: shown,
      details: ended.printed });
  } else if (plan.runner === 'script') {
    // A program without a runner is a test itself.
    const { proof } = said.find((each) => each.finished);
    emit('case', { name: unique(path), path, outcome: proof ? 'passed' : 'skipped',
      message: proof ? '' : 'It left without having tested anything.' });
  }
}

emit('opened');
for (const run of plan.runs) await one(run);
lines.emit(emit);
const paths = changedFiles(known, project);
if (paths.length) emit('tampered', { paths });
emit('closed');
process.exit(0);
