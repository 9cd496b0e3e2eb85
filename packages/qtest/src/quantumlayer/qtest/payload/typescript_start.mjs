// Compiles a TypeScript project with its own compiler, beside its sources, then hands over to `node --test`.
// What does not compile is reported from here, and nothing is run. Where a loader of the project
// compiles what it runs, types are only checked, and declarations of others may be absent.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { LIMIT, openRecords } from './records.mjs';

const PLACE = /^(?<path>[^\s(][^(]*)\((?<line>\d+),(?<column>\d+)\): error (?<message>TS\d+: .*)$/;
const BUILT = '/tmp/built'; // beside the sources, then over them: an outDir is never an input
const [compiler, mode, ...command] = process.argv.slice(2);
const project = process.env.QL_PROJECT;
const UNDECLARED = /^TS(2307|2580|2582|2591|2593|2688|7016|5097|2691):/;
const UNREAD = /error TS5083: Cannot read file '([^']+)'/;
const key = readFileSync(0);
const descriptor = Number(process.env.SANDBOX_REPORT_FD);
const settings = existsSync('tsconfig.json')
  ? ['-p', 'tsconfig.json']
  : ['--module', 'nodenext', '--target', 'es2022', '--strict', '--skipLibCheck',
     ...spawnSync('find', ['.', '-name', '*.ts', '-not', '-name', '*.d.ts', '-not', '-path', '*/node_modules/*'])
       .stdout.toString().split('\n').filter(Boolean)];
const output = mode === 'check' ? ['--noEmit'] : ['--noEmit', 'false', '--emitDeclarationOnly', 'false',
  '--outDir', BUILT, '--rootDir', project, '--sourceMap', 'false', '--inlineSourceMap', '--noEmitOnError'];
const compiled = spawnSync(
  process.execPath,
  [compiler, ...settings, ...output, '--pretty', 'false'],
  { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 },
);
const complaints = `${compiled.stdout}`.split('\n').map((line) => PLACE.exec(line)?.groups).filter(Boolean);
const minor = mode === 'check' && complaints.every(({ message }) => UNDECLARED.test(message));
// What the settings lean on that is not there, because a step of the project makes it; undefined if nothing.
function notMade(said) {
  const unread = UNREAD.exec(said)?.[1];
  const written = existsSync('tsconfig.json') ? readFileSync('tsconfig.json', 'utf8') : '';
  const lists = [...written.matchAll(/"(?:include|files)"\s*:\s*\[([^\]]*)\]/g)].map((found) => found[1]).join();
  const named = [...lists.matchAll(/"([^"*]+)/g)].map((found) => found[1]);
  return [unread, ...named].filter(Boolean).find((path) => leftOut(path) && !existsSync(path));
}

// Whether the project's own .gitignore says that a file is made, and not written.
function leftOut(path) {
  const parts = relative(project, resolve(path)).split('/');
  const lines = existsSync('.gitignore') ? readFileSync('.gitignore', 'utf8').split('\n') : [];
  return lines.some((line) => {
    const named = line.trim().replace(/^\//, '').replace(/\/(\*\*?)?$/, '');
    return named && !named.startsWith('#') && (parts.includes(named) || parts.join('/').startsWith(`${named}/`));
  });
}

if (compiled.status !== 0 && !minor) {
  const emit = openRecords(key);
  const said = `${compiled.stdout}${compiled.stderr}`;
  emit('opened');
  const made = notMade(said);
  if (made) {
    emit('absent', { reason: `${made}, on which the settings of TypeScript are built, is made by a step of the project's that is not run here` });
    emit('finished');
    process.exit(0);
  }
  emit('build_failed', { said: said.slice(0, LIMIT) });
  for (const found of complaints) {
    emit('complaint', { ...found, line: Number(found.line), column: Number(found.column) });
  }
  emit('finished');
  process.exit(0);
}
// Settings that only refer to others compile nothing.
if (mode !== 'check' && existsSync(BUILT)) cpSync(BUILT, project, { recursive: true });
const inherited = Array.from({ length: descriptor + 1 }, () => 'ignore');
inherited.splice(0, 3, 'pipe', 'inherit', 'inherit');
inherited[descriptor] = descriptor;
const ran = spawnSync(process.execPath, command, { input: key, stdio: inherited });
if (ran.signal) process.kill(process.pid, ran.signal);
process.exit(ran.status ?? 70);
