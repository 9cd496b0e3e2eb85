import OpenAI, { type ClientOptions } from 'openai';
import { fallbackFetch } from './fallback.js';
import { endpointsOf, type FallbackOptions } from './options.js';

/** What of OpenAI's own options may be set: all that does not decide who is asked. */
export type OpenAIOptions = Pick<
  ClientOptions,
  | 'dangerouslyAllowBrowser'
  | 'defaultHeaders'
  | 'defaultQuery'
  | 'fetchOptions'
  | 'logLevel'
  | 'logger'
  | 'timeout'
>;

/** How a client is made. */
export interface Options extends FallbackOptions {
  /** OpenAI's own options; `timeout` is in milliseconds and over all endpoints together. */
  readonly openai?: OpenAIOptions;
}

/**
 * OpenAI's client, answered by the first of several endpoints that can.
 *
 * It tries again by itself, so OpenAI's own retries are off. Throws a TypeError or RangeError
 * where the options are wrong.
 */
export function createClient(options: Options): OpenAI {
  const endpoints = endpointsOf(options);
  const [{ baseURL, apiKey }] = endpoints;
  return new OpenAI({
    ...options.openai,
    baseURL,
    apiKey: apiKey ?? 'none',
    // Whatever account the environment names, it is not these endpoints'.
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    fetch: fallbackFetch(endpoints, baseURL, options),
  });
}

/**
 * The headers that say what a call is for; they stand in the gateway's audit.
 *
 * For `defaultHeaders`, or for the `headers` of one request.
 */
export function purpose({ run, file }: { run?: string; file?: string }): Record<string, string> {
  return {
    ...(run === undefined ? {} : { 'X-QL-Run': run }),
    ...(file === undefined ? {} : { 'X-QL-File': file }),
  };
}
