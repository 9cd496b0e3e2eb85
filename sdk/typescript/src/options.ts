import type { Failure } from './failures.js';

/**
 * How long an endpoint may take, in seconds. A gateway has longer unless told otherwise, since it
 * turns to the next of its own providers within that time.
 */
export interface Limits {
  /** Until the first content of a streamed answer: 300 for a gateway, 120 for a provider. */
  readonly firstSeconds: number;
  /** Between two events of an answer that has begun: 180 and 90. */
  readonly silenceSeconds: number;
  /** Until an answer in one piece is there: 300, which is Node's own limit as well. */
  readonly wholeSeconds: number;
}

/** A server that speaks OpenAI's protocol. */
export interface EndpointOptions {
  /** Where its paths begin, such as `http://127.0.0.1:8402/v1`. */
  readonly baseURL: string;
  /** Sent to this endpoint alone; leave it out where a server wants none. */
  readonly apiKey?: string;
  /** How it is called in answers and failures; its host and port unless told otherwise. */
  readonly name?: string;
  /** What models are called here, by the name that is asked for; other names pass unchanged. */
  readonly models?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
}

/** An endpoint failed, and the next one will be asked. */
export interface Fallback {
  readonly failure: Failure;
  /** Who is asked next, which is the same endpoint where it is tried again. */
  readonly next: string;
  /** How long is waited before that. */
  readonly waitSeconds: number;
}

/** Who is asked, in which order, and how patiently. */
export interface FallbackOptions {
  /** QuantumLayer gateways, in the order in which they are asked. */
  readonly gateways?: readonly EndpointOptions[];
  /** Who is asked after all gateways; they learn nothing of `X-QL-…` headers. */
  readonly providers?: readonly EndpointOptions[];
  /** For every endpoint that has none of its own. */
  readonly limits?: Partial<Limits>;
  /** How often one endpoint is asked for one answer: 2 unless told otherwise. */
  readonly attempts?: number;
  /** How long is waited in all for one answer, where everybody wants to be asked later: 20. */
  readonly patienceSeconds?: number;
  /** Gives every POST without an `Idempotency-Key` one of its own; see the README. */
  readonly idempotent?: boolean;
  /** Called before the next endpoint is asked. */
  readonly onFallback?: (fallback: Fallback) => void;
}

/** An endpoint with everything decided. */
export interface Endpoint {
  readonly kind: 'gateway' | 'provider';
  readonly name: string;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly models: Readonly<Record<string, string>>;
  readonly limits: Limits;
}

const usual: Readonly<Record<Endpoint['kind'], Limits>> = {
  gateway: { firstSeconds: 300, silenceSeconds: 180, wholeSeconds: 300 },
  provider: { firstSeconds: 120, silenceSeconds: 90, wholeSeconds: 300 },
};

/**
 * All endpoints in the order in which they are asked.
 *
 * Throws a TypeError or RangeError that says what is wrong with the options.
 */
export function endpointsOf(options: FallbackOptions): readonly [Endpoint, ...Endpoint[]] {
  const [first, ...others] = [
    ...(options.gateways ?? []).map((each) => endpoint('gateway', each, options)),
    ...(options.providers ?? []).map((each) => endpoint('provider', each, options)),
  ];
  if (!first) {
    throw new TypeError('Nobody can be asked: give at least one of gateways and providers.');
  }
  const endpoints = [first, ...others] as const;
  const names = endpoints.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) {
    throw new TypeError(`Two endpoints are called ${twice}: give each a name of its own.`);
  }
  return endpoints;
}

function endpoint(
  kind: Endpoint['kind'],
  { baseURL, apiKey, name, models = {}, limits }: EndpointOptions,
  shared: FallbackOptions,
): Endpoint {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    throw new TypeError(`${baseURL} is no base URL: it looks like https://host/v1.`);
  }
  const called = name ?? url.host;
  if (!/^[\x21-\x7e]+$/.test(called)) {
    throw new TypeError(`An endpoint cannot be called "${called}": use letters, digits and signs.`);
  }
  return {
    kind,
    name: called,
    baseURL: baseURL.replace(/\/+$/, ''),
    apiKey,
    models,
    limits: checked({ ...usual[kind], ...shared.limits, ...limits }),
  };
}

function checked(limits: Limits): Limits {
  for (const [name, seconds] of Object.entries(limits)) {
    atLeast(name, seconds, Number.MIN_VALUE);
  }
  return limits;
}

/** The number itself. Throws a RangeError with its name where it is less than `least`. */
export function atLeast(name: string, number: number, least: number): number {
  if (!(number >= least)) {
    throw new RangeError(`${name} cannot be ${number}.`);
  }
  return number;
}
