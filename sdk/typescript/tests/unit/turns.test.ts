import { describe, expect, it } from 'vitest';
import { endpointsOf } from '../../src/options.js';
import { type Candidate, nextTurn } from '../../src/turns.js';

const [first, second] = endpointsOf({
  gateways: [
    { name: 'first', baseURL: 'http://127.0.0.1:1/v1' },
    { name: 'second', baseURL: 'http://127.0.0.1:2/v1' },
  ],
});
const now = 1_000_000;

function turn(one: Partial<Candidate>, other: Partial<Candidate>, patience = 10_000) {
  const usual = { tries: 0, notBefore: 0, avoided: false };
  const candidates = [
    { ...usual, endpoint: first, ...one },
    { ...usual, endpoint: second ?? first, ...other },
  ];
  const found = nextTurn(candidates, now, patience);
  return found && [found.endpoint.name, found.wait];
}

describe('the next turn', () => {
  it('is the first of those who may be asked', () => {
    expect(turn({}, {})).toEqual(['first', 0]);
  });

  it('is somebody who was not asked yet', () => {
    expect(turn({ tries: 1 }, {})).toEqual(['second', 0]);
  });

  it('is rather somebody who did not fail lately', () => {
    expect(turn({ avoided: true }, {})).toEqual(['second', 0]);
  });

  it('is somebody who failed lately before anybody is asked twice', () => {
    expect(turn({ tries: 1 }, { avoided: true })).toEqual(['second', 0]);
  });

  it('is somebody who failed lately where nobody else is left', () => {
    expect(turn({ avoided: true }, { avoided: true })).toEqual(['first', 0]);
  });

  it('is not before an endpoint wants to be asked', () => {
    expect(turn({ notBefore: now + 1 }, {})).toEqual(['second', 0]);
  });

  it('waits for whoever may be asked soonest', () => {
    const both = [{ notBefore: now + 3_000 }, { notBefore: now + 2_000 }] as const;
    expect(turn(...both)).toEqual(['second', 2_000]);
  });

  it('is nobody where that would take too long', () => {
    const both = [{ notBefore: now + 3_000 }, { notBefore: now + 2_000 }] as const;
    expect(turn(...both, 1_999)).toBeUndefined();
  });

  it('is nobody where nobody is left', () => {
    expect(nextTurn([], now, 10_000)).toBeUndefined();
  });
});
