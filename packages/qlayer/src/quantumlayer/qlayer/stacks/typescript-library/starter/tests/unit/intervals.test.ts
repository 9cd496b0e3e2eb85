import { expect, it } from 'vitest';
import { contains, interval, merged } from '../../src/index.js';

it.each([
  { given: [], expected: [] },
  { given: [interval(5, 7), interval(1, 3)], expected: [interval(1, 3), interval(5, 7)] },
  { given: [interval(1, 3), interval(3, 4)], expected: [interval(1, 4)] },
  { given: [interval(1, 9), interval(2, 3)], expected: [interval(1, 9)] },
])('merges what overlaps: $given', ({ given, expected }) => {
  expect(merged(given)).toEqual(expected);
});

it('includes both ends', () => {
  expect([0, 1, 3, 4].map((number) => contains(interval(1, 3), number))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

it.each([
  [2, 1],
  [Number.NaN, 1],
])('refuses what starts at %d and ends at %d', (start, end) => {
  expect(() => interval(start, end)).toThrow(RangeError);
});
