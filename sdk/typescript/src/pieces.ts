import { BrokenAnswer } from './errors.js';
import { serverEvents } from './events.js';
import { connectionProblem } from './failures.js';
import type { TimeLimit } from './limit.js';
import { readerOf, type StreamedError } from './meanings.js';
import type { Endpoint } from './options.js';

/** Whose answer it is, to what, and how long it may take. */
export interface Expected {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly limit: TimeLimit;
  /** Called with the reason when the answer breaks off after it has begun. */
  readonly broke: (reason: string) => void;
}

/** One event of an answer. */
export interface Piece {
  readonly raw: string;
  /** Whether the answer has begun with it or before. */
  readonly begun: boolean;
  /** Why there is no answer: it comes before anything has begun, and as the last piece. */
  readonly error?: StreamedError;
}

/**
 * A streamed answer, event by event. Comments are left out: they show a connection, not progress.
 *
 * Throws BrokenAnswer where it breaks off after it has begun, and what the connection threw before.
 */
export async function* piecesOf(
  body: ReadableStream<Uint8Array>,
  { endpoint, path, limit, broke }: Expected,
): AsyncGenerator<Piece, void> {
  const read = readerOf(path);
  let begun = false;
  let ended = false;
  let received = '';
  let blameless = false;
  try {
    for await (const { raw, data } of serverEvents(body)) {
      if (!data) {
        continue;
      }
      const meaning = read?.(data);
      if (meaning?.error && begun) {
        blameless = !meaning.error.kind;
        throw new Error(meaning.error.message);
      }
      begun ||= meaning?.begun ?? true;
      ended ||= meaning?.ended ?? false;
      received += meaning?.text ?? '';
      if (begun) {
        limit.pause();
      }
      yield meaning?.error ? { raw, begun, error: meaning.error } : { raw, begun };
      if (begun) {
        limit.within(endpoint.limits.silenceSeconds, 'further event');
      }
    }
    if (read && !ended) {
      throw new Error('it ended without an end');
    }
  } catch (error) {
    if (ended) {
      return;
    }
    const callers = limit.signal.aborted && limit.expired === undefined;
    if (!begun || callers) {
      throw error;
    }
    const reason = problemOf(error, limit);
    if (!blameless) {
      broke(reason);
    }
    throw new BrokenAnswer(endpoint.name, received, reason);
  } finally {
    limit.over();
  }
}

/** Why no more came, in a few words. */
export function problemOf(error: unknown, limit: TimeLimit): string {
  return limit.expired ?? connectionProblem(error);
}
