import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import fc from 'fast-check';
import { expectApproval } from '../../support/customer.js';
import { NumberOwner } from '../../support/number-owner.js';
import { foundTown } from '../../support/scenarios.js';
import { HostileWorld, MOST_IN_ALL, MOST_TO_A_NUMBER, PLATFORMS } from './hostile-world.js';
import { bankInputs, flowInputs, type Input, type Loot } from './inputs.js';
import { judge } from './judge.js';
import { sendRaw } from './raw-request.js';
import { webhookInputs } from './webhook-inputs.js';

const SEED = 20_261_123;
const AT_ONCE = 16;
const TO_ROUTES = 9_000;
const TO_FLOWS = 8_001;
const TO_WEBHOOK = 3_000;

const plenty = { max: 100_000, windowMs: 600_000 };
const town = foundTown({
  actions: { pay: { outcome: 'CHALLENGE' } },
  limits: { sends: plenty, verifies: plenty },
});

let world: HostileWorld;
let elsewhere: Emulator;
let loot: Loot;
let sent = 0;
/** How often which code was answered. */
const codes = new Map<string, number>();
/** How often a delivery was answered as one that a handler has taken. */
let taken = 0;

beforeAll(async () => {
  elsewhere = await startEmulator({ secret: 'the-secret-of-another-tenant', tenantId: 'other' });
  world = new HostileWorld(town());
  loot = { tokens: await world.stolenTokens(elsewhere), handles: await world.stolenHandles() };
}, 240_000);
afterAll(async () => {
  await world.close();
  await elsewhere.stop();
});

/** Sends one input in its very bytes; what is wrong with the answer, if anything is. */
async function fault(input: Input): Promise<object | undefined> {
  const { platform, site, method, target, user, body } = input;
  const host = await world[site](platform);
  const headers = [
    ...(user === undefined ? [] : [['x-user', `h${user}`] as const]),
    ...(body?.type === undefined ? [] : [['content-type', body.type] as const]),
    ...(body?.encoding === undefined ? [] : [['content-encoding', body.encoding] as const]),
    ...input.headers,
  ];
  const framed = body === undefined ? {} : { body: body.bytes, isChunked: body.isChunked };
  sent += 1;
  try {
    const answer = await sendRaw(host.url, { method, target, headers, ...framed });
    town().ledger.answers.push(answer.text);
    const [, code = String(answer.status)] = /"code":"(\w+)"/.exec(answer.text) ?? [];
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (site === 'webhook' && method === 'POST' && answer.status === 200) {
      taken += answer.text.includes('duplicate') ? 0 : 1;
    }
    const why = judge(input, answer);
    return why === undefined ? undefined : { why, answer, input: shown(input) };
  } catch (error) {
    return { why: String(error), input: shown(input) };
  }
}

function shown({ body, ...rest }: Input): object {
  const text = body?.bytes.toString('latin1').slice(0, 300);
  return { ...rest, body: body === undefined ? undefined : { ...body, bytes: text } };
}

/**
 * Sends them all, some at once; each is independent of the others and is shown whole where it fails. What rejects or
 * throws without anybody waiting for it fails the test that runs: Jest sees to that.
 */
async function besiege(inputs: fc.Arbitrary<Input>, count: number): Promise<void> {
  const all = fc.sample(inputs, { seed: SEED, numRuns: count }).values();
  const faults: object[] = [];
  const attack = async (): Promise<void> => {
    for (const input of all) {
      const found = await fault(input);
      if (found !== undefined) {
        faults.push(found);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attack));
  expect(faults.slice(0, 5)).toEqual([]);
  expect(await world.runs()).toBe(0);
}

describe(`hostile input of seed ${SEED}`, () => {
  it('runs no guarded handler, and is refused in so many words', async () => {
    await besiege(bankInputs(loot), TO_ROUTES);
  }, 180_000);

  it('sends no message beyond the limits, signs nobody in and changes no number', async () => {
    await besiege(flowInputs(loot), TO_FLOWS);
    const { app } = world;
    expect([app.sessions, app.changes, app.lookups]).toEqual([[], [], []]);
    const to = new Map<string, number>();
    for (const message of town().emulator.inbox.messages()) {
      to.set(message.to, (to.get(message.to) ?? 0) + 1);
    }
    // The number of those who step up is sent to by Authsignal itself, for what they answered before.
    to.delete('+64219000000');
    expect(Math.max(...to.values())).toBeLessThanOrEqual(MOST_TO_A_NUMBER * PLATFORMS.length);
    const inAll = [...to.values()].reduce((sum, count) => sum + count, 0);
    expect(inAll).toBeLessThanOrEqual(MOST_IN_ALL * PLATFORMS.length + 10);
    expect(inAll).toBeGreaterThan(20);
  }, 180_000);

  it('runs the handler of the webhook for signed events alone, and once for each', async () => {
    const { secret, clock } = town().emulator;
    await besiege(webhookInputs({ secret, now: clock.now() }), TO_WEBHOOK);
    const { received } = world;
    expect(received).toHaveLength(taken);
    expect(received.length).toBeGreaterThan(200);
    const times = new Map<string, number>();
    for (const event of received) {
      times.set(event, (times.get(event) ?? 0) + 1);
    }
    expect(Math.max(...times.values())).toBeLessThanOrEqual(PLATFORMS.length);
  }, 180_000);

  it('was 10,000 inputs at least', () => {
    expect(sent).toBeGreaterThanOrEqual(10_000);
  });

  it('got as far as every refusal that input can lead to', () => {
    const often = [
      'step_up_required',
      'step_up_unauthenticated',
      'request_invalid',
      'phone_invalid',
      'phone_not_allowed',
      'handle_invalid',
      'otp_send_limited',
      'webhook_signature_invalid',
      'webhook_invalid',
    ];
    expect(often.filter((code) => (codes.get(code) ?? 0) < 50)).toEqual([]);
    expect(town().emulator.requests.count('validate')).toBeGreaterThan(300);
    expect(town().emulator.requests.count('track')).toBeGreaterThan(1_000);
  });

  it.each(PLATFORMS)('leaves %s alive', async (platform) => {
    const customer = await world.customerAt(world.bank(platform));
    const sending = { path: '/default', body: { to: 'NZ-1', amount: 1 } };
    const proof = await customer.proofFor(sending);
    expectApproval(await customer.send({ ...sending, proof }), 'challenge');
    expect(customer.runs).toBe(1);
    const visitor = await world.customerAt(world.flows(platform), { enrolled: false });
    expect((await new NumberOwner(visitor, world.app).status()).status).toBe(200);
  });

  it('leaves no trace on the prototypes', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('brings no secret, number, code or token into a log or an answer', () => {
    town().ledger.expectNothingLeaked();
  });
});
