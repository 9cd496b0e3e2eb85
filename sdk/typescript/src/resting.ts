import { type Failure, rests } from './failures.js';

const first = 5_000;
const longest = 60_000;

/** How an endpoint rests; times are milliseconds since 1970. */
export interface Rest {
  /** Until then others are asked first. */
  readonly until: number;
  /** Until then it is not asked at all: it said so itself. */
  readonly notBefore: number;
}

interface State extends Rest {
  readonly failures: number;
  readonly since: number;
}

const well: State = { until: 0, notBefore: 0, failures: 0, since: 0 };

/** Which endpoints failed lately and are better left alone for a while. */
export class Resting {
  readonly #states = new Map<string, State>();

  /** How an endpoint rests; in the past where it does not. */
  of(endpoint: string): Rest {
    return this.#states.get(endpoint) ?? well;
  }

  /** An endpoint answered: whatever was, it is well. */
  answered(endpoint: string): void {
    this.#states.delete(endpoint);
  }

  /** An endpoint failed with a request that was sent at `sent`. */
  failed({ endpoint, kind, retryAfterSeconds }: Failure, sent: number, now: number): void {
    const rest = rests[kind];
    if (rest === 'never') {
      return;
    }
    const before = this.#states.get(endpoint) ?? well;
    // Of many requests that fail together, one counts.
    const counts = sent >= before.since;
    const failures = before.failures + (counts ? 1 : 0);
    const told = rest === 'as_told' && retryAfterSeconds !== undefined;
    const grown = Math.min(longest, first * 2 ** (failures - 1));
    const until = now + (told ? retryAfterSeconds * 1000 : rest === 'long' ? longest : grown);
    this.#states.set(endpoint, {
      failures,
      since: counts ? now : before.since,
      until: Math.max(before.until, until),
      notBefore: Math.max(before.notBefore, told ? until : 0),
    });
  }
}
