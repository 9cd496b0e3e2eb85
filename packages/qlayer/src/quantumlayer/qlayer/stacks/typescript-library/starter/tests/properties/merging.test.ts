import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contains, type Interval, interval, merged } from '../../src/index.js';

const number = fc.integer({ min: -50, max: 50 });
const intervals = fc.array(
  fc.tuple(number, number).map(([a, b]) => interval(Math.min(a, b), Math.max(a, b))),
);
const covers = (some: readonly Interval[], one: number) => some.some((each) => contains(each, one));

it('covers the same numbers', () => {
  fc.assert(
    fc.property(intervals, number, (some, one) => {
      expect(covers(merged(some), one)).toBe(covers(some, one));
    }),
  );
});

it('gives intervals that lie apart, in ascending order', () => {
  fc.assert(
    fc.property(intervals, (some) => {
      const found = merged(some);
      for (const [index, each] of found.slice(1).entries()) {
        expect(each.start).toBeGreaterThan(found[index]?.end ?? Number.NaN);
      }
      expect(merged(found)).toEqual(found);
    }),
  );
});
