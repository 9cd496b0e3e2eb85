// Notices when a run changes what it is judged by: sources, tests, settings of the runner.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';

// The whole project, also where the tests of a part of it are run in their own folder.
export const project = process.env.QL_PROJECT ?? process.cwd();

const JUDGING = /\.([cm]?[jt]sx?)$|(^|\/)(package|tsconfig)\.json$/;
const PASSED_OVER = new Set(['node_modules', 'coverage', 'dist', 'build']);
const MOST_FILES = 20_000;
const MOST_NAMED = 20;

function digest(path) {
  try {
    const found = lstatSync(path);
    if (found.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
    if (!found.isFile()) return 'no file';
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return 'unreadable';
  }
}

export function judgingFiles(folder) {
  const found = new Map();
  const pending = [folder];
  while (pending.length && found.size < MOST_FILES) {
    const place = pending.pop();
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) pending.push(path);
      else if (JUDGING.test(path) && !entry.isDirectory()) found.set(path, digest(path));
    }
  }
  return found;
}

export function changedFiles(known, folder) {
  const changed = [...known].filter(([path, before]) => digest(path) !== before);
  return changed.map(([path]) => relative(folder, path)).sort().slice(0, MOST_NAMED);
}
