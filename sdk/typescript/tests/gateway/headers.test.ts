import { describe, expect, it } from 'vitest';
import { answeredBy, purpose } from '../../src/index.js';
import { clientOf, whole } from './asking.js';
import { key, servers } from './servers.js';

const gateway = { name: 'gateway', baseURL: servers.gateway, apiKey: key };

describe('the headers of a gateway', () => {
  it('say that an answer came from its cache', async () => {
    const { client } = clientOf({ gateways: [gateway] });
    const first = answeredBy((await whole(client, 'cached')).response);
    const second = answeredBy((await whole(client, 'cached')).response);
    expect([first.cache, first.repeated]).toEqual(['miss', false]);
    expect([second.cache, second.repeated]).toEqual(['hit', true]);
    expect(first.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.requestId).not.toBe(first.requestId);
  });

  it('say that an answer was given before under its idempotency key', async () => {
    const { client } = clientOf({ gateways: [gateway] });
    const once = { 'Idempotency-Key': 'once', 'X-QL-Cache': 'off' };
    const first = await whole(client, 'fast', once);
    const second = await whole(client, 'fast', once);
    expect(second.text).toBe(first.text);
    expect(answeredBy(first.response).repeated).toBe(false);
    expect(answeredBy(second.response).repeated).toBe(true);
  });

  it('take what a call is for', async () => {
    const { client } = clientOf({
      gateways: [gateway],
      openai: { defaultHeaders: purpose({ run: 'sdk-run' }) },
    });
    await whole(client, 'fast', purpose({ file: 'src/a.ts' }));
  });
});
