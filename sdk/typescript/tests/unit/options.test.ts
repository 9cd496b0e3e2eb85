import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client.js';
import { endpointsOf } from '../../src/options.js';

const url = 'http://127.0.0.1:8402/v1';

describe('the endpoints of options', () => {
  it('are the gateways and then the providers, each in their order', () => {
    const endpoints = endpointsOf({
      providers: [{ baseURL: 'https://c.example/v1', apiKey: 'c' }],
      gateways: [{ baseURL: `${url}/`, name: 'a' }, { baseURL: 'http://b.example' }],
    });
    expect(endpoints.map(({ kind, name, baseURL }) => [kind, name, baseURL])).toEqual([
      ['gateway', 'a', url],
      ['gateway', 'b.example', 'http://b.example'],
      ['provider', 'c.example', 'https://c.example/v1'],
    ]);
  });

  it('have their own limits, or the shared ones, or the usual ones of their kind', () => {
    const [own, other] = endpointsOf({
      limits: { firstSeconds: 7 },
      gateways: [{ baseURL: url, limits: { firstSeconds: 3 } }],
      providers: [{ baseURL: 'https://c.example/v1' }],
    });
    expect(own.limits).toEqual({ firstSeconds: 3, silenceSeconds: 180, wholeSeconds: 300 });
    expect(other?.limits).toEqual({ firstSeconds: 7, silenceSeconds: 90, wholeSeconds: 300 });
  });

  it.each([
    [{}, 'Nobody can be asked'],
    [{ gateways: [{ baseURL: '127.0.0.1:8402' }] }, 'is no base URL'],
    [{ gateways: [{ baseURL: `${url}?key=1` }] }, 'is no base URL'],
    [{ gateways: [{ baseURL: url }, { baseURL: url }] }, 'Two endpoints are called 127.0.0.1:8402'],
    [{ gateways: [{ baseURL: url, name: 'in Köln' }] }, 'cannot be called "in Köln"'],
    [{ gateways: [{ baseURL: url, limits: { silenceSeconds: 0 } }] }, 'silenceSeconds cannot be 0'],
    [{ gateways: [{ baseURL: url }], attempts: 0 }, 'attempts cannot be 0'],
    [
      { gateways: [{ baseURL: url }], patienceSeconds: Number.NaN },
      'patienceSeconds cannot be NaN',
    ],
  ])('%j are refused: %s', (options, words) => {
    expect(() => createClient(options)).toThrow(words);
  });
});
