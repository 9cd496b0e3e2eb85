import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApplication } from '../../src/application.js';
import { openDatabase } from '../../src/database.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notes-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function application() {
  return createApplication(await openDatabase(join(folder, 'notes.db')));
}

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

it('keeps a note beyond a restart', async () => {
  const added = await (await application()).request('/notes', post({ text: 'milk' }));
  expect(added.status).toBe(201);
  const kept = await added.json();

  const again = await application();

  expect(await (await again.request(`/notes/${kept.id}`)).json()).toEqual(kept);
});

it('does not find a note that nobody wrote', async () => {
  const answer = await (await application()).request('/notes/7');

  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({ detail: 'There is no note 7.' });
});

it('says what is malformed', async () => {
  const answer = await (await application()).request('/notes', post({ text: '' }));

  expect(answer.status).toBe(422);
  expect((await answer.json()).detail).toContain('text');
  expect((await (await application()).request('/notes/seven')).status).toBe(422);
});

it.each([
  { ...post({}), body: '{' },
  { ...post({ text: 'milk' }), headers: { 'Content-Type': 'text/plain' } },
])('says that a body is no JSON: $body', async (request) => {
  const answer = await (await application()).request('/notes', request);

  expect(answer.status).toBe(422);
  expect(await answer.json()).toEqual({ detail: expect.any(String) });
});

it('tells of itself what it answers', async () => {
  const contract = await (await (await application()).request('/openapi.json')).json();

  expect(Object.keys(contract.paths)).toEqual(['/healthz', '/readyz', '/notes', '/notes/{id}']);
});
