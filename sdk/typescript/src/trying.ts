import { type Outcome, outcomeOf } from './answers.js';
import type { Failure } from './failures.js';
import { TimeLimit } from './limit.js';
import type { Endpoint } from './options.js';
import { problemOf } from './pieces.js';
import { type Asked, requestFor } from './requests.js';

/**
 * Asks one endpoint once. Rejects where the caller ends it.
 *
 * @param broke Called when an answer that has begun breaks off, which may be much later.
 */
export async function tried(
  endpoint: Endpoint,
  request: Asked,
  broke: (failure: Failure) => void,
): Promise<Outcome> {
  const caller = request.init.signal ?? null;
  const limit = new TimeLimit(caller);
  const failure = (message: string): Failure => ({
    endpoint: endpoint.name,
    kind: limit.expired === undefined ? 'connection' : 'silence',
    message,
  });
  const { firstSeconds, wholeSeconds } = endpoint.limits;
  if (request.streamed) {
    limit.within(firstSeconds, 'content');
  } else {
    limit.within(wholeSeconds, 'answer');
  }
  try {
    const { url, init } = requestFor(endpoint, request);
    const response = await fetch(url, { ...init, signal: limit.signal });
    return await outcomeOf(response, {
      endpoint,
      path: request.path,
      limit,
      broke: (reason) => broke(failure(reason)),
    });
  } catch (error) {
    limit.over();
    if (caller?.aborted) {
      throw error;
    }
    return { failure: failure(problemOf(error, limit)) };
  }
}
