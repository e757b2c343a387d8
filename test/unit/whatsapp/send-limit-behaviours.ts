import { expect } from '@jest/globals';
import type { SendLimitName } from '../../../src/core/events.js';
import type { WhatsAppLimits } from '../../../src/whatsapp/options.js';
import { type Send, SendLimits, type SendPermit } from '../../../src/whatsapp/send-limits.js';
import {
  allowed,
  type Behaviour,
  DAY,
  HOUR,
  inTurn,
  type LimitWorld,
  MINUTE,
  onlyLimits,
  SECOND,
  SLACK,
  sendTo,
  someSend,
  times,
} from './limit-world.js';

const NUMBER = '+64211234567';
type Granted = SendPermit & { ok: true };

const sends = ({ counters }: LimitWorld, limits: WhatsAppLimits): SendLimits =>
  new SendLimits(onlyLimits(limits), counters);

const granted = async (permit: Promise<SendPermit>): Promise<Granted> => {
  const taken = await permit;
  if (!taken.ok) {
    throw new Error(`Refused by ${taken.limit} for ${taken.retryAfterMs} ms`);
  }
  return taken;
};

async function expectRefused(
  permit: Promise<SendPermit>,
  limit: SendLimitName,
  afterMs: number,
): Promise<void> {
  const refused = await permit;
  expect(refused).toEqual({ ok: false, limit, retryAfterMs: expect.any(Number) });
  if (!refused.ok) {
    expect(refused.retryAfterMs).toBeLessThanOrEqual(afterMs);
    expect(refused.retryAfterMs).toBeGreaterThanOrEqual(Math.max(afterMs - SLACK, SECOND));
  }
}

/** Sends that have nothing in common but what the limit counts. */
const SHARING: Readonly<Record<'number' | 'user' | 'ip' | 'prefix' | 'budget', keyof Send | ''>> = {
  number: 'phoneNumber',
  user: 'subject',
  ip: 'ip',
  prefix: '',
  budget: '',
};

function sharing(limit: keyof typeof SHARING, index: number): Send {
  const field = SHARING[limit];
  const send = someSend(index);
  if (limit === 'prefix') {
    return { ...send, phoneNumber: `+6421123${1_000 + index}` };
  }
  return field === '' ? send : { ...send, [field]: someSend(0)[field] };
}

const EDGES: readonly Behaviour[] = (Object.keys(SHARING) as (keyof typeof SHARING)[]).map(
  (limit) => ({
    name: `lets as many through as the limit "${limit}" says, and again when its time is over`,
    run: async (world) => {
      const limits = sends(world, { [limit]: [{ max: 3, windowMs: 10 * MINUTE }] });
      const next = (index: number) => limits.take(sharing(limit, index));
      expect(allowed(await inTurn(3, next))).toBe(3);
      await expectRefused(next(3), limit, 10 * MINUTE);
      await world.pass(10 * MINUTE - 5 * SECOND);
      await expectRefused(next(4), limit, 5 * SECOND);
      if (limit !== 'budget') {
        await granted(limits.take(someSend(99)));
      }
      await world.pass(5 * SECOND);
      expect(allowed(await inTurn(5, (index) => next(10 + index)))).toBe(3);
    },
  }),
);

const SHARES: readonly Behaviour[] = [
  {
    name: 'holds the shorter and the longer of two windows',
    run: async (world) => {
      const limits = sends(world, {
        number: [
          { max: 2, windowMs: MINUTE },
          { max: 3, windowMs: HOUR },
        ],
      });
      const next = () => limits.take(sendTo(NUMBER));
      expect(allowed(await inTurn(2, next))).toBe(2);
      await expectRefused(next(), 'number', MINUTE);
      await world.pass(MINUTE);
      await granted(next());
      await expectRefused(next(), 'number', HOUR - MINUTE);
    },
  },
  {
    name: 'tells the longest of the waits when more than one limit refuses',
    run: async (world) => {
      const limits = sends(world, {
        waitsMs: [30 * SECOND],
        ip: [{ max: 1, windowMs: DAY }],
        number: [{ max: 1, windowMs: HOUR }],
      });
      await granted(limits.take(sendTo(NUMBER)));
      await expectRefused(limits.take(sendTo(NUMBER)), 'ip', DAY);
      await expectRefused(limits.take(sendTo(NUMBER, { ip: '203.0.113.2' })), 'number', HOUR);
    },
  },
  {
    name: 'counts nothing of what it refuses',
    run: async (world) => {
      const limits = sends(world, {
        number: [{ max: 1, windowMs: HOUR }],
        ip: [{ max: 10, windowMs: HOUR }],
        user: [{ max: 10, windowMs: HOUR }],
        prefix: [{ max: 10, windowMs: HOUR }],
        budget: [{ max: 10, windowMs: HOUR }],
      });
      const own = { subject: 'ann' };
      await granted(limits.take(sendTo(NUMBER, own)));
      const refused = await inTurn(30, () => limits.take(sendTo(NUMBER, own)));
      expect(allowed(refused)).toBe(0);
      const others = (index: number) => limits.take(sendTo(`+6421123${1_000 + index}`, own));
      expect(allowed(await inTurn(12, others))).toBe(9);
    },
  },
  {
    name: 'gives back to every limit what was not sent',
    run: async (world) => {
      const each = [{ max: 2, windowMs: HOUR }];
      const limits = sends(world, {
        waitsMs: [30 * SECOND],
        number: each,
        ip: each,
        user: each,
        prefix: each,
        budget: each,
        conversion: { minSends: 1, minRate: 1, windowMs: HOUR },
      });
      const next = () => limits.take(sendTo(NUMBER, { subject: 'ann' }));
      const waits = await inTurn(20, async () => {
        const failed = await granted(next());
        await failed.giveBack();
        return failed.resendAfterMs;
      });
      expect(new Set(waits)).toEqual(new Set([30 * SECOND]));
      await granted(next());
    },
  },
  {
    name: 'adds nothing to a new window by giving back what an old one counted',
    run: async (world) => {
      const limits = sends(world, { number: [{ max: 3, windowMs: MINUTE }] });
      const next = () => limits.take(sendTo(NUMBER));
      const old = await inTurn(3, () => granted(next()));
      await world.pass(MINUTE);
      await granted(next());
      await Promise.all(old.map(({ giveBack }) => giveBack()));
      expect(allowed(await inTurn(5, next))).toBe(2);
    },
  },
  {
    name: 'gives back once, however often it is asked',
    run: async (world) => {
      const limits = sends(world, { budget: [{ max: 3, windowMs: HOUR }] });
      const next = () => limits.take(sendTo(NUMBER));
      const [first] = await inTurn(3, () => granted(next()));
      await Promise.all(times(10, () => first?.giveBack()));
      expect(allowed(await inTurn(5, next))).toBe(1);
    },
  },
];

const CROWDS: readonly Behaviour[] = [
  {
    name: 'never lets more through when many come at once',
    run: async (world) => {
      const limits = sends(world, {
        prefix: [{ max: 7, windowMs: HOUR }],
        budget: [{ max: 20, windowMs: HOUR }],
      });
      const crowd = times(200, (index) => limits.take(sharing('prefix', index)));
      expect(allowed(await Promise.all(crowd))).toBe(7);
      const others = times(200, (index) => limits.take(someSend(index)));
      expect(allowed(await Promise.all(others))).toBe(13);
    },
  },
  {
    name: 'refuses nobody because of a crowd that is itself refused',
    run: async (world) => {
      const limits = sends(world, {
        ip: [{ max: 2, windowMs: HOUR }],
        prefix: [{ max: 10, windowMs: HOUR }],
        budget: [{ max: 20, windowMs: HOUR }],
      });
      const flood = times(200, (index) =>
        limits.take({ ...sharing('prefix', index), ip: '203.0.113.66' }),
      );
      const somebody = limits.take(sharing('prefix', 999));
      expect(allowed(await Promise.all(flood))).toBe(2);
      await granted(somebody);
    },
  },
];

const WAITS: readonly Behaviour[] = [
  {
    name: 'makes the wait longer with each message, and starts from the first after a right code',
    run: async (world) => {
      const waits = [30, 60, 120, 300].map((seconds) => seconds * SECOND);
      const limits = sends(world, { waitsMs: waits });
      const next = () => limits.take(sendTo(NUMBER));
      for (const wait of [...waits, 300 * SECOND]) {
        expect((await granted(next())).resendAfterMs).toBe(wait);
        await expectRefused(next(), 'wait', wait);
        await world.pass(wait - 5 * SECOND);
        await expectRefused(next(), 'wait', 5 * SECOND);
        await world.pass(5 * SECOND);
      }
      await limits.verified(NUMBER);
      expect((await granted(next())).resendAfterMs).toBe(30 * SECOND);
    },
  },
  {
    name: 'starts from the first wait again after an hour',
    run: async (world) => {
      const limits = sends(world, { waitsMs: [30 * SECOND, 60 * SECOND] });
      const next = () => limits.take(sendTo(NUMBER));
      await granted(next());
      await world.pass(30 * SECOND);
      expect((await granted(next())).resendAfterMs).toBe(60 * SECOND);
      await world.pass(HOUR);
      expect((await granted(next())).resendAfterMs).toBe(30 * SECOND);
    },
  },
  {
    name: 'keeps numbers apart, and lets one of many at once through',
    run: async (world) => {
      const limits = sends(world, { waitsMs: [30 * SECOND] });
      const crowd = times(100, () => limits.take(sendTo(NUMBER)));
      expect(allowed(await Promise.all(crowd))).toBe(1);
      await expectRefused(limits.take(sendTo(NUMBER)), 'wait', 30 * SECOND);
      await granted(limits.take(sendTo('+64211234568')));
    },
  },
];

const IDENTITIES: readonly Behaviour[] = [
  {
    name: 'counts addresses as clients, and those that nobody can read as one',
    run: async (world) => {
      const limits = sends(world, { ip: [{ max: 1, windowMs: HOUR }] });
      const from = (ip: string | undefined) => limits.take(sendTo(NUMBER, { ip }));
      await granted(from('2001:db8:1:2::1'));
      await expectRefused(from('2001:db8:1:2::2'), 'ip', HOUR);
      await granted(from('2001:db8:1:3::1'));
      await granted(from('203.0.113.9'));
      await expectRefused(from('::ffff:203.0.113.9'), 'ip', HOUR);
      await granted(from(undefined));
      await expectRefused(from('garbage'), 'ip', HOUR);
    },
  },
  {
    name: 'has no limit of users for somebody who signs in',
    run: async (world) => {
      const limits = sends(world, { user: [{ max: 1, windowMs: HOUR }] });
      expect(allowed(await inTurn(5, () => limits.take(sendTo(NUMBER))))).toBe(5);
    },
  },
];

export const SEND_LIMIT_BEHAVIOURS = [...EDGES, ...SHARES, ...CROWDS, ...WAITS, ...IDENTITIES];
