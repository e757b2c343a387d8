import { expect } from '@jest/globals';
import { CodeAttempts } from '../../../src/whatsapp/code-attempts.js';
import type { WhatsAppLimits } from '../../../src/whatsapp/options.js';
import {
  allowed,
  type Behaviour,
  DAY,
  defaultLimits,
  HOUR,
  inTurn,
  type LimitWorld,
  MINUTE,
  onlyLimits,
  SECOND,
  times,
} from './limit-world.js';

const NUMBER = '+64211234567';

const attemptsOf = ({ counters }: LimitWorld, limits?: WhatsAppLimits): CodeAttempts =>
  new CodeAttempts(limits === undefined ? defaultLimits() : onlyLimits(limits), counters);

const guess = (flow: number, phoneNumber = NUMBER) => ({ flowId: `flow-${flow}`, phoneNumber });

/** Guesses of somebody who starts another flow whenever one is used up. */
const hammer = (attempts: CodeAttempts, count: number, from = 0) =>
  inTurn(count, (index) => attempts.take(guess(from + index)));

export const CODE_ATTEMPT_BEHAVIOURS: readonly Behaviour[] = [
  {
    name: 'takes five codes of a flow, and then of another',
    run: async (world) => {
      const attempts = attemptsOf(world);
      expect(allowed(await inTurn(4, () => attempts.take(guess(1))))).toBe(4);
      expect(await attempts.isOver('flow-1')).toBe(false);
      expect(await attempts.take(guess(1))).toMatchObject({ ok: true });
      expect(await attempts.isOver('flow-1')).toBe(true);
      const refused = await attempts.take(guess(1));
      expect(refused).toEqual({ ok: false, retryAfterMs: expect.any(Number) });
      expect(await attempts.take(guess(2))).toMatchObject({ ok: true });
    },
  },
  {
    name: 'takes ten an hour for a number over all its flows, and as many of another number',
    run: async (world) => {
      const attempts = attemptsOf(world);
      expect(allowed(await hammer(attempts, 15))).toBe(10);
      const refused = await attempts.take(guess(99));
      expect(refused.ok ? 0 : refused.retryAfterMs).toBeGreaterThan(HOUR - MINUTE);
      expect(await attempts.take(guess(100, '+64211234568'))).toMatchObject({ ok: true });
      await world.pass(HOUR - 5 * SECOND);
      expect(await attempts.take(guess(101))).toMatchObject({ ok: false });
      await world.pass(5 * SECOND);
      expect(await attempts.take(guess(102))).toMatchObject({ ok: true });
    },
  },
  {
    name: 'takes twenty a day and a hundred in twenty days',
    run: async (world) => {
      const attempts = attemptsOf(world);
      const perDay: number[] = [];
      for (let hour = 0; hour < 20 * 24; hour += 6) {
        const taken = allowed(await hammer(attempts, 12, hour * 100));
        const day = Math.floor(hour / 24);
        perDay[day] = (perDay[day] ?? 0) + taken;
        await world.pass(6 * HOUR);
      }
      expect(perDay).toEqual([20, 20, 20, 20, 20, ...times(15, () => 0)]);
      expect(allowed(await hammer(attempts, 12, 99_000))).toBe(10);
    },
  },
  {
    name: 'forgets the wrong codes of a number with a right one, and its flow is over',
    run: async (world) => {
      const attempts = attemptsOf(world);
      expect(allowed(await hammer(attempts, 9))).toBe(9);
      expect(await attempts.take(guess(50))).toMatchObject({ ok: true });
      await attempts.verified(guess(50));
      expect(await attempts.isOver('flow-50')).toBe(true);
      expect(await attempts.take(guess(50))).toMatchObject({ ok: false });
      expect(allowed(await hammer(attempts, 12, 100))).toBe(10);
    },
  },
  {
    name: 'counts nothing of what it refuses',
    run: async (world) => {
      const attempts = attemptsOf(world);
      const overrun = await inTurn(40, () => attempts.take(guess(1)));
      expect(allowed(overrun)).toBe(5);
      expect(allowed(await hammer(attempts, 20, 100))).toBe(5);
    },
  },
  {
    name: 'gives back what Authsignal never saw, once',
    run: async (world) => {
      const attempts = attemptsOf(world, { codes: [{ max: 3, windowMs: HOUR }] });
      const unseen = await inTurn(30, async () => {
        const permit = await attempts.take(guess(1));
        await (permit.ok ? Promise.all([permit.giveBack(), permit.giveBack()]) : undefined);
        return permit;
      });
      expect(allowed(unseen)).toBe(30);
      expect(allowed(await hammer(attempts, 6, 10))).toBe(3);
    },
  },
  {
    name: 'adds nothing by giving back late, after a right code or in a new window',
    run: async (world) => {
      const attempts = attemptsOf(world);
      const late = await hammer(attempts, 8);
      const giveAllBack = () => Promise.all(late.map((permit) => permit.ok && permit.giveBack()));
      await attempts.verified(guess(0));
      await giveAllBack();
      expect(allowed(await hammer(attempts, 15, 100))).toBe(10);
      await world.pass(HOUR);
      const old = await hammer(attempts, 10, 300);
      await world.pass(HOUR);
      await Promise.all(old.map((permit) => permit.ok && permit.giveBack()));
      await world.pass(DAY);
      expect(allowed(await hammer(attempts, 15, 400))).toBe(10);
    },
  },
  {
    name: 'never takes more when many come at once',
    run: async (world) => {
      const attempts = attemptsOf(world);
      const oneFlow = await Promise.all(times(200, () => attempts.take(guess(1))));
      expect(allowed(oneFlow)).toBe(5);
      const many = await Promise.all(times(200, (index) => attempts.take(guess(10 + index))));
      expect(allowed(many)).toBe(5);
      await world.pass(HOUR);
      const again = await Promise.all(times(200, (index) => attempts.take(guess(500 + index))));
      expect(allowed(again)).toBe(10);
    },
  },
  {
    name: 'counts per flow alone where the numbers are switched off',
    run: async (world) => {
      const attempts = attemptsOf(world, { codes: false, codesPerFlow: 2 });
      expect(allowed(await hammer(attempts, 50))).toBe(50);
      expect(allowed(await inTurn(3, () => attempts.take(guess(99))))).toBe(2);
    },
  },
];
