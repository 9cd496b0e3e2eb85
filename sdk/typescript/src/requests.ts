import { type JsonObject, objectOf } from './json.js';
import type { Endpoint } from './options.js';

/** What OpenAI's client asks, before anybody is chosen to answer it. */
export interface Asked {
  /** Behind the base URL, with its query. */
  readonly path: string;
  readonly init: RequestInit;
  readonly headers: Headers;
  /** The body where it is a JSON object. */
  readonly document: JsonObject | undefined;
  readonly streamed: boolean;
}

// What needs nothing that a server has kept from an earlier request.
const anywhere =
  /^\/(chat\/completions|completions|responses|embeddings|moderations|models|audio\/\w+|images\/\w+)$/;

/**
 * Reads a request of OpenAI's client.
 *
 * Throws a TypeError where it does not go to `base`: keys are for their endpoints alone.
 */
export function asked(url: string, init: RequestInit, base: string): Asked {
  if (!url.startsWith(`${base}/`)) {
    throw new TypeError(`${url} is none of the endpoints: paths begin behind ${base}.`);
  }
  const { body } = init;
  const document = typeof body === 'string' ? objectOf(body) : undefined;
  const form = body instanceof FormData ? body.get('stream') === 'true' : false;
  return {
    path: url.slice(base.length),
    init,
    headers: new Headers(init.headers),
    document,
    streamed: document?.stream === true || form,
  };
}

/** Whether any endpoint can answer, or only the one that keeps what is asked about. */
export function answerableAnywhere({ path, init, document }: Asked): boolean {
  const known = init.method !== 'DELETE' && anywhere.test(path.replace(/\?.*$/, ''));
  return known && !document?.previous_response_id && !document?.conversation;
}

/** Whether the request can be sent again: a body that is a stream is used up by the first try. */
export function repeatable({ init: { body } }: Asked): boolean {
  return !(typeof body === 'object' && body !== null && Symbol.asyncIterator in body);
}

/** The request as one endpoint gets it: its address, its key, its name of the model. */
export function requestFor(
  endpoint: Endpoint,
  { path, init, headers: given, document }: Asked,
): { url: string; init: RequestInit } {
  const headers = new Headers(given);
  headers.delete('authorization');
  if (endpoint.apiKey !== undefined) {
    headers.set('authorization', `Bearer ${endpoint.apiKey}`);
  }
  if (endpoint.kind === 'provider') {
    for (const name of [...headers.keys()].filter((each) => each.startsWith('x-ql-'))) {
      headers.delete(name);
    }
  }
  const body = named(endpoint.models, init.body ?? null, document);
  // A redirect would take the key and the question somewhere else.
  return { url: endpoint.baseURL + path, init: { ...init, headers, body, redirect: 'manual' } };
}

function named(
  models: Endpoint['models'],
  body: BodyInit | null,
  document: Asked['document'],
): BodyInit | null {
  const wanted = body instanceof FormData ? body.get('model') : document?.model;
  const model = typeof wanted === 'string' && Object.hasOwn(models, wanted) && models[wanted];
  if (!model) {
    return body;
  }
  if (!(body instanceof FormData)) {
    return JSON.stringify({ ...document, model });
  }
  const form = new FormData();
  for (const [name, value] of body) {
    form.append(name, name === 'model' ? model : value);
  }
  return form;
}
