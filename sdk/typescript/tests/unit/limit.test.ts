import { describe, expect, it } from 'vitest';
import { sleep, TimeLimit } from '../../src/limit.js';

describe('a time limit', () => {
  it('ends a request that takes too long, and says what did not come', async () => {
    const limit = new TimeLimit(null);
    limit.within(0.01, 'content');
    await expect(sleep(5_000, limit.signal)).rejects.toThrow('no content within 0.01 s');
    expect(limit.expired).toBe('no content within 0.01 s');
  });

  it('begins anew with each sign of life, and stands still in between', async () => {
    const limit = new TimeLimit(null);
    limit.within(0.01, 'content');
    limit.pause();
    await sleep(30, limit.signal);
    limit.within(60, 'content');
    expect(limit.signal.aborted).toBe(false);
    limit.over();
  });

  it('is told apart from the wish of a caller', async () => {
    const caller = new AbortController();
    const limit = new TimeLimit(caller.signal);
    const sleeping = sleep(5_000, limit.signal);
    caller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(limit.expired).toBeUndefined();
  });

  it('hears a caller that had enough before', async () => {
    const limit = new TimeLimit(AbortSignal.abort(new Error('enough')));
    await expect(sleep(5_000, limit.signal)).rejects.toThrow('enough');
  });
});
