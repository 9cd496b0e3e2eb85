import { describe, expect, it } from 'vitest';
import { endpointsOf } from '../../src/options.js';
import { answerableAnywhere, asked, repeatable, requestFor } from '../../src/requests.js';

const base = 'http://127.0.0.1:8402/v1';
const [gateway, provider] = endpointsOf({
  gateways: [{ baseURL: base, apiKey: 'ql_1' }],
  providers: [{ baseURL: 'https://c.example/v1', models: { fast: 'c-mini' } }],
}) as ReturnType<typeof endpointsOf> & { 1: ReturnType<typeof endpointsOf>[0] };

function request(path: string, document: object = {}, headers: Record<string, string> = {}) {
  return asked(base + path, { method: 'POST', body: JSON.stringify(document), headers }, base);
}

describe('a request for an endpoint', () => {
  const chat = request(
    '/chat/completions?a=b',
    { model: 'fast', messages: [] },
    { authorization: 'Bearer other', 'X-QL-Run': 'r1', 'Idempotency-Key': 'k1' },
  );

  it('goes to its address with its key, and is not redirected', () => {
    const { url, init } = requestFor(gateway, chat);
    expect(url).toBe(`${base}/chat/completions?a=b`);
    expect(new Headers(init.headers).get('authorization')).toBe('Bearer ql_1');
    expect(init.redirect).toBe('manual');
  });

  it('carries nobody else’s key', () => {
    const headers = new Headers(requestFor(provider, chat).init.headers);
    expect(headers.get('authorization')).toBeNull();
  });

  it('tells gateways what it is for, and providers nothing of it', () => {
    expect(new Headers(requestFor(gateway, chat).init.headers).get('x-ql-run')).toBe('r1');
    const headers = new Headers(requestFor(provider, chat).init.headers);
    expect(headers.get('x-ql-run')).toBeNull();
    expect(headers.get('idempotency-key')).toBe('k1');
  });

  it('calls the model as the endpoint does', () => {
    expect(requestFor(gateway, chat).init.body).toBe(chat.init.body);
    const { body } = requestFor(provider, chat).init;
    expect(JSON.parse(String(body))).toEqual({ model: 'c-mini', messages: [] });
  });

  it('leaves a name alone that the endpoint has no other for', () => {
    const inherited = request('/chat/completions', { model: 'constructor' });
    expect(requestFor(provider, inherited).init.body).toBe(inherited.init.body);
  });

  it('calls the model so in forms as well', () => {
    const form = new FormData();
    form.append('model', 'fast');
    form.append('file', new Blob(['sound']), 'a.wav');
    const sound = asked(`${base}/audio/transcriptions`, { method: 'POST', body: form }, base);
    const sent = requestFor(provider, sound).init.body as FormData;
    expect([sent.get('model'), (sent.get('file') as File).name]).toEqual(['c-mini', 'a.wav']);
    expect(form.get('model')).toBe('fast');
  });
});

describe('a request', () => {
  it('to any other address is refused', () => {
    expect(() => asked('https://elsewhere.example/v1/models', {}, base)).toThrow('none of the');
    expect(() => asked(`${base}x/models`, {}, base)).toThrow('none of the endpoints');
  });

  it.each([
    ['/chat/completions', {}, true],
    ['/responses', {}, true],
    ['/embeddings?a=b', {}, true],
    ['/responses', { previous_response_id: 'r' }, false],
    ['/responses', { conversation: 'c' }, false],
    ['/responses/r/cancel', {}, false],
    ['/files', {}, false],
    ['/models/fast', {}, false],
  ])('to %s with %j can be answered by anybody: %s', (path, document, expected) => {
    expect(answerableAnywhere(request(path, document))).toBe(expected);
  });

  it('with a stream for its body is sent once', () => {
    const body = new Blob(['x']).stream();
    expect(repeatable(asked(`${base}/files`, { method: 'POST', body }, base))).toBe(false);
    expect(repeatable(request('/chat/completions'))).toBe(true);
  });
});
