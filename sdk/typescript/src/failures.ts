/** What went wrong with one endpoint, where another one may do better. */
export type FailureKind =
  | 'connection'
  | 'silence'
  | 'rate_limited'
  | 'server_error'
  | 'key_refused'
  | 'in_progress';

/** One endpoint's failure to answer. */
export interface Failure {
  readonly endpoint: string;
  readonly kind: FailureKind;
  readonly message: string;
  /** HTTP's, where there was an answer. */
  readonly status?: number;
  /** When the endpoint wants to be asked again. */
  readonly retryAfterSeconds?: number;
}

/**
 * How an endpoint rests after a failure: `as_told` by its Retry-After or else growing; `growing`
 * with each failure in a row; `long`, because waiting alone does not mend it; `never`, because the
 * failure says nothing about other requests.
 */
export type Rest = 'as_told' | 'growing' | 'long' | 'never';

/** What follows for an endpoint from each kind of failure. */
export const rests: Readonly<Record<FailureKind, Rest>> = {
  connection: 'growing',
  silence: 'growing',
  rate_limited: 'as_told',
  server_error: 'as_told',
  key_refused: 'long',
  in_progress: 'never',
};

/**
 * The kind of failure that a status is, undefined where it is an answer or the caller's own error,
 * which would be the same everywhere. A budget that is spent (402) is nothing to get around.
 */
export function kindOfStatus(status: number, retryAfter?: number): FailureKind | undefined {
  if (status === 401) {
    // Every endpoint has a key of its own.
    return 'key_refused';
  }
  if (status === 409 && retryAfter !== undefined) {
    // The first request under this Idempotency-Key is still being answered.
    return 'in_progress';
  }
  if (status === 429) {
    return 'rate_limited';
  }
  return status === 408 || status >= 500 ? 'server_error' : undefined;
}

const callers = /invalid|content|context|policy|not_found|permission|quota/;

/** The kind of failure that an error inside an answer is; undefined where it is the caller's own. */
export function kindOfError(type: string, code: string | number | null): FailureKind | undefined {
  if (typeof code === 'number' && code >= 400) {
    return kindOfStatus(code);
  }
  const words = `${type} ${code ?? ''}`;
  if (/rate_limit|overloaded/.test(words)) {
    return 'rate_limited';
  }
  return callers.test(words) ? undefined : 'server_error';
}

// None of these sentences may say "timeout" or "timed out": OpenAI's client would take the whole
// error for a time limit of its own and drop what else it says.
const connections: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'its host has no address',
  EAI_AGAIN: 'its host could not be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about',
  UND_ERR_SOCKET: 'the connection was closed',
};

/** What became of a connection, in a few words. */
export function connectionProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const said =
    connections[code] ?? (code || (cause instanceof Error ? cause.message : 'it failed'));
  return /timed? ?out/i.test(said) ? 'nothing came' : said;
}
