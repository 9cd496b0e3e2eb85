import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../src/failures.js';
import { Tries } from '../../src/tries.js';

function failed(...failures: [FailureKind, number?][]) {
  const tries = new Tries();
  for (const [kind, retryAfterSeconds] of failures) {
    const told = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    tries.failed({ endpoint: 'one', kind, message: '', ...told }, 0);
  }
  return tries.of('one');
}

describe('an endpoint in the course of one request', () => {
  it('was not asked at first, and may be at once', () => {
    expect(failed()).toEqual({ count: 0, notBefore: 0 });
  });

  it('is left alone for about half a second, then about twice as long each time', () => {
    const [once, twice] = [failed(['connection']), failed(['connection'], ['connection'])];
    expect([once.count, twice.count]).toEqual([1, 2]);
    expect(once.notBefore).toBeGreaterThanOrEqual(375);
    expect(once.notBefore).toBeLessThanOrEqual(625);
    expect(twice.notBefore).toBeGreaterThanOrEqual(750);
    expect(twice.notBefore).toBeLessThanOrEqual(1_250);
  });

  it('is left alone as long as it said', () => {
    expect(failed(['rate_limited', 7]).notBefore).toBe(7_000);
    expect(failed(['rate_limited', 0]).notBefore).toBeGreaterThanOrEqual(375);
  });

  it('is not asked again with a key that it refused', () => {
    expect(failed(['key_refused']).count).toBe(Number.POSITIVE_INFINITY);
  });

  it('has used no try while it is still answering', () => {
    expect(failed(['in_progress', 1], ['in_progress', 1]).count).toBe(0);
  });
});
