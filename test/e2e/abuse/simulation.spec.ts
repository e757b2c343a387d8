import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  addressAt,
  type Besieged,
  besieged,
  blockNumber,
  DAY,
  Figures,
  HOUR,
  MINUTE,
  RIGHT,
  SECOND,
  scatteredNumber,
} from './besieged.js';

const figures = new Figures();
const STARTS = 10_000;
const ADDRESSES = 500;

afterEach(() => {
  jest.useRealTimers();
});

afterAll(() => {
  console.log(
    `Under attack, with the default limits where nothing else is said:\n${figures.text()}`,
  );
});

/** Spreads starts evenly over a day, and lets honest users of another block sign in meanwhile. */
async function floodBlock(
  town: Besieged,
): Promise<{ honest: number; neighbours: number; peak: number }> {
  let honest = 0;
  let neighbours = 0;
  let peak = 0;
  for (let index = 0; index < STARTS; index += 1) {
    const { status } = await town.start(blockNumber(index), addressAt(index % ADDRESSES));
    expect([200, 429]).toContain(status);
    if (index % 400 === 399) {
      const own = Math.floor(index / 400);
      honest += (await town.signsIn(blockNumber(own, '+6422456'), `203.0.113.${own}`)) ? 1 : 0;
      neighbours += (await town.signsIn(blockNumber(9_500 + own), `203.0.114.${own}`)) ? 1 : 0;
      peak = Math.max(peak, town.counters());
    }
    jest.advanceTimersByTime(DAY / STARTS);
  }
  return { honest, neighbours, peak };
}

describe('10,000 sign-in starts over one block of numbers, from 500 addresses within a day', () => {
  it('are cut off by the breaker, and nobody of another block notices', async () => {
    const town = besieged();
    const { honest, neighbours, peak } = await floodBlock(town);
    const sends = town.calls.sends - honest - neighbours;
    figures.note('flood of one block: starts', STARTS);
    figures.note('flood of one block: messages (limit 50 without a code coming back)', sends);
    figures.note('flood of one block: honest users of another block who got in', `${honest} of 25`);
    figures.note('flood of one block: most entries in the memory of the counters', peak);
    expect(sends).toBe(50);
    expect(honest).toBe(25);
    expect(Object.keys(town.refusals())).toContain('conversion');
    expect(peak).toBeLessThan(1_000);
    figures.note('flood of one block: honest users of that very block', `${neighbours} of 25`);
    expect(await town.signsIn(blockNumber(7_777), '203.0.113.200')).toBe(true);
    jest.advanceTimersByTime(20 * DAY);
    expect(town.counters()).toBe(0);
  }, 240_000);

  it('are held to 60 an hour where the breaker is switched off', async () => {
    const town = besieged({ conversion: false });
    const { honest, neighbours } = await floodBlock(town);
    const sends = town.calls.sends - honest - neighbours;
    figures.note('the same without the breaker: messages (limit 60 an hour)', sends);
    expect(sends).toBeLessThanOrEqual(24 * 60);
    expect(honest).toBe(25);
    expect(town.refusals().prefix).toBeGreaterThan(0);
  }, 240_000);
});

describe('pumped traffic of which no code comes back', () => {
  it('is stopped at 50, whatever the other limits, while a block that converts goes on', async () => {
    const town = besieged({ prefix: false, ip: false, number: false, budget: false });
    let converted = 0;
    for (let index = 0; index < 1_000; index += 1) {
      await town.start(blockNumber(index), addressAt(index));
      const own = blockNumber(index, '+6422456');
      // One of eight answers.
      const { status, body } = await town.start(own, addressAt(index));
      const isHonest = index % 8 === 0;
      converted += status === 200 ? 1 : 0;
      if (isHonest) {
        expect((await town.verify(body.handle, RIGHT)).status).toBe(200);
      }
      jest.advanceTimersByTime(MINUTE);
    }
    figures.note('pumped block: messages of 1,000 starts', town.calls.sends - converted);
    figures.note('block where 1 of 8 answers: messages of 1,000 starts', converted);
    expect(town.calls.sends - converted).toBe(50);
    expect(converted).toBe(1_000);
  }, 240_000);
});

describe('somebody who wants nothing but harm', () => {
  it('shuts a block for a day with 50 messages from three addresses', async () => {
    const town = besieged();
    const begin = Date.now();
    for (let index = 0; town.calls.sends < 50; index += 1) {
      await town.start(blockNumber(index), addressAt(index % 3));
      jest.advanceTimersByTime(10 * SECOND);
    }
    const minutes = Math.ceil((Date.now() - begin) / MINUTE);
    figures.note('shutting one block on purpose: minutes, from 3 addresses', minutes);
    const neighbour = () => town.signsIn(blockNumber(7_777), '203.0.113.1');
    expect(await neighbour()).toBe(false);
    jest.advanceTimersByTime(begin + DAY - Date.now() - MINUTE);
    expect(await neighbour()).toBe(false);
    jest.advanceTimersByTime(MINUTE);
    expect(await neighbour()).toBe(true);
  });
});

describe('guessing the codes of one number', () => {
  const VICTIM = '+64211234567';

  /** When each guess of a fresh flow was that got as far as Authsignal. */
  async function guess(town: Besieged, most = 7, round = 0): Promise<readonly number[]> {
    const guesses: number[] = [];
    const { status, body } = await town.start(VICTIM, addressAt(round));
    for (let code = 0; status === 200 && code < most; code += 1) {
      const before = town.calls.guesses;
      await town.verify(body.handle, String(200_000 + code));
      guesses.push(...(town.calls.guesses > before ? [Date.now()] : []));
    }
    return guesses;
  }

  /** Takes every chance: another address each time, and another flow as soon as one is over. */
  async function guessUntil(town: Besieged, end: number): Promise<readonly number[]> {
    const guesses: number[] = [];
    for (let round = 1; Date.now() < end; round += 1) {
      guesses.push(...(await guess(town, 7, round)));
      jest.advanceTimersByTime(10 * MINUTE);
    }
    return guesses;
  }

  it('gets 10 an hour, 20 a day and 100 in 20 days, then the number is free again', async () => {
    const town = besieged();
    const begin = Date.now();
    const guesses = await guessUntil(town, begin + 20 * DAY);
    const within = (from: number, ms: number): number =>
      guesses.filter((at) => at >= from && at < from + ms).length;
    const perDay = Array.from({ length: 20 }, (_, day) => within(begin + day * DAY, DAY));
    const any24Hours = Math.max(...guesses.map((at) => within(at, DAY)));
    figures.note('guessing one number: codes on the first day (limit 20)', perDay[0] ?? 0);
    figures.note('guessing one number: codes in 20 days (limit 100)', guesses.length);
    figures.note('guessing one number: most within any 24 hours', any24Hours);
    figures.note('guessing one number: messages to it in 20 days', town.calls.sends);
    expect(perDay.slice(0, 5)).toEqual([20, 20, 20, 20, 20]);
    expect(Math.max(...perDay)).toBeLessThanOrEqual(20);
    expect(guesses).toHaveLength(100);
    expect(any24Hours).toBeLessThan(40);
    const locked = Math.ceil((begin + 20 * DAY - Math.max(...guesses)) / DAY);
    figures.note('guessing one number: days for which its owner is locked out', locked);
    expect(await town.signsIn(VICTIM, '203.0.113.1')).toBe(true);
  }, 240_000);

  it('gets less than twice the limit of a day by one who knows where its window ends', async () => {
    const town = besieged();
    const begin = Date.now();
    // One guess opens the window of the day; the rest of it waits for the end.
    const [first] = await guess(town, 1);
    jest.advanceTimersByTime(22 * HOUR);
    const guesses = await guessUntil(town, begin + 46 * HOUR - MINUTE);
    const within = guesses.filter((at) => at < begin + 46 * HOUR).length;
    figures.note('guessing one number: most within 24 hours by one who times it', within);
    expect(first).toBe(begin);
    expect(within).toBe(39);
  });

  it('locks nobody out for good who mistyped', async () => {
    const town = besieged();
    const started = await town.start(VICTIM, '203.0.113.1');
    expect(await town.verify(started.body.handle, '654321')).toMatchObject({
      status: 400,
      body: { code: 'otp_invalid' },
    });
    expect((await town.verify(started.body.handle, RIGHT)).status).toBe(200);
    jest.advanceTimersByTime(HOUR);
    for (const flow of [1, 2]) {
      const { body } = await town.start(VICTIM, '203.0.113.1');
      for (const wrong of ['1', '2', '3', '4', '5']) {
        expect((await town.verify(body.handle, wrong.repeat(6))).body.code).toBe('otp_invalid');
      }
      expect((await town.verify(body.handle, RIGHT)).body.code).toBe('otp_attempts_exceeded');
      jest.advanceTimersByTime(flow * MINUTE);
    }
    expect(await town.signsIn(VICTIM, '203.0.113.1')).toBe(false);
    jest.advanceTimersByTime(HOUR);
    expect(await town.signsIn(VICTIM, '203.0.113.1')).toBe(true);
    figures.note('honest user after ten wrong codes in a row: locked out for', 'an hour');
  });
});

describe('an attack on many blocks from many addresses', () => {
  it('costs no more than the daily budget, and takes it from everybody', async () => {
    const town = besieged();
    for (let index = 0; index < 6_000; index += 1) {
      await town.start(scatteredNumber(index), addressAt(index % 1_500));
      jest.advanceTimersByTime(10 * SECOND);
    }
    const atBudget = town.counters();
    const { sends } = town.calls;
    for (let index = 0; index < 4_000; index += 1) {
      await town.start(blockNumber(index, '+6427345'), addressAt(5_000 + index));
    }
    figures.note('scattered attack: starts over other blocks and addresses', 10_000);
    figures.note('scattered attack: messages (budget 5,000 a day)', town.calls.sends);
    figures.note('scattered attack: most entries in the memory of the counters', atBudget);
    const honest = await town.signsIn('+64224567890', '203.0.113.1');
    figures.note('scattered attack: an honest user got in after it, that day', String(honest));
    expect(sends).toBe(5_000);
    expect(town.calls.sends).toBe(5_000);
    expect(honest).toBe(false);
    expect(town.refusals().budget).toBeGreaterThan(4_000);
    // What is refused leaves nothing behind, so what an attacker can fill is what was sent.
    expect(town.counters()).toBe(atBudget);
    expect(atBudget).toBeLessThan(10 * sends);
    jest.advanceTimersByTime(DAY);
    expect(await town.signsIn('+64224567890', '203.0.113.1')).toBe(true);
    jest.advanceTimersByTime(20 * DAY);
    expect(town.counters()).toBe(0);
  }, 240_000);
});
