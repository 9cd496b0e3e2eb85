import { setTimeout } from 'node:timers/promises';
import OpenAI, { APIConnectionError, AuthenticationError, RateLimitError } from 'openai';
import { describe, expect, it } from 'vitest';
import { answeredBy, NoEndpointAnswered } from '../../src/index.js';
import { clientOf, rejection, streamed, whole } from './asking.js';
import { key, requestsOf, servers, slowKey } from './servers.js';

const gateway = { name: 'gateway', baseURL: servers.gateway, apiKey: key };
const other = { name: 'other', baseURL: servers.otherGateway, apiKey: key };
const nobody = { name: 'nobody', baseURL: servers.nobody };
const troubled = { name: 'troubled', baseURL: servers.troubled, apiKey: 'sk-troubled' };
const sound = { name: 'sound', baseURL: servers.sound, apiKey: 'sk-sound' };

describe('without trouble', () => {
  it('the first gateway answers, whole and streamed, and the client is OpenAI’s', async () => {
    const { client, told } = clientOf({ gateways: [gateway, other], providers: [sound] });
    expect(client).toBeInstanceOf(OpenAI);
    const { text, response } = await whole(client, 'fast');
    expect([text, answeredBy(response).endpoint]).toEqual(['Hello, Ada.', 'gateway']);
    expect(await streamed(client, 'fast')).toBe('Hello, Ada.');
    expect(told).toEqual([]);
  });

  it('responses stream and models are listed as well', async () => {
    const { client } = clientOf({ gateways: [nobody, gateway] });
    const stream = client.responses.stream({ model: 'fast', input: 'Hello' });
    expect((await stream.finalResponse()).output_text).toBe('Hello, Ada.');
    const names = (await client.models.list()).data.map(({ id }) => id);
    expect(names).toContain('fast');
  });
});

describe('the next endpoint answers', () => {
  it.each(['whole', 'streamed'])('where nobody listens: %s', async (form) => {
    const { client, told } = clientOf({ gateways: [nobody, gateway] });
    const text =
      form === 'whole' ? (await whole(client, 'fast')).text : await streamed(client, 'fast');
    expect(text).toBe('Hello, Ada.');
    expect(told).toEqual(['nobody: connection > gateway']);
  });

  it('and who failed lately is not asked again for now', async () => {
    const { client, told } = clientOf({ gateways: [{ ...gateway, apiKey: 'ql_no' }, other] });
    await whole(client, 'fast');
    await whole(client, 'fast');
    expect(told).toHaveLength(1);
  });

  it.each([
    ['refuses-key', 'key_refused'],
    ['overloaded', 'server_error'],
    ['html', 'server_error'],
    ['drops', 'connection'],
    ['error-inside', 'server_error'],
  ])('where a server does this: %s', async (model, kind) => {
    const { client, told } = clientOf({ providers: [troubled, sound] });
    expect((await whole(client, model)).text).toBe('The sound one.');
    expect(told).toEqual([`troubled: ${kind} > sound`]);
  });

  it.each([
    ['error-first', 'rate_limited'],
    ['ends-early', 'connection'],
    ['breaks-early', 'connection'],
    ['silent', 'silence'],
  ])('where a stream begins with this: %s', async (model, kind) => {
    const limits = model === 'silent' ? { firstSeconds: 0.5 } : {};
    const { client, told } = clientOf({ providers: [{ ...troubled, limits }, sound] });
    expect(await streamed(client, model)).toBe('The sound one.');
    expect(told).toEqual([`troubled: ${kind} > sound`]);
  });

  it('where a gateway has no more room for a key, and a provider is told no word of ours', async () => {
    const { client, told } = clientOf({
      gateways: [{ ...gateway, apiKey: slowKey }],
      providers: [{ ...sound, models: { fast: 'their-name' } }],
      openai: { defaultHeaders: { 'X-QL-Run': 'r0', 'X-QL-Cache': 'off' } },
    });
    expect((await whole(client, 'fast')).text).toBe('Hello, Ada.');
    expect((await whole(client, 'fast')).text).toBe('The sound one.');
    expect(told).toEqual(['gateway: rate_limited > sound']);
    const [request] = await requestsOf(servers.sound, 'their-name');
    expect(request?.headers.authorization).toBe('Bearer sk-sound');
    expect(request?.headers).not.toHaveProperty('x-ql-run');
  });

  it('where a gateway does not know the key', async () => {
    const { client, told } = clientOf({ gateways: [{ ...gateway, apiKey: 'ql_no' }, other] });
    const { response } = await whole(client, 'fast');
    expect(answeredBy(response).endpoint).toBe('other');
    expect(told).toEqual(['gateway: key_refused > other']);
  });

  it('and behind a gateway its next provider does, unnoticed', async () => {
    const { client, told } = clientOf({ gateways: [gateway, other] });
    expect(await streamed(client, 'switching')).toBe('The second provider.');
    expect(told).toEqual([]);
  });
});

describe('an endpoint is asked again', () => {
  it('when it said so, under the same idempotency key', async () => {
    const { client, told } = clientOf({ providers: [troubled], idempotent: true });
    const begun = Date.now();
    expect((await whole(client, 'busy-once')).text).toBe('At your service.');
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000);
    expect(told).toEqual(['troubled: rate_limited > troubled']);
    const keys = (await requestsOf(servers.troubled, 'busy-once')).map(
      ({ headers }) => headers['idempotency-key'],
    );
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
  });

  it('and gives the answer that was lost on its way, which was paid once', async () => {
    const impatient = { ...gateway, limits: { wholeSeconds: 0.3 } };
    const { client, told } = clientOf({ gateways: [impatient], attempts: 5, idempotent: true });
    const { text, response } = await whole(client, 'late');
    expect(text).toBe('Better late.');
    expect(answeredBy(response).repeated).toBe(true);
    expect(told[0]).toBe('gateway: silence > gateway');
    expect(await requestsOf(servers.provider, 'late')).toHaveLength(1);
  });

  it('and is the first again once it has answered', async () => {
    const twin = { ...troubled, name: 'twin' };
    const { client, told } = clientOf({ providers: [troubled, twin] });
    // It is down, the other one wants to be asked a second later, and it answers meanwhile.
    await whole(client, 'recovers');
    expect(told).toEqual(['troubled: server_error > twin', 'twin: rate_limited > troubled']);
    await setTimeout(1_100);
    const { response } = await whole(client, 'fine');
    expect(answeredBy(response).endpoint).toBe('troubled');
  });

  it('and not when that would take too long', async () => {
    const { client, told } = clientOf({ providers: [troubled], patienceSeconds: 5 });
    const error = await rejection(whole(client, 'busy-for-long'));
    expect(error).toBeInstanceOf(RateLimitError);
    expect((error as RateLimitError).headers.get('retry-after')).toBe('60');
    expect(told).toEqual([]);
    const again = await rejection(whole(client, 'busy-for-long'));
    expect(String((again as APIConnectionError).cause)).toMatch(/asked again in \d\d s/);
    expect(await requestsOf(servers.troubled, 'busy-for-long')).toHaveLength(1);
  });
});

describe('nobody else is asked', () => {
  it.each([400, 402, 403, 404, 422])('where the request is at fault: %d', async (status) => {
    const { client, told } = clientOf({ providers: [troubled, sound] });
    const error = await rejection(whole(client, `status-${status}`));
    expect(error).toMatchObject({ status, headers: expect.anything() });
    expect((error as { headers: Headers }).headers.get('x-ql-endpoint')).toBe('troubled');
    expect(told).toEqual([]);
  });

  it('where an error event says that the request is at fault', async () => {
    const { client, told } = clientOf({ providers: [troubled, sound] });
    const error = await rejection(streamed(client, 'too-long'));
    expect(error).toMatchObject({ code: 'context_length_exceeded' });
    expect(told).toEqual([]);
  });

  it('for what one server alone keeps', async () => {
    const { client, told } = clientOf({ gateways: [nobody, gateway] });
    expect(await rejection(client.files.retrieve('file-1'))).toBeInstanceOf(APIConnectionError);
    expect(told).toEqual(['nobody: connection > nobody']);
  });

  it('for a model that a gateway does not have', async () => {
    const { client } = clientOf({ gateways: [gateway, other] });
    expect(await rejection(whole(client, 'unheard-of'))).toMatchObject({ status: 404 });
  });
});

describe('where nobody answers', () => {
  it('the error says what each of them did', async () => {
    const { client } = clientOf({ gateways: [nobody], attempts: 1 });
    const error = await rejection(whole(client, 'fast'));
    expect(error).toBeInstanceOf(APIConnectionError);
    const { cause } = error as APIConnectionError;
    expect(cause).toBeInstanceOf(NoEndpointAnswered);
    expect(String(cause)).toContain('nobody: nobody listens there');
  });

  it('the last that said anything is heard', async () => {
    const { client } = clientOf({ providers: [troubled], gateways: [nobody], attempts: 1 });
    const error = await rejection(whole(client, 'refuses-key'));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ message: expect.stringContaining('no such key') });
  });
});
