import { describe, expect, it } from '@jest/globals';
import { ProofsRanOut, readLoad } from '../../bench/load/wrk-output.mjs';
import { readOptions } from '../../bench/options.mjs';
import { median, ratio } from '../../bench/statistics.mjs';

describe('median', () => {
  it('is the value in the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 9])).toBe(9);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('leaves its list as it was, and has nothing to say of an empty one', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('ratio', () => {
  it('compares within each round, so that a slow round counts for both alike', () => {
    // In the second round the machine was ten times slower.
    expect(ratio([90, 9, 95], [100, 10, 100])).toEqual({
      median: 0.9,
      lowest: 0.9,
      highest: 0.95,
    });
  });

  it('refuses series of other lengths', () => {
    expect(() => ratio([1, 2], [1])).toThrow('Series of 2 and 1 rounds');
  });
});

describe('readLoad', () => {
  const run = {
    requests: 3_000,
    durationUs: 1_500_000,
    p50Us: 900,
    p99Us: 12_500,
    maxUs: 20_000,
    socketErrors: 0,
    timeouts: 0,
    unexpected: 0,
    firstStatus: 0,
    firstBody: '',
    proofsUsed: 0,
    ranOut: false,
  };
  const outputOf = (changes: Partial<typeof run>): string =>
    `Running 2s test @ http://127.0.0.1:1/payments\n  1 threads and 50 connections\n` +
    `bench ${JSON.stringify({ ...run, ...changes })}\n`;

  it('reads rate and times of a run', () => {
    expect(readLoad(outputOf({ proofsUsed: 7 }), 201)).toEqual({
      requests: 3_000,
      perSecond: 2_000,
      p50Ms: 0.9,
      p99Ms: 12.5,
      proofsUsed: 7,
    });
  });

  it('fails for one answer of another status, and shows it', () => {
    const output = outputOf({ unexpected: 1, firstStatus: 503, firstBody: '{ code : down }' });
    expect(() => readLoad(output, 201)).toThrow(
      '1 of 3000 answers were not 201, the first 503: { code : down }',
    );
  });

  it('fails for a connection that broke, a timeout and a run without an answer', () => {
    expect(() => readLoad(outputOf({ socketErrors: 1 }), 201)).toThrow('1 socket errors');
    expect(() => readLoad(outputOf({ timeouts: 2 }), 201)).toThrow('2 timeouts');
    expect(() => readLoad(outputOf({ requests: 0 }), 201)).toThrow('Not one request');
  });

  it('tells proofs that ran out from other failures', () => {
    expect(() => readLoad(outputOf({ ranOut: true, proofsUsed: 50 }), 201)).toThrow(ProofsRanOut);
  });

  it('fails for a run that did not end', () => {
    expect(() => readLoad('unable to connect to 127.0.0.1:1', 201)).toThrow('unable to connect');
  });
});

describe('readOptions', () => {
  it('runs everything by default', () => {
    expect(readOptions([])).toEqual({
      sections: ['throughput', 'steps', 'growth', 'start', 'profile'],
      platforms: ['express', 'nest-express', 'nest-fastify'],
      rounds: 5,
      seconds: 3,
      connections: 50,
      quick: false,
      json: 'reports/bench.json',
      writes: false,
      runs: true,
    });
  });

  it('takes several sections in either spelling, and an earlier run', () => {
    const options = readOptions(['--only', 'start,steps', '--from', 'old.json', '--write']);
    expect(options).toMatchObject({ sections: ['steps', 'start'], json: 'old.json' });
    expect(options).toMatchObject({ runs: false, writes: true });
  });

  it('asks for nothing more where help is asked for', () => {
    expect(readOptions(['--help'])).toBeUndefined();
  });

  it('says what is wrong', () => {
    expect(() => readOptions(['--only', 'all'])).toThrow('--only: there is no all');
    expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds must be a whole number above 0');
    expect(() => readOptions(['--round', '2'])).toThrow('--round');
  });
});
