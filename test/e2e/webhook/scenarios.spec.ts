import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import type { AuthsignalEvent, ReplayStore } from 'authsignal-guard';
import { MemoryReplayStore } from 'authsignal-guard';
import { expectRefusal } from '../../support/customer.js';
import { Deferred } from '../../support/deferred.js';
import { EXPRESS } from '../../support/host.js';
import { foundTown, playScenarios, type Scenario, storiesOf } from '../../support/scenarios.js';
import { anEvent, type Delivery, deliver, deliverQuietly, PATH } from '../../support/sender.js';
import { webhookHost } from '../../support/webhook-host.js';

const town = foundTown();
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const OLD_KEY = 'the-key-that-is-being-replaced';
const DUPLICATE = '{"received":true,"duplicate":true}';

/** What the handler does for an event, delivery by delivery; then it answers. */
const scripts = new Map<string, (() => unknown)[]>();

const handle = (event: AuthsignalEvent): unknown => {
  const next = scripts.get(event.id)?.shift();
  return next === undefined ? { handled: event } : next();
};

/** A store that fails as it is told. */
class MoodyStore implements ReplayStore {
  mood: 'works' | 'throws' | 'hangs' | 'answers nonsense' | 'keeps' = 'works';
  readonly #store = new MemoryReplayStore();

  burn(key: string, owner: string, ttlMs: number): Promise<boolean> {
    switch (this.mood) {
      case 'throws':
        return Promise.reject(new Error('READONLY redis://user:password@10.0.0.1'));
      case 'hangs':
        return new Promise(() => undefined);
      case 'answers nonsense':
        return Promise.resolve('OK' as never);
      default:
        return Promise.resolve(this.#store.burn(key, owner, ttlMs));
    }
  }

  restore(key: string, owner: string): Promise<void> {
    return this.mood === 'keeps'
      ? Promise.reject(new Error('READONLY'))
      : Promise.resolve(this.#store.restore(key, owner));
  }
}

const moody = new MoodyStore();
const routes = {
  [PATH]: {},
  '/webhooks/strict': { tenantId: 'tenant-1', toleranceMs: MINUTE_MS, maxBodyBytes: 1_000 },
  '/webhooks/rotated': { apiSecretKeys: () => ['the-key-that-comes-after', OLD_KEY] },
};
const story = storiesOf(webhookHost({ routes, handle }));
const moodyStory = storiesOf(
  webhookHost({ routes, handle, options: () => ({ replayStore: moody, timeoutMs: 50 }) }),
);

const refused: readonly (readonly [string, Delivery, string])[] = [
  ['without a signature', { signature: null }, 'header_missing'],
  ['with an empty one', { signature: '' }, 'header_malformed'],
  ['with half of one', { signature: 't=1740016316' }, 'header_malformed'],
  [
    'with a time that is no number',
    { signature: `t=NaN,v2=${'A'.repeat(43)}` },
    'header_malformed',
  ],
  ['with two headers', { signature: ['t=1', `v2=${'A'.repeat(43)}`] }, 'header_malformed'],
  [
    'with a huge header',
    { signature: `t=1740016316${`,v2=${'A'.repeat(43)}`.repeat(150)}` },
    'header_malformed',
  ],
  ['with the key of another tenant', { key: 'the-key-of-another-tenant' }, 'signature_mismatch'],
  ['with an old one', { inMs: -6 * MINUTE_MS }, 'too_old'],
  ['with one of the future', { inMs: 6 * MINUTE_MS }, 'too_new'],
  [
    'with one that is older than the route takes',
    { path: '/webhooks/strict', inMs: -2 * MINUTE_MS },
    'too_old',
  ],
  [
    "with the gate's key where others are given",
    { path: '/webhooks/rotated' },
    'signature_mismatch',
  ],
];

const signatures: readonly Scenario[] = [
  ...refused.map(([how, delivery, why]) =>
    story(`a delivery ${how} is refused`, async (customer) => {
      const answer = await deliver(customer, delivery);
      expectRefusal(answer, 401, 'webhook_signature_invalid', {
        detail: 'This webhook is not validly signed.',
      });
      expect(customer.event('webhook_refused')?.why).toBe(why);
      expect(customer.runs).toBe(0);
    }),
  ),
  story('a tampered byte is refused, and burns nothing', async (customer) => {
    const event = anEvent({ data: { to: '+6421000', code: '123' } });
    const honest = { event, inMs: 0 };
    const answer = await deliver(customer, {
      ...honest,
      body: JSON.stringify({ ...event, data: 'a-word-of-a-refused-body' }),
    });
    expectRefusal(answer, 401, 'webhook_signature_invalid');
    expect(customer.runs).toBe(0);
    expect((await deliverQuietly(customer, honest)).status).toBe(200);
    expect(customer.runs).toBe(1);
  }),
  ...[-4, 4].map((minutes) =>
    story(`a signature of ${minutes} minutes from now counts`, async (customer) => {
      const answer = await deliver(customer, {
        event: anEvent({ id: `at${minutes}`, time: 'then' }),
        inMs: minutes * MINUTE_MS,
      });
      expect(answer.status).toBe(200);
    }),
  ),
  story('either key counts while one takes the place of the other', async (customer) => {
    const path = '/webhooks/rotated';
    for (const key of [OLD_KEY, 'the-key-that-comes-after', ['unknown-key', OLD_KEY]]) {
      const event = anEvent({
        id: 'rotated',
        time: 'then',
        tenantId: `signed-by-${[key].flat().length}-${String(key).length}`,
      });
      expect((await deliver(customer, { path, key, event })).status).toBe(200);
    }
    expect(customer.runs).toBe(3);
  }),
];

const events: readonly Scenario[] = [
  story(
    'the handler gets the event, and what it answers is answered with 200',
    async (customer) => {
      const event = anEvent({ id: 'a'.repeat(200), time: 'then', type: 'of.next.year', extra: 1 });
      const { status, json } = await deliver(customer, { event });
      const known = Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'extra'));
      expect(status).toBe(200);
      expect(json).toEqual({ handled: { ...known, version: 1, source: 'https://authsignal.com' } });
      expect(customer.event('webhook_received')).toMatchObject({ eventType: 'of.next.year' });
    },
  ),
  story('a batch of log events is handled, and again when it comes again', async (customer) => {
    const records = [
      { type: 'action.log_created', record: { tenantId: 'tenant-1', state: 'ALLOW' } },
      { type: 'challenge.log_created', record: { tenantId: 'tenant-1' } },
    ];
    const delivery = { event: { records, by: customer.host.platform }, path: '/webhooks/strict' };
    const { status, json } = await deliverQuietly(customer, delivery);
    expect(status).toBe(200);
    expect(json).toMatchObject({ handled: { type: 'log_batch', records } });
    expect((await deliver(customer, delivery)).text).toBe(DUPLICATE);
    expect(customer.runs).toBe(1);
  }),
  ...(
    [
      ['is no event', { event: anEvent({ id: '' }) }],
      ['has an endless id', { event: anEvent({ id: 'a'.repeat(201) }) }],
      ['has a type that is no text', { event: anEvent({ type: 1 }) }],
      ['has no data', { event: anEvent({ data: null }) }],
      [
        'is of another tenant',
        { event: anEvent({ tenantId: 'tenant-2' }), path: '/webhooks/strict' },
      ],
      [
        'has records of another tenant',
        { event: { records: [{ record: { tenantId: 'tenant-2' } }] }, path: '/webhooks/strict' },
      ],
      ['has no records', { event: { records: [] } }],
    ] satisfies (readonly [string, Delivery])[]
  ).map(([how, delivery]) =>
    story(`a signed delivery that ${how} is refused`, async (customer) => {
      expectRefusal(await deliver(customer, delivery), 400, 'webhook_invalid');
      expect(customer.runs).toBe(0);
    }),
  ),
  story('a delivery that is too large is refused', async (customer) => {
    const event = anEvent({ data: { text: 'a'.repeat(1_000) } });
    const path = '/webhooks/strict';
    expectRefusal(await deliver(customer, { event, path }), 413, 'webhook_too_large');
    expect(customer.runs).toBe(0);
  }),
];

const failing = (status: number) => () => {
  throw Object.assign(new HttpException('not today', status), { statusCode: status });
};

const once: readonly Scenario[] = [
  story('a second delivery of an event runs nothing', async (customer) => {
    const event = anEvent();
    await deliverQuietly(customer, { event });
    const answer = await deliver(customer, { event, inMs: 1_000 });
    expect(answer).toMatchObject({ status: 200, text: DUPLICATE });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(customer.eventTypes).toEqual(['webhook_received', 'webhook_duplicate']);
    expect(customer.runs).toBe(1);
  }),
  story('50 deliveries at once run the handler once', async (customer) => {
    const event = anEvent();
    const sent = Array.from({ length: 50 }, () => deliverQuietly(customer, { event }));
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(answers.filter(({ text }) => text === DUPLICATE)).toHaveLength(49);
    expect(customer.runs).toBe(1);
  }),
  story('routes and tenants are told apart', async (customer) => {
    const event = anEvent();
    await deliverQuietly(customer, { event });
    await deliverQuietly(customer, { event, path: '/webhooks/strict' });
    await deliverQuietly(customer, { event: { ...event, tenantId: 'tenant-2' } });
    expect(customer.runs).toBe(3);
  }),
  story('an event is remembered for a day', async (customer) => {
    const event = anEvent();
    await deliverQuietly(customer, { event });
    customer.emulator.clock.advance(DAY_MS - MINUTE_MS);
    expect((await deliver(customer, { event })).text).toBe(DUPLICATE);
    customer.emulator.clock.advance(3 * MINUTE_MS);
    await deliverQuietly(customer, { event });
    expect(customer.runs).toBe(2);
  }),
  story(
    'a delivery that is replayed counts neither within nor beyond its time',
    async (customer) => {
      const { emulator } = customer;
      const event = anEvent();
      const from = emulator.clock.now();
      const ago = () => from - emulator.clock.now();
      await deliverQuietly(customer, { event });
      emulator.clock.advance(4 * MINUTE_MS);
      expect((await deliver(customer, { event, inMs: ago() })).text).toBe(DUPLICATE);
      emulator.clock.advance(2 * MINUTE_MS);
      expectRefusal(
        await deliver(customer, { event, inMs: ago() }),
        401,
        'webhook_signature_invalid',
      );
      expect(customer.runs).toBe(1);
    },
  ),
  ...[502, 503].map((status) =>
    story(
      `an event whose handler fails with ${status} is handled when it comes again`,
      async (customer) => {
        const event = anEvent();
        scripts.set(event.id, [failing(status), failing(status)]);
        const returned = customer.town.ledger.next('webhook_returned');
        expect((await deliver(customer, { event })).status).toBe(status);
        await returned;
        const returnedAgain = customer.town.ledger.next('webhook_returned');
        expect((await deliver(customer, { event })).status).toBe(status);
        await returnedAgain;
        expect((await deliverQuietly(customer, { event })).json).toMatchObject({
          handled: { id: event.id },
        });
        expect((await deliver(customer, { event })).text).toBe(DUPLICATE);
        expect(customer.runs).toBe(3);
      },
    ),
  ),
  story('a handler that answers below 500 has handled its event', async (customer) => {
    const event = anEvent();
    scripts.set(event.id, [failing(422)]);
    expect((await deliverQuietly(customer, { event })).status).toBe(422);
    expect((await deliver(customer, { event })).text).toBe(DUPLICATE);
    expect(customer.runs).toBe(1);
  }),
  story('a duplicate does not wait for the handler that still runs', async (customer) => {
    const event = anEvent();
    const work = new Deferred<object>();
    const begun = new Deferred();
    scripts.set(event.id, [
      () => {
        begun.resolve();
        return work.promise;
      },
    ]);
    const first = deliverQuietly(customer, { event });
    await begun.promise;
    expect((await deliver(customer, { event })).text).toBe(DUPLICATE);
    work.resolve({ done: true });
    expect((await first).json).toEqual({ done: true });
  }),
  story('what another guard turns away is not used up', async (customer) => {
    const event = anEvent();
    const turnedAway = await deliverQuietly(customer, {
      event,
      headers: { 'x-turned-away': 'yes' },
    });
    expect(turnedAway.status).toBe(403);
    await deliverQuietly(customer, { event });
    expect(customer.runs).toBe(1);
  }),
  ...(['throws', 'hangs', 'answers nonsense'] as const).map((mood) =>
    moodyStory(
      `a store that ${mood} refuses, and the next delivery is handled`,
      async (customer) => {
        const event = anEvent();
        moody.mood = mood;
        const answer = await deliver(customer, { event });
        moody.mood = 'works';
        expectRefusal(answer, 503, 'step_up_unavailable');
        expect(answer.headers['retry-after']).toBe('5');
        expect(customer.event('webhook_refused')).toMatchObject({ why: 'replay_store' });
        expect(customer.event('replay_store_failed')).toMatchObject({ step: 'burn' });
        expect(customer.host.gate.health()).toMatchObject({ replayStore: 'failing' });
        expect(customer.runs).toBe(0);
        await deliverQuietly(customer, { event });
        expect(customer.host.gate.health()).toMatchObject({ replayStore: 'working' });
        expect(customer.runs).toBe(1);
      },
    ),
  ),
  moodyStory('a store that cannot give an event back is reported', async (customer) => {
    const event = anEvent();
    scripts.set(event.id, [failing(502)]);
    const failed = customer.town.ledger.next('replay_store_failed');
    moody.mood = 'keeps';
    expect((await deliver(customer, { event })).status).toBe(502);
    await failed;
    moody.mood = 'works';
    expect(customer.event('replay_store_failed')).toMatchObject({ step: 'restore' });
    expect((await deliver(customer, { event })).text).toBe(DUPLICATE);
  }),
];

const lost = storiesOf(webhookHost({ routes, handle, raw: 'lost' }));
const unread = storiesOf(webhookHost({ routes, handle, raw: 'unread' }));

const bodies: readonly Scenario[] = [
  lost(
    'a body of which no bytes were kept is a mistake that the log tells of',
    async (customer) => {
      for (const _ of [1, 2]) {
        const event = anEvent({ data: { text: 'a-word-of-a-refused-body' } });
        expectRefusal(await deliver(customer, { event }), 500, 'step_up_misconfigured');
      }
      expect(customer.event('webhook_refused')).toMatchObject({ why: 'body_parsed' });
      expect(
        customer.logged.split('NestFactory.create(AppModule, { rawBody: true })'),
      ).toHaveLength(2);
      expect(customer.runs).toBe(0);
    },
  ),
];

const ownReading: readonly Scenario[] = [
  unread('the middleware reads a body that nobody has read', async (customer) => {
    const event = anEvent();
    const { json } = await deliverQuietly(customer, { event });
    expect(json).toMatchObject({ handled: event });
    expect((await deliver(customer, { event })).text).toBe(DUPLICATE);
    expect(customer.runs).toBe(1);
  }),
  unread(
    'and answers 413 to one that is too large, for length or as it comes',
    async (customer) => {
      const event = anEvent({ data: { text: 'a'.repeat(500_000) } });
      const path = '/webhooks/strict';
      expectRefusal(await deliver(customer, { event, path }), 413, 'webhook_too_large');
      expect((await deliverQuietly(customer, { event: anEvent(), path })).status).toBe(200);
    },
  ),
  ...(['text/plain', 'application/octet-stream'] as const).map((type) =>
    lost(`${type} behind its parser is signed by its bytes`, async (customer) => {
      const event = anEvent({ data: { name: 'Zoë 🙂' } });
      const answer = await deliverQuietly(customer, { event, type });
      expect(answer.json).toMatchObject({ handled: event });
    }),
  ),
];

playScenarios('signatures', signatures, { town });
playScenarios('events', events, { town });
playScenarios('once', once, { town });
playScenarios('bodies', bodies, { town });
playScenarios('bodies in Express', ownReading, { town, platforms: EXPRESS });

describe('what the scenarios left behind', () => {
  it('holds no secret, no code and no body', () => {
    town().ledger.secret(OLD_KEY);
    town().ledger.secret('a-word-of-a-refused-body');
    town().ledger.expectNothingLeaked();
  });
});
