import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../src/failures.js';
import { Resting } from '../../src/resting.js';

/** How an endpoint rests after failures of requests, each sent at once. */
function failed(...failures: { kind: FailureKind; told?: number; sent?: number; at?: number }[]) {
  const resting = new Resting();
  for (const { kind, told, at = 0, sent = at } of failures) {
    const failure = { endpoint: 'one', kind, message: '' };
    resting.failed(
      told === undefined ? failure : { ...failure, retryAfterSeconds: told },
      sent,
      at,
    );
  }
  return resting;
}

const rest = (...failures: Parameters<typeof failed>) => {
  const { until, notBefore } = failed(...failures).of('one');
  return { until, notBefore };
};

describe('an endpoint that failed', () => {
  it('rests for five seconds, then twice as long with each further failure, a minute at most', () => {
    const spans = [1, 2, 3, 4, 5, 6].map((count) => {
      const failures = Array.from({ length: count }, () => ({ kind: 'connection' }) as const);
      return rest(...failures).until;
    });
    expect(spans).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('may still be asked where nobody else is left', () => {
    expect(rest({ kind: 'server_error' })).toEqual({ until: 5_000, notBefore: 0 });
  });

  it('rests as long as it said, and is not asked before', () => {
    expect(rest({ kind: 'rate_limited', told: 7 })).toEqual({ until: 7_000, notBefore: 7_000 });
  });

  it('is not asked earlier because something else fails meanwhile', () => {
    const failures = [
      { kind: 'rate_limited', told: 7 },
      { kind: 'connection', at: 10 },
    ] as const;
    expect(rest(...failures)).toEqual({ until: 10_010, notBefore: 7_000 });
  });

  it('rests for a minute where its key was refused', () => {
    expect(rest({ kind: 'key_refused' })).toEqual({ until: 60_000, notBefore: 0 });
  });

  it('does not rest for what says nothing about others', () => {
    expect(rest({ kind: 'in_progress', told: 5 })).toEqual({ until: 0, notBefore: 0 });
  });

  it('counts once for many requests that fail together', () => {
    const together = Array.from(
      { length: 50 },
      () => ({ kind: 'connection', sent: 0, at: 10 }) as const,
    );
    expect(rest(...together).until).toBe(5_010);
  });

  it('is well again with its next answer', () => {
    const resting = failed({ kind: 'rate_limited', told: 7 });
    resting.answered('one');
    expect(resting.of('one')).toMatchObject({ until: 0, notBefore: 0 });
    resting.failed({ endpoint: 'one', kind: 'connection', message: '' }, 20, 20);
    expect(resting.of('one').until).toBe(5_020);
  });

  it('is no other endpoint', () => {
    expect(failed({ kind: 'connection' }).of('two').until).toBe(0);
  });
});
