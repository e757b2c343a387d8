import { describe, expect, it } from '@jest/globals';
import { CodeAttempts } from '../../../src/whatsapp/code-attempts.js';
import { ConversionBreaker } from '../../../src/whatsapp/conversion-breaker.js';
import {
  type Counter,
  type CounterFactory,
  counterFactory,
} from '../../../src/whatsapp/counters.js';
import type { Limit, WhatsAppLimits } from '../../../src/whatsapp/options.js';
import { resolveWhatsAppOptions } from '../../../src/whatsapp/resolve-options.js';
import { SendLimits } from '../../../src/whatsapp/send-limits.js';

const SEND = { phoneNumber: '+64211234567', subject: 'ann', ip: '192.0.2.1' };

/** Counters whose making and use is noted. */
function noting() {
  const made: (Limit & { readonly name: string })[] = [];
  const used: string[] = [];
  const factory: CounterFactory = (name, limit) => {
    made.push({ name, ...limit });
    const counter = counterFactory(undefined, 'test')(name, limit);
    const noted =
      <Key extends keyof Counter>(call: Key) =>
      (key: string, windowMs?: number) => {
        used.push(`${name} ${call} ${key}`);
        return counter[call](key, windowMs) as ReturnType<Counter[Key]>;
      };
    return {
      take: noted('take'),
      waitFor: noted('waitFor'),
      clear: noted('clear'),
      exhaust: noted('exhaust'),
      read: noted('read'),
    };
  };
  return { made, used, factory };
}

const limitsOf = (limits: WhatsAppLimits) =>
  resolveWhatsAppOptions({ countries: 'any', limits }).limits;

describe('what is counted', () => {
  it('has a name of its own, so that a shared store keeps it apart', () => {
    const { made, factory } = noting();
    const limits = limitsOf({ waitsMs: [30_000, 120_000, 60_000] });
    new SendLimits(limits, factory);
    new CodeAttempts(limits, factory);
    expect([...new Set(made.map(({ name }) => name))]).toEqual([
      ...['conversion-sends', 'conversion-verified'],
      ...['send-number', 'send-user', 'send-ip', 'send-prefix', 'send-budget'],
      ...['send-wait', 'send-row', 'code-flow', 'code-verified', 'code-number'],
    ]);
    expect(made).toContainEqual({ name: 'send-wait', max: 1, windowMs: 120_000 });
  });

  it('is the whole application’s, for its budget', async () => {
    const { used, factory } = noting();
    await new SendLimits(limitsOf({}), factory).take(SEND);
    expect(used).toContain('send-budget take all');
  });

  it('is no row of messages where there are no waits', async () => {
    const { used, factory } = noting();
    const permit = await new SendLimits(limitsOf({ waitsMs: false }), factory).take(SEND);
    expect(permit).toMatchObject({ ok: true, resendAfterMs: 0 });
    expect(used.filter((use) => use.startsWith('send-row'))).toEqual([]);
  });
});

describe('the breaker for prefixes that do not convert', () => {
  const rule = { minSends: 2, minRate: 0.5, windowMs: 3_600_000 };

  it('refuses a crowd that has looked before it took, and counts none of what it refused', async () => {
    const breaker = new ConversionBreaker(rule, counterFactory(undefined, 'test'));
    expect(await breaker.take('+6421')).toMatchObject({ ok: true, count: 1 });
    expect(await breaker.take('+6421')).toMatchObject({ ok: true, count: 2 });
    for (const _again of [1, 2, 3]) {
      expect(await breaker.take('+6421')).toEqual({ ok: false, retryAfterMs: 1_000 });
    }
    await breaker.verified('+6421');
    expect(await breaker.take('+6421')).toMatchObject({ ok: true, count: 3 });
  });

  it('passes on what its store refuses', async () => {
    const refused = { ok: false, retryAfterMs: 5_000 } as const;
    const full: CounterFactory = (name, limit) => ({
      ...counterFactory(undefined, 'test')(name, limit),
      take: async () => refused,
    });
    expect(await new ConversionBreaker(rule, full).take('+6421')).toEqual(refused);
  });
});
