import type { Endpoint } from './options.js';

/** One endpoint as it stands in the course of one request; times are milliseconds since 1970. */
export interface Candidate {
  readonly endpoint: Endpoint;
  /** How often it was asked already. */
  readonly tries: number;
  /** When it may be asked. */
  readonly notBefore: number;
  /** Whether it failed lately with other requests: it comes after those that did not. */
  readonly avoided: boolean;
}

/** Who is asked next, and after how many milliseconds. */
export interface Turn {
  readonly endpoint: Endpoint;
  readonly wait: number;
}

/**
 * The next turn of a request; undefined where nobody is left, or nobody soon enough.
 *
 * @param candidates In the order of preference.
 * @param patience How many milliseconds may still be waited.
 */
export function nextTurn(
  candidates: readonly Candidate[],
  now: number,
  patience: number,
): Turn | undefined {
  const due = candidates.filter(({ notBefore }) => notBefore <= now);
  const [best] = due.toSorted(
    (one, other) => one.tries - other.tries || Number(one.avoided) - Number(other.avoided),
  );
  if (best) {
    return { endpoint: best.endpoint, wait: 0 };
  }
  const [soonest] = candidates.toSorted((one, other) => one.notBefore - other.notBefore);
  const wait = (soonest?.notBefore ?? 0) - now;
  return soonest && wait <= patience ? { endpoint: soonest.endpoint, wait } : undefined;
}
