import { expect, it } from 'vitest';
import { connectionProblem, kindOfStatus } from '../../src/failures.js';

it.each([
  [200, undefined],
  [307, undefined],
  [400, undefined],
  [401, 'key_refused'],
  [402, undefined],
  [403, undefined],
  [404, undefined],
  [408, 'server_error'],
  [409, undefined],
  [422, undefined],
  [429, 'rate_limited'],
  [500, 'server_error'],
  [503, 'server_error'],
  [529, 'server_error'],
])('status %d is the failure %s', (status, kind) => {
  expect(kindOfStatus(status)).toBe(kind);
});

it('status 409 that says when to come back is an answer still being made', () => {
  expect(kindOfStatus(409, 1)).toBe('in_progress');
});

it.each([
  ['ECONNREFUSED', 'nobody listens there'],
  ['UND_ERR_HEADERS_TIMEOUT', 'nothing came'],
  ['EPROTO', 'EPROTO'],
])('a connection that ends with %s is told as: %s', (code, words) => {
  const cause = Object.assign(new Error('connect'), { code });
  expect(connectionProblem(new TypeError('fetch failed', { cause }))).toBe(words);
});
