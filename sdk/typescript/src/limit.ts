/** A time limit over a request, and its caller's own wish to end it: one signal, told apart. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | null;
  readonly #stop = () => this.#controller.abort(this.#caller?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #expired: string | undefined;

  constructor(caller: AbortSignal | null) {
    this.#caller = caller;
    caller?.addEventListener('abort', this.#stop, { once: true });
    if (caller?.aborted) {
      this.#stop();
    }
  }

  /** Ends the request when the time is over or its caller wants it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What did not happen in time; undefined where the limit ended nothing. */
  get expired(): string | undefined {
    return this.#expired;
  }

  /** Begins anew: `what` must happen within so many seconds. */
  within(seconds: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#expired = `no ${what} within ${seconds} s`;
      this.#controller.abort(new Error(this.#expired));
    }, seconds * 1000);
  }

  /** The time stands still until `within` is called again. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the request: nobody wants the rest of its answer. */
  end(): void {
    this.#controller.abort();
    this.over();
  }

  /** Nothing more is waited for. */
  over(): void {
    this.pause();
    this.#caller?.removeEventListener('abort', this.#stop);
  }
}

/** Waits so many milliseconds; rejects with the reason of `signal` when that comes first. */
export function sleep(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) {
      stop();
    }
  });
}
