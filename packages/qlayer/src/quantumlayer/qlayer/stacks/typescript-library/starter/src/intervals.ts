/** All numbers from `start` to `end`, both of them included. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** An interval. Throws a RangeError for one that ends before it starts. */
export function interval(start: number, end: number): Interval {
  if (!(start <= end)) {
    throw new RangeError(`An interval cannot end at ${end} and start at ${start}.`);
  }
  return { start, end };
}

/** Whether a number lies in an interval. */
export function contains({ start, end }: Interval, number: number): boolean {
  return start <= number && number <= end;
}

/**
 * The fewest intervals that cover the same numbers, in ascending order.
 *
 * Those that overlap or share an end become one. Takes O(n log n) time.
 */
export function merged(intervals: Iterable<Interval>): Interval[] {
  const found: Interval[] = [];
  for (const each of [...intervals].sort((one, other) => one.start - other.start)) {
    const last = found.at(-1);
    if (last && contains(last, each.start)) {
      found[found.length - 1] = { start: last.start, end: Math.max(last.end, each.end) };
    } else {
      found.push(each);
    }
  }
  return found;
}
