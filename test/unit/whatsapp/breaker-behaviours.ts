import { expect } from '@jest/globals';
import { SendLimits, type SendPermit } from '../../../src/whatsapp/send-limits.js';
import {
  allowed,
  type Behaviour,
  DAY,
  HOUR,
  inTurn,
  type LimitWorld,
  onlyLimits,
  SECOND,
  SLACK,
  sendTo,
} from './limit-world.js';

const RULE = { minSends: 50, minRate: 0.1, windowMs: DAY };

function pumped({ counters }: LimitWorld) {
  const limits = new SendLimits(onlyLimits({ conversion: RULE }), counters);
  const numberAt = (index: number): string => `+6421123${1_000 + index}`;
  return {
    limits,
    send: (index: number): Promise<SendPermit> => limits.take(sendTo(numberAt(index))),
    verify: (index: number): Promise<void> => limits.verified(numberAt(index)),
    other: (): Promise<SendPermit> => limits.take(sendTo('+64224567890')),
  };
}

export const BREAKER_BEHAVIOURS: readonly Behaviour[] = [
  {
    name: 'stops sending to a prefix of which no code comes back, and to no other',
    run: async (world) => {
      const { send, other } = pumped(world);
      expect(allowed(await inTurn(60, send))).toBe(50);
      expect(await send(99)).toMatchObject({ ok: false, limit: 'conversion' });
      expect(await other()).toMatchObject({ ok: true });
    },
  },
  {
    name: 'says when it will send again, and does',
    run: async (world) => {
      const { send } = pumped(world);
      await inTurn(50, send);
      await world.pass(DAY - HOUR);
      const refused = await send(50);
      expect(refused).toMatchObject({ ok: false, limit: 'conversion' });
      if (!refused.ok) {
        expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR);
        expect(refused.retryAfterMs).toBeGreaterThan(HOUR - SLACK);
      }
      await world.pass(HOUR - 5 * SECOND);
      expect(await send(50)).toMatchObject({ ok: false });
      await world.pass(5 * SECOND);
      expect(allowed(await inTurn(60, send))).toBe(50);
    },
  },
  {
    name: 'is shut by 4 codes of 50, open with 5, and opens when a late one comes',
    run: async (world) => {
      const { send, verify } = pumped(world);
      await inTurn(50, send);
      await inTurn(4, verify);
      expect(await send(50)).toMatchObject({ ok: false, limit: 'conversion' });
      await verify(4);
      expect(await send(50)).toMatchObject({ ok: true });
      expect(await send(51)).toMatchObject({ ok: false, limit: 'conversion' });
    },
  },
  {
    name: 'never shuts on traffic that is verified, whenever its windows began',
    run: async (world) => {
      const { send, verify } = pumped(world);
      // Eleven hours of a few unanswered codes, then three days of users who answer every second one.
      expect(allowed(await inTurn(5, send))).toBe(5);
      await world.pass(11 * HOUR);
      for (let hour = 0; hour < 72; hour += 1) {
        expect(allowed(await inTurn(10, send))).toBe(10);
        await inTurn(5, verify);
        await world.pass(HOUR);
      }
    },
  },
  {
    name: 'does not count what was given back',
    run: async (world) => {
      const { send } = pumped(world);
      const permits = await inTurn(100, async (index) => {
        const permit = await send(index);
        await (permit.ok ? permit.giveBack() : undefined);
        return permit;
      });
      expect(allowed(permits)).toBe(100);
    },
  },
];
