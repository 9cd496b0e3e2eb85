import { type Failure, rests } from './failures.js';

/** Milliseconds before one endpoint is asked the same again; doubled with each further time. */
const backoff = 500;

/** How often each endpoint was asked for one answer, and when it may be asked again. */
export class Tries {
  readonly #tries = new Map<string, Tried>();

  /** Of one endpoint; times are milliseconds since 1970. */
  of(endpoint: string): Tried {
    return this.#tries.get(endpoint) ?? { count: 0, notBefore: 0 };
  }

  /** An endpoint failed at `now`. */
  failed({ endpoint, kind, retryAfterSeconds = 0 }: Failure, now: number): void {
    const { count } = this.of(endpoint);
    const pause = (0.75 + Math.random() / 2) * backoff * 2 ** count;
    this.#tries.set(endpoint, {
      count: count + this.#used(kind),
      notBefore: now + Math.max(pause, retryAfterSeconds * 1000),
    });
  }

  #used(kind: Failure['kind']): number {
    if (rests[kind] === 'long') {
      // Asking again with a key that was refused is of no use.
      return Number.POSITIVE_INFINITY;
    }
    // An answer that is still being made was asked for only once.
    return kind === 'in_progress' ? 0 : 1;
  }
}

interface Tried {
  readonly count: number;
  readonly notBefore: number;
}
