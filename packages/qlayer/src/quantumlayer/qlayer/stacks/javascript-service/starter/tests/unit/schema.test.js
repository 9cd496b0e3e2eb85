import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newNote } from '../../src/notes/schema.js';

test('a new note has its text without white space around it', () => {
  assert.deepEqual(newNote.parse({ text: ' milk ' }), { text: 'milk' });
});

for (const body of [{}, { text: '  ' }, { text: 'x'.repeat(1001) }, { text: 'a', id: 1 }]) {
  test(`a new note is refused as ${JSON.stringify(body).slice(0, 40)}`, () => {
    assert.equal(newNote.safeParse(body).success, false);
  });
}
