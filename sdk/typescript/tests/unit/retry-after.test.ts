import { expect, it } from 'vitest';
import { retryAfter } from '../../src/retry-after.js';

const now = Date.parse('2026-01-01T00:00:00Z');

it.each([
  [{ 'retry-after': '3' }, 3],
  [{ 'retry-after': '0.5' }, 0.5],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9],
  [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
  [{ 'retry-after': '3', 'retry-after-ms': '250' }, 0.25],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1x' }, undefined],
  [{}, undefined],
])('%j means %s seconds', (headers, seconds) => {
  expect(retryAfter(new Headers(headers), now)).toBe(seconds);
});
