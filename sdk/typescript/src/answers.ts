import { type Failure, kindOfStatus } from './failures.js';
import { objectOf } from './json.js';
import type { TimeLimit } from './limit.js';
import { errorOf } from './meanings.js';
import type { Endpoint } from './options.js';
import { type Expected, type Piece, piecesOf } from './pieces.js';
import { retryAfter } from './retry-after.js';

/** What one try came to; a failure may have come as an answer. */
export type Outcome =
  | { readonly response: Response; readonly failure?: undefined }
  | { readonly response?: Response; readonly failure: Failure };

/**
 * Reads an answer as far as is needed to know whether it is one: whole, or until its first content.
 *
 * Rejects where the connection breaks before that.
 */
export async function outcomeOf(response: Response, expected: Expected): Promise<Outcome> {
  const type = response.headers.get('content-type') ?? '';
  if (response.ok && response.body && type.startsWith('text/event-stream')) {
    return streamed(response, response.body, expected);
  }
  if (response.ok && !/json|^text\//.test(type)) {
    // A sound or a picture: its caller may still end it.
    expected.limit.pause();
    return { response: answer(response, response.body, expected.endpoint) };
  }
  const text = await response.text();
  expected.limit.over();
  const document = objectOf(text);
  const error = errorOf(document?.error);
  // An answer may carry an `error` that is null; an error under status 200 carries nothing else.
  const inside = response.ok && !document?.object ? error : undefined;
  const after = retryAfter(response.headers, Date.now());
  const kind = inside ? inside.kind : kindOfStatus(response.status, after);
  const given = answer(response, empty.has(response.status) ? null : text, expected.endpoint);
  if (!kind) {
    return { response: given };
  }
  const { status } = response;
  const message = `${status} ${error?.message ?? response.statusText}`.trim();
  const told = after === undefined ? {} : { retryAfterSeconds: after };
  return {
    response: given,
    failure: { endpoint: expected.endpoint.name, kind, status, message, ...told },
  };
}

// Statuses whose answers have no body.
const empty = new Set([204, 205, 304]);

async function streamed(
  response: Response,
  body: ReadableStream<Uint8Array>,
  expected: Expected,
): Promise<Outcome> {
  const { endpoint, limit } = expected;
  const pieces = piecesOf(body, expected);
  const held: string[] = [];
  for (;;) {
    const { value, done } = await pieces.next();
    held.push(value?.raw ?? '');
    if (value?.error) {
      await pieces.return();
      const { kind, message } = value.error;
      const given = answer(response, held.join(''), endpoint);
      return kind
        ? { response: given, failure: { endpoint: endpoint.name, kind, message } }
        : { response: given };
    }
    if (done || value.begun) {
      return { response: answer(response, streamOf(held.join(''), pieces, limit), endpoint) };
    }
  }
}

function streamOf(
  held: string,
  pieces: AsyncGenerator<Piece, void>,
  limit: TimeLimit,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(encoder.encode(held)),
      pull: async (controller) => {
        const { value, done } = await pieces.next();
        return done ? controller.close() : controller.enqueue(encoder.encode(value.raw));
      },
      cancel: () => limit.end(),
    },
    // What is read ahead would be lost with the error that follows it.
    { highWaterMark: 0 },
  );
}

/** The answer as OpenAI's client gets it, with the name of who gave it. */
function answer(
  { status, statusText, headers: given }: Response,
  body: BodyInit | null,
  { name }: Endpoint,
): Response {
  const headers = new Headers(given);
  // They were true of the body as it came over the wire.
  headers.delete('content-encoding');
  headers.delete('content-length');
  headers.set('x-ql-endpoint', name);
  return new Response(body, { status, statusText, headers });
}
