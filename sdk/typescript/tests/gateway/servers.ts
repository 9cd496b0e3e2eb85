/**
 * The servers that `tests/sdk/test_typescript.py` starts: two gateways, a third that a test may
 * kill, two servers of models that are asked directly, and an address where nobody listens.
 */
export const servers = {
  gateway: variable('GATEWAY'),
  otherGateway: variable('OTHER_GATEWAY'),
  mortalGateway: variable('MORTAL_GATEWAY'),
  /** The one behind the gateways. */
  provider: variable('PROVIDER'),
  troubled: variable('TROUBLED'),
  sound: variable('SOUND'),
  nobody: variable('NOBODY'),
} as const;

/** A key that the gateways know, and one that they allow a single request a minute. */
export const key = variable('KEY');
export const slowKey = variable('SLOW_KEY');

/** Ends the third gateway, at once. */
export function killGateway(): void {
  process.kill(Number(variable('MORTAL_PID')), 'SIGKILL');
}

/** What a server of models was asked for a model, in order. */
export async function requestsOf(baseURL: string, model: string): Promise<Recorded[]> {
  const response = await fetch(new URL('/requests', baseURL));
  const all = (await response.json()) as Recorded[];
  return all.filter(({ body }) => body.model === model);
}

interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

function variable(name: string): string {
  const value = process.env[`QL_SDK_${name}`];
  if (!value) {
    throw new Error(`QL_SDK_${name} is not set: run pytest tests/sdk, which starts the servers.`);
  }
  return value;
}
