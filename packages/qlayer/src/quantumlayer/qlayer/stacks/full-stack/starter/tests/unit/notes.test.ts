import { expect, it } from 'vitest';
import { LONGEST_TEXT, problemOf } from '../../page/notes/notes';

it.each(['milk', ' milk ', 'x'.repeat(LONGEST_TEXT)])('takes %s', (text) => {
  expect(problemOf(text)).toBeUndefined();
});

it.each(['', '  ', 'x'.repeat(LONGEST_TEXT + 1)])('refuses %s', (text) => {
  expect(problemOf(text)).toMatch(/^A note has .+\.$/);
});
