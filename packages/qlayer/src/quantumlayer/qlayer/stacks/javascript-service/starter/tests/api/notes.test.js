import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createApplication } from '../../src/application.js';
import { openDatabase } from '../../src/database.js';

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notes-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function application() {
  return createApplication(await openDatabase(join(folder, 'notes.db')));
}

const post = (/** @type {unknown} */ body) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

test('a note is kept beyond a restart', async () => {
  const added = await (await application()).request('/notes', post({ text: 'milk' }));
  assert.equal(added.status, 201);
  const kept = await added.json();

  const again = await application();

  assert.deepEqual(await (await again.request(`/notes/${kept.id}`)).json(), kept);
});

test('a note that nobody wrote is not found', async () => {
  const answer = await (await application()).request('/notes/7');

  assert.equal(answer.status, 404);
  assert.deepEqual(await answer.json(), { detail: 'There is no note 7.' });
});

test('what is malformed is said', async () => {
  const answer = await (await application()).request('/notes', post({ text: '' }));

  assert.equal(answer.status, 422);
  assert.match((await answer.json()).detail, /text/);
  assert.equal((await (await application()).request('/notes/seven')).status, 422);
});

test('a body that is no JSON is malformed', async () => {
  const plain = { ...post({ text: 'milk' }), headers: { 'Content-Type': 'text/plain' } };
  for (const request of [{ ...post({}), body: '{' }, plain]) {
    const answer = await (await application()).request('/notes', request);

    assert.equal(answer.status, 422);
    assert.equal(typeof (await answer.json()).detail, 'string');
  }
});

test('it tells of itself what it answers', async () => {
  const contract = await (await (await application()).request('/openapi.json')).json();

  assert.deepEqual(Object.keys(contract.paths), ['/healthz', '/readyz', '/notes', '/notes/{id}']);
});
