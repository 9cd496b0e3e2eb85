import { NoEndpointAnswered } from './errors.js';
import type { Failure } from './failures.js';
import { sleep } from './limit.js';
import { atLeast, type Endpoint, type FallbackOptions } from './options.js';
import { type Asked, answerableAnywhere, asked, repeatable } from './requests.js';
import { Resting } from './resting.js';
import { Tries } from './tries.js';
import { tried } from './trying.js';
import { type Candidate, nextTurn, type Turn } from './turns.js';

/** What OpenAI's client calls for each request. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that asks endpoints in turn until one answers.
 *
 * Where none does, it gives the last error that came as an answer, so that OpenAI's client throws
 * what it always throws; where nobody said anything, it rejects with NoEndpointAnswered.
 *
 * @param base The base URL that requests come with; endpoints have their own.
 */
export function fallbackFetch(
  endpoints: readonly Endpoint[],
  base: string,
  options: FallbackOptions,
): Fetch {
  const attempts = atLeast('attempts', options.attempts ?? 2, 1);
  const patience = atLeast('patienceSeconds', options.patienceSeconds ?? 20, 0) * 1000;
  const shared = { attempts, patience, resting: new Resting(), onFallback: options.onFallback };
  return (input, init = {}) => {
    const request = asked(String(input), init, base);
    if (options.idempotent && init.method === 'POST' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID());
    }
    const who =
      answerableAnywhere(request) && repeatable(request) ? endpoints : endpoints.slice(0, 1);
    return new Asking(request, who, shared).answered();
  };
}

interface Shared {
  readonly attempts: number;
  readonly patience: number;
  readonly resting: Resting;
  readonly onFallback: FallbackOptions['onFallback'];
}

/** One request on its way through the endpoints. */
class Asking {
  readonly #tries = new Tries();
  readonly #failures: Failure[] = [];
  readonly #attempts: number;
  #patience: number;
  #last: Response | undefined;

  constructor(
    readonly request: Asked,
    readonly endpoints: readonly Endpoint[],
    readonly shared: Shared,
  ) {
    this.#attempts = repeatable(request) ? shared.attempts : 1;
    this.#patience = shared.patience;
  }

  async answered(): Promise<Response> {
    for (;;) {
      const now = Date.now();
      const turn = nextTurn(this.#candidates(now), now, this.#patience);
      if (!turn) {
        return this.#givenUp(now);
      }
      await this.#turnTo(turn);
      const sent = Date.now();
      const rest = (each: Failure) => this.shared.resting.failed(each, sent, Date.now());
      const { response, failure } = await tried(turn.endpoint, this.request, rest);
      if (!failure) {
        this.shared.resting.answered(turn.endpoint.name);
        return response;
      }
      this.#failures.push(failure);
      this.#last = response ?? this.#last;
      this.#tries.failed(failure, Date.now());
      rest(failure);
    }
  }

  async #turnTo({ endpoint, wait }: Turn): Promise<void> {
    const failure = this.#failures.at(-1);
    if (failure) {
      this.shared.onFallback?.({ failure, next: endpoint.name, waitSeconds: wait / 1000 });
    }
    if (wait) {
      this.#patience -= wait;
      await sleep(wait, this.request.init.signal ?? null);
    }
  }

  #candidates(now: number): Candidate[] {
    return this.endpoints
      .map((endpoint) => {
        const { count, notBefore } = this.#tries.of(endpoint.name);
        const rest = this.shared.resting.of(endpoint.name);
        return {
          endpoint,
          tries: count,
          notBefore: Math.max(notBefore, rest.notBefore),
          avoided: rest.until > now,
        };
      })
      .filter(({ tries }) => tries < this.#attempts);
  }

  #givenUp(now: number): Response {
    if (this.#last) {
      return this.#last;
    }
    throw new NoEndpointAnswered(
      this.#failures.length
        ? this.#failures
        : this.#candidates(now).map((each) => later(each, now)),
    );
  }
}

/** Why somebody was not asked at all. */
function later({ endpoint: { name }, notBefore }: Candidate, now: number): Failure {
  const seconds = Math.ceil((notBefore - now) / 1000);
  const message = `it wants to be asked again in ${seconds} s`;
  return { endpoint: name, kind: 'rate_limited', message, retryAfterSeconds: seconds };
}
