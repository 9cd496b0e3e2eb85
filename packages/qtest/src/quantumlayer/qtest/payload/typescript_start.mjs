// Compiles a TypeScript project with its own compiler, beside its sources, then hands over to `node --test`.
// What does not compile is reported from here, and nothing is run.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { LIMIT, openRecords } from './records.mjs';

const PLACE = /^(?<path>[^\s(][^(]*)\((?<line>\d+),(?<column>\d+)\): error (?<message>TS\d+: .*)$/;
const BUILT = '/tmp/built'; // beside the sources, then over them: an outDir is never an input
const [compiler, ...command] = process.argv.slice(2);
const key = readFileSync(0);
const descriptor = Number(process.env.SANDBOX_REPORT_FD);
const settings = existsSync('tsconfig.json')
  ? ['-p', 'tsconfig.json']
  : ['--module', 'nodenext', '--target', 'es2022', '--strict', '--skipLibCheck',
     ...spawnSync('find', ['.', '-name', '*.ts', '-not', '-name', '*.d.ts', '-not', '-path', '*/node_modules/*'])
       .stdout.toString().split('\n').filter(Boolean)];
const compiled = spawnSync(
  process.execPath,
  [compiler, ...settings, '--noEmit', 'false', '--emitDeclarationOnly', 'false', '--outDir', BUILT,
   '--rootDir', '.', '--inlineSourceMap', '--pretty', 'false', '--noEmitOnError'],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
if (compiled.status !== 0) {
  const emit = openRecords(key);
  const said = `${compiled.stdout}${compiled.stderr}`;
  emit('opened');
  emit('build_failed', { said: said.slice(0, LIMIT) });
  for (const line of said.split('\n')) {
    const found = PLACE.exec(line)?.groups;
    if (found) emit('complaint', { ...found, line: Number(found.line), column: Number(found.column) });
  }
  emit('finished');
  process.exit(0);
}
cpSync(BUILT, '.', { recursive: true });
const inherited = Array.from({ length: descriptor + 1 }, () => 'ignore');
inherited.splice(0, 3, 'pipe', 'inherit', 'inherit');
inherited[descriptor] = descriptor;
const ran = spawnSync(process.execPath, command, { input: key, stdio: inherited });
if (ran.signal) process.kill(process.pid, ran.signal);
process.exit(ran.status ?? 70);
