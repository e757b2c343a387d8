import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ActionRequest } from '../../../src/core/action-request.js';
import { signWebhook } from '../../../src/testing/index.js';
import type { AuthsignalEvent } from '../../../src/webhook/authsignal-event.js';
import { readRawBody } from '../../../src/webhook/raw-body.js';
import { readEvent } from '../../../src/webhook/read-event.js';
import { resolveWebhook } from '../../../src/webhook/resolve-options.js';
import { WebhookReceiver } from '../../../src/webhook/webhook-receiver.js';
import { type Bench, bench, type Options, requestOf } from '../core/gate-bench.js';

const KEY = 'a server API secret';
const MINUTE_MS = 60_000;

const untouched = (): Readable => new PassThrough();
const event = (more: object = {}): Readonly<Record<string, unknown>> => ({
  id: 'one',
  type: 'sms.created',
  version: 1,
  source: 'https://authsignal.com',
  time: '2026-01-01T00:00:00Z',
  tenantId: 'tenant-1',
  data: { to: '+64210' },
  ...more,
});
const read = (given: unknown, tenantId?: string) =>
  readEvent(Buffer.from(JSON.stringify(given)), tenantId);

describe('readRawBody', () => {
  const limit = 10;
  const bytes = Buffer.from('{"a":1}');
  const ok = { ok: true, bytes };
  const message = untouched();

  it.each<[string, { rawBody?: unknown; body?: unknown }]>([
    ['kept bytes', { rawBody: bytes, body: { a: 1 } }],
    ['a kept text', { rawBody: '{"a":1}', body: { a: 1 } }],
    ['an unparsed buffer', { body: bytes }],
    ['an unparsed text', { body: '{"a":1}' }],
    ['a view into something larger', { body: new Uint8Array([0, ...bytes, 0]).subarray(1, 8) }],
  ])('takes %s', async (_name, { rawBody, body }) => {
    expect(await readRawBody({ rawBody, body, message }, limit)).toEqual(ok);
  });

  it.each([undefined, {}, null])('reads the stream where the body is %j', async (body) => {
    const stream = Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]);
    expect(await readRawBody({ rawBody: undefined, body, message: stream }, limit)).toEqual(ok);
  });

  it('does not take a parsed body for what was signed', async () => {
    const stream = Readable.from([bytes]);
    for await (const _ of stream) {
      // As a parser reads it.
    }
    const body = { a: 1 };
    expect(await readRawBody({ rawBody: undefined, body, message: stream }, limit)).toEqual({
      ok: false,
      why: 'body_parsed',
    });
  });

  it.each([10, 11])('has its limit between 10 and 11 bytes: %d', async (length) => {
    const body = Buffer.alloc(length);
    const stream = Readable.from([body.subarray(0, 6), body.subarray(6)]);
    const expected =
      length === 10 ? { ok: true, bytes: body } : { ok: false, why: 'body_too_large' };
    expect(await readRawBody({ rawBody: body, body: {}, message }, limit)).toEqual(expected);
    const places = { rawBody: undefined, body: undefined, message: stream };
    expect(await readRawBody(places, limit)).toEqual(expected);
  });

  it.each(['breaks', 'was broken before'])('ends where the connection %s', async (when) => {
    const stream = untouched();
    const places = { rawBody: undefined, body: undefined, message: stream };
    stream.on('error', () => undefined);
    if (when !== 'breaks') {
      stream.destroy();
    }
    const reading = readRawBody(places, limit);
    stream.destroy(new Error('aborted'));
    expect(await reading).toEqual({ ok: false, why: 'body_broken_off' });
  });
});

describe('readEvent', () => {
  it('throws for no bytes, and takes only whole events', () => {
    const bodies = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc
        .record(
          {
            id: fc.anything(),
            type: fc.anything(),
            data: fc.anything(),
            records: fc.anything(),
            tenantId: fc.anything(),
          },
          { requiredKeys: [] },
        )
        .map((more) =>
          Buffer.from(
            JSON.stringify(event(more), (_, value) => (typeof value === 'bigint' ? null : value)),
          ),
        ),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const reading = readEvent(body, undefined);
        if (reading.ok) {
          const { id, type } = reading.event;
          expect([typeof id, typeof type]).toEqual(['string', 'string']);
          expect(id.length).toBeGreaterThan(0);
          expect(id.length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 3_000 },
    );
  }, 240_000);

  it.each<[string, object]>([
    ['no id', event({ id: undefined })],
    ['an id that is a number', event({ id: 1 })],
    ['an endless type', event({ type: 'a'.repeat(201) })],
    ['no type', event({ type: undefined })],
    ['no tenant', event({ tenantId: undefined })],
    ['a version that is a text', event({ version: '1' })],
    ['no source', event({ source: null })],
    ['no time', event({ time: undefined })],
    ['a list as data', event({ data: [] })],
    ['a list around it', [event()]],
    ['501 records', { records: Array.from({ length: 501 }, () => ({})) }],
    ['records that are texts', { records: ['a'] }],
    ['records that are no list', { records: {} }],
    ['records and an id', { id: 'one', records: [{}] }],
  ])('refuses %s', (_name, given) => {
    expect(read(given)).toEqual({ ok: false, why: 'not_an_event' });
  });

  it('keeps a field named __proto__ where it is', () => {
    const body = JSON.stringify(event()).replace('"to"', '"__proto__"');
    const reading = readEvent(Buffer.from(body), undefined);
    expect(reading.ok && 'data' in reading.event && Object.keys(reading.event.data)).toEqual([
      '__proto__',
    ]);
    expect(Reflect.get({}, 'to')).toBeUndefined();
  });

  it.each<[object, boolean]>([
    [event(), true],
    [event({ tenantId: 'tenant-2' }), false],
    [event({ tenantId: 'TENANT-1' }), false],
    [
      { records: [{ record: { tenantId: 'tenant-1' } }, { data: { tenantId: 'tenant-1' } }, {}] },
      true,
    ],
    [{ records: [{ tenantId: 'tenant-1' }, { tenantId: 'tenant-2' }] }, false],
    [{ records: [{ record: { tenantId: 'tenant-2' } }] }, false],
    [{ records: [{ data: { tenantId: ['tenant-1'] } }] }, false],
  ])('compares tenants: %j is ours: %j', (given, isOurs) => {
    expect(read(given, 'tenant-1').ok).toBe(isOurs);
    expect(read(given).ok).toBe(true);
  });

  it('tells events apart by their type', () => {
    const reading = read(event());
    const data = (given: AuthsignalEvent): unknown =>
      given.type === 'sms.created' ? given.data.to : undefined;
    expect(reading.ok && data(reading.event)).toBe('+64210');
  });
});

describe('options', () => {
  it.each<[object, string]>([
    [{ apiSecretKeys: [] }, '`apiSecretKeys` must be a list of Server API secrets'],
    [{ apiSecretKeys: KEY }, '`apiSecretKeys` must be'],
    [{ apiSecretKeys: [KEY, undefined] }, '`apiSecretKeys` must be'],
    [{ apiSecretKeys: () => [''] }, '`apiSecretKeys` must be'],
    [{ apiSecretKeys: () => undefined }, '`apiSecretKeys` must be'],
    [{ toleranceMs: 0 }, '`toleranceMs` must be'],
    [{ toleranceMs: Number.NaN }, '`toleranceMs` must be'],
    [{ toleranceMs: Number.POSITIVE_INFINITY }, '`toleranceMs` must be'],
    [{ rememberMs: 599_999 }, '`rememberMs` must be at least twice `toleranceMs`'],
    [{ toleranceMs: 43_200_001 }, '`rememberMs` must be at least twice `toleranceMs`'],
    [{ tenantId: '' }, '`tenantId` must be'],
    [{ maxBodyBytes: 0 }, '`maxBodyBytes` must be'],
    [{ tolerance: 5 }, 'has no `tolerance`'],
    [new (class Options {})(), 'must be a plain object'],
  ])('%j is refused', (options, words) => {
    expect(() => resolveWebhook(options, KEY)).toThrow(words);
    expect(() => resolveWebhook(options, KEY)).toThrow(
      expect.objectContaining({ code: 'ERR_STEP_UP_OPTION' }),
    );
  });

  it('have defaults, and the key of the gate unless others are given', () => {
    expect(resolveWebhook({}, KEY)).toMatchObject({
      toleranceMs: 300_000,
      rememberMs: 86_400_000,
      maxBodyBytes: 1_048_576,
    });
    expect(resolveWebhook({ rememberMs: 600_000 }, KEY).keys).toHaveLength(1);
    expect(resolveWebhook({ apiSecretKeys: [KEY, 'another'] }, undefined).keys).toHaveLength(2);
    expect(() => resolveWebhook({}, undefined)).toThrow('a port of your own');
  });
});

/** One receiver on a gate that is wholly in view. */
function receiving(
  options: Partial<Options> = {},
  apiSecretKeys = [KEY],
  name = 'webhook',
  rememberMs = 86_400_000,
) {
  const world: Bench = bench(options);
  const receiver = new WebhookReceiver(world.gate, { apiSecretKeys, rememberMs }, name);
  const receive = (
    given: object,
    changes: Partial<ActionRequest> = {},
    inMs = 0,
    unread?: { readonly message: Readable },
  ) => {
    const now = world.clock.now() + inMs;
    const { headers, body } = signWebhook({ apiSecretKey: KEY, event: { ...given }, now });
    const request = { ...requestOf(), raw: undefined, headers, ...changes };
    const places = unread === undefined ? { rawBody: body, message: untouched() } : unread;
    return receiver.receive(request, { rawBody: undefined, body: undefined, ...places });
  };
  return { ...world, receive };
}

describe('a receiver', () => {
  it('keeps a store from seeing an id, each audience and each name for itself, whatever the address', async () => {
    const keys: string[] = [];
    const replayStore = {
      burn: (key: string, _owner: string, ttlMs: number) => keys.push(`${key} ${ttlMs}`) > 0,
      restore: () => undefined,
    };
    for (const audience of ['shop', 'bank']) {
      const { receive } = receiving({ replayStore, audience });
      await receive(event());
      await receive(event(), { path: '/PAYMENTS/' });
      await receive(event(), { route: '/elsewhere' });
      await receiving({ replayStore, audience }, [KEY], 'mail').receive(event());
    }
    expect(new Set(keys).size).toBe(4);
    expect(keys.filter((key) => !/^webhook:[\w-]{43} 86460000$/.test(key))).toEqual([]);
  });

  it('remembers an event longer than any signature of it may hold', async () => {
    const { receive, clock } = receiving();
    const ahead = 5 * MINUTE_MS;
    expect((await receive(event(), {}, ahead)).kind).toBe('received');
    clock.advance(2 * ahead);
    expect((await receive(event(), {}, -ahead)).kind).toBe('duplicate');
    clock.advance(1);
    expect((await receive(event(), {}, -ahead - 1_000)).kind).toBe('refused');
  });

  it('remembers it for a minute longer, for another process may have a clock that is behind', async () => {
    const { receive, clock } = receiving({}, [KEY], 'webhook', 10 * MINUTE_MS);
    const ahead = 5 * MINUTE_MS;
    expect((await receive(event(), {}, ahead)).kind).toBe('received');
    clock.advance(11 * MINUTE_MS - 1);
    // As it is for a process that is a minute behind.
    expect((await receive(event())).kind).toBe('duplicate');
    clock.advance(1);
    expect((await receive(event())).kind).toBe('received');
  });

  it.each([
    ['too_old', -5 * MINUTE_MS - 1_000],
    ['too_new', 5 * MINUTE_MS + 1_000],
    ['header_malformed', undefined],
  ])('reads nothing of a body that came with a header that is %s', async (why, inMs) => {
    const { receive, events } = receiving();
    const message = Readable.from([Buffer.from('{}')]);
    const headers = inMs === undefined ? { headers: { 'x-signature-v2': 'junk' } } : {};
    const outcome = await receive(event(), headers, inMs, { message });
    expect(outcome).toMatchObject({ verdict: { kind: 'webhook_unsigned' } });
    expect(events).toMatchObject([{ type: 'webhook_refused', why }]);
    expect(message.readableDidRead).toBe(false);
  });

  it('refuses a body that came so slowly that its signature is too old by its end', async () => {
    const { receive, clock, events } = receiving();
    const message = new PassThrough();
    const outcome = receive(event(), {}, 0, { message });
    clock.advance(5 * MINUTE_MS + 1_000);
    message.end(signWebhook({ apiSecretKey: KEY, event: event() }).body);
    expect(await outcome).toMatchObject({ verdict: { kind: 'webhook_unsigned' } });
    expect(events).toMatchObject([{ why: 'too_old' }]);
  });

  it('gives an event back once, and lets no handler begin afterwards', async () => {
    const { receive, told } = receiving();
    const outcome = await receive(event());
    if (outcome.kind !== 'received') {
      throw new Error('It is the first.');
    }
    const { delivery } = outcome;
    await Promise.all([delivery.end(), delivery.end(), delivery.giveBack()]);
    expect(delivery.begin()).toBe(false);
    expect(told()).toEqual(['webhook_received', 'webhook_returned']);
    expect((await receive(event())).kind).toBe('received');
  });

  it('keeps an event whose handler has begun when the request ends', async () => {
    const { receive } = receiving();
    const outcome = await receive(event());
    if (outcome.kind !== 'received') {
      throw new Error('It is the first.');
    }
    expect(outcome.delivery.begin()).toBe(true);
    await outcome.delivery.end();
    expect((await receive(event())).kind).toBe('duplicate');
  });

  it('tells the log of a key that does not fit, once, and of junk nothing', async () => {
    const { receive, lines, events } = receiving({}, ['the secret of another tenant']);
    await receive(event());
    await receive(event({ id: 'two' }));
    await receive(event(), { headers: {} });
    await receive(event(), { headers: { 'x-signature-v2': 'junk' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('check that the API secret is of the same tenant');
    expect(events.map((each) => ('why' in each ? each.why : undefined))).toEqual([
      'signature_mismatch',
      'signature_mismatch',
      'header_missing',
      'header_malformed',
    ]);
    expect(JSON.stringify(events) + lines.join()).not.toContain('+64210');
  });
});
