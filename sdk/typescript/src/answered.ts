/** What the headers of an answer tell of how it came about. */
export interface Answered {
  /** The name of the endpoint that answered; undefined for an answer of another client. */
  readonly endpoint: string | undefined;
  /** The gateway's id of the call, as in its logs and its audit. */
  readonly requestId: string | undefined;
  /** The gateway's `X-QL-Cache`: `hit`, `miss`, `off` or `unavailable`. */
  readonly cache: string | undefined;
  /** Whether it was given before, from the cache or under its idempotency key. */
  readonly repeated: boolean;
}

/**
 * Who answered, and how, by the headers of an answer.
 *
 * ```ts
 * const { data, response } = await client.chat.completions.create(asked).withResponse();
 * answeredBy(response).endpoint;
 * ```
 */
export function answeredBy({ headers }: { readonly headers: Headers }): Answered {
  return {
    endpoint: headers.get('x-ql-endpoint') ?? undefined,
    requestId: headers.get('x-request-id') ?? undefined,
    cache: headers.get('x-ql-cache') ?? undefined,
    repeated: headers.has('x-ql-repeated') || headers.has('idempotency-replayed'),
  };
}
