import { APIUserAbortError } from 'openai';
import { describe, expect, it } from 'vitest';
import { answeredBy, BrokenAnswer } from '../../src/index.js';
import { clientOf, rejection, streamed, whole, words } from './asking.js';
import { key, killGateway, requestsOf, servers } from './servers.js';

const gateway = { name: 'gateway', baseURL: servers.gateway, apiKey: key };
const mortal = { name: 'mortal', baseURL: servers.mortalGateway, apiKey: key };
const troubled = { name: 'troubled', baseURL: servers.troubled };
const sound = { name: 'sound', baseURL: servers.sound };

describe('an answer that breaks off after it has begun', () => {
  it.each([
    ['breaks-later', /the connection was closed|it ended without an end/],
    ['ends-later', /^it ended without an end$/],
    ['error-later', /^Overloaded$/],
    ['silent-later', /^no further event within 0.5 s$/],
  ])('ends with what came, and nobody else is asked: %s', async (model, reason) => {
    const limits = model === 'silent-later' ? { silenceSeconds: 0.5 } : {};
    const { client, told } = clientOf({ providers: [{ ...troubled, limits }, sound] });
    let seen = '';
    const reading = async () => {
      for await (const word of words(client, model)) {
        seen += word;
      }
    };
    const error = await rejection(reading());
    expect(error).toBeInstanceOf(BrokenAnswer);
    expect(error).toMatchObject({
      endpoint: 'troubled',
      received: seen,
      reason: expect.stringMatching(reason),
    });
    expect(seen).toMatch(/^A long answer/);
    const next = await whole(client, 'fine');
    expect(answeredBy(next.response).endpoint).toBe('sound');
    expect(told).toEqual([]);
  });

  it('leaves its endpoint where it was, if the request is at fault', async () => {
    const { client } = clientOf({ providers: [troubled, sound] });
    const error = await rejection(streamed(client, 'refused-later'));
    expect(error).toMatchObject({ reason: 'not a word more' });
    const next = await whole(client, 'fine');
    expect(answeredBy(next.response).endpoint).toBe('troubled');
  });

  it('may be that of a gateway which is killed; the next one answers from then on', async () => {
    const { client } = clientOf({ gateways: [mortal, gateway] });
    let seen = '';
    const reading = async () => {
      for await (const word of words(client, 'slow')) {
        seen += word;
        if (seen.startsWith('A long answer')) {
          killGateway();
        }
      }
    };
    const error = await rejection(reading());
    expect(error).toBeInstanceOf(BrokenAnswer);
    expect(error).toMatchObject({ endpoint: 'mortal', received: seen });
    expect(await streamed(client, 'fast')).toBe('Hello, Ada.');
  });
});

describe('a caller that has enough', () => {
  it('ends the call before it has begun, and nobody else is asked', async () => {
    const { client, told } = clientOf({ providers: [troubled, sound] });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const reading = words(client, 'hangs', controller.signal).next();
    expect(await rejection(reading)).toBeInstanceOf(APIUserAbortError);
    expect(told).toEqual([]);
    expect(await requestsOf(servers.sound, 'hangs')).toHaveLength(0);
  });

  it('ends the call in its middle, without an error, as with OpenAI’s own client', async () => {
    const { client } = clientOf({ providers: [troubled, sound] });
    const controller = new AbortController();
    let seen = '';
    for await (const word of words(client, 'silent-later', controller.signal)) {
      seen += word;
      if (seen.length > 10) {
        controller.abort();
      }
    }
    expect(seen).toMatch(/^A long answer/);
  });

  it('ends the waiting for an endpoint', async () => {
    const { client } = clientOf({ providers: [troubled], patienceSeconds: 100 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const reading = words(client, 'busy-for-a-while', controller.signal).next();
    expect(await rejection(reading)).toBeInstanceOf(APIUserAbortError);
  });
});
