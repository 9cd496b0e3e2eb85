// Checks JavaScript with V8's own parser; nothing is ever run.
// A request is a line of JSON, {"goal": "module" | "script", "size"}, and `size` bytes of source;
// the answer is a line of JSON: {"error": null | {"message", "line", "column"}}.
// An empty answer at the start says that the worker is ready.
'use strict';
const fs = require('node:fs');
const vm = require('node:vm');
const { spawnSync } = require('node:child_process');

const LIMIT_MS = Number(process.argv[2]) * 1000;
const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];

let buffered = Buffer.alloc(0);

function readUntil(isEnough) {
  const chunk = Buffer.alloc(65536);
  const parts = [buffered];
  for (;;) {
    if (parts.length > 1) {
      buffered = Buffer.concat(parts);
      parts.splice(0, parts.length, buffered);
    }
    const length = isEnough(buffered);
    if (length >= 0) {
      const taken = buffered.subarray(0, length);
      buffered = buffered.subarray(length);
      return taken;
    }
    const count = fs.readSync(0, chunk, 0, chunk.length, null);
    if (count === 0) process.exit(0);
    parts.push(Buffer.from(chunk.subarray(0, count)));
  }
}

function place(report) {
  const match = /^(?:source\.js|\[stdin\]):(\d+)\n(.*)\n( *)\^/.exec(report);
  return match ? { line: Number(match[1]), column: match[3].length + 1 } : { line: 1, column: 1 };
}

function moduleError(source, error) {
  // V8 keeps the place of a module's error to itself; `node --check` prints it.
  const checked = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
    input: source,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  return { message: error.message, ...place(checked.stderr || '') };
}

function check(goal, source) {
  const text = source.replace(/^\uFEFF/, '').replace(/^#!.*/, '');
  try {
    if (goal === 'module') new vm.SourceTextModule(text, { identifier: 'source.js' });
    else vm.compileFunction(text, WRAPPER, { filename: 'source.js' });
    return null;
  } catch (error) {
    if (goal === 'module') return moduleError(source, error);
    return { message: error.message, ...place(error.stack || '') };
  }
}

fs.writeSync(1, '{}\n');
for (;;) {
  const header = JSON.parse(readUntil((bytes) => bytes.indexOf(10) + 1 || -1).toString());
  const source = readUntil((bytes) => (bytes.length >= header.size ? header.size : -1));
  const error = check(header.goal, source.toString('utf8'));
  fs.writeSync(1, `${JSON.stringify({ error })}\n`);
}
