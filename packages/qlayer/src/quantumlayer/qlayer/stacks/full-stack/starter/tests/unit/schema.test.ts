import { describe, expect, it } from 'vitest';
import { newNote } from '../../server/notes/schema.js';

describe('a new note', () => {
  it('has its text without white space around it', () => {
    expect(newNote.parse({ text: ' milk ' })).toEqual({ text: 'milk' });
  });

  it.each([{}, { text: '  ' }, { text: 'x'.repeat(1001) }, { text: 'a', id: 1 }])(
    'is refused as %j',
    (body) => {
      expect(newNote.safeParse(body).success).toBe(false);
    },
  );
});
