import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { countWords } from '../../src/counting.js';

it.each([
  { text: '', counted: [] },
  { text: '  \n!?', counted: [] },
  {
    text: 'b c\nB a',
    counted: [
      ['b', 2],
      ['a', 1],
      ['c', 1],
    ],
  },
  { text: 'größer Größer', counted: [['größer', 2]] },
])('counts the words of $text', async ({ text, counted }) => {
  expect(await countWords(Readable.from([text]))).toEqual(counted);
});
