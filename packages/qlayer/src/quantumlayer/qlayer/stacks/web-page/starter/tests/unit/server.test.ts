// @vitest-environment node
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApplication } from '../../server/application.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>the page</title>');
  await writeFile(join(folder, 'assets/main.js'), 'export {};');
});

afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['/', 200, 'text/html'],
  ['/some/route', 200, 'text/html'],
  ['/healthz', 200, 'application/json'],
  ['/assets/main.js', 200, 'text/javascript'],
  ['/assets/missing.js', 404, 'text/plain'],
  ['/missing.png', 404, 'text/plain'],
])('answers %s with %d %s', async (path, status, type) => {
  const answer = await createApplication(folder).request(path);

  expect(answer.status).toBe(status);
  expect(answer.headers.get('Content-Type')).toContain(type);
});
