import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryReplayStore } from 'authsignal-guard';
import { NO_SEND_LIMITS } from '../../support/application.js';
import { type Answer, Customer } from '../../support/customer.js';
import { PLATFORMS, type Platform } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { type CodeFlow, NumberOwner, wrong } from '../../support/number-owner.js';
import { foundTown } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { CODE_FLOWS, type CodeFlowCase, Desk, TENANT, UNENROLLED } from './scenarios/desk.js';
import { FlakyStore } from './scenarios/flaky-store.js';

const CROWD = 50;

const time = stopTime();
const town = foundTown(TENANT);
let hosts: Hosts;
beforeAll(() => {
  hosts = new Hosts(town());
});
afterAll(() => hosts.close());

/** As it comes, and so that nothing but the burn decides. */
const byDefault = new Desk();
const uncounted = new Desk({
  flows: { limits: { ...NO_SEND_LIMITS, codesPerFlow: 1_000, codes: false } },
});
const { waitsMs: _none, ...noOtherLimits } = NO_SEND_LIMITS;
const waiting = new Desk({ flows: { limits: noOtherLimits } });

async function visit(
  desk: Desk,
  platform: Platform,
  customer: CodeFlowCase['customer'],
): Promise<NumberOwner> {
  desk.app.reset();
  const host = await hosts.of(desk.bank, platform);
  return new NumberOwner(new Customer(host, town(), customer), desk.app);
}

/** All at once, each request on a connection of its own. */
function crowd(ask: (index: number) => Promise<Answer>): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: CROWD }, (_, index) => ask(index)));
}

const ofStatus = (answers: readonly Answer[], status: number): readonly Answer[] =>
  answers.filter((answer) => answer.status === status);

/** How often each kind of answer was given. */
function tally(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { json, status } of answers) {
    const name = typeof json.code === 'string' ? json.code : String(status);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const LOSERS = [
  'handle_invalid',
  'otp_invalid',
  'otp_attempts_exceeded',
  // First enrollments of one user wait for one another.
  'step_up_unavailable',
];

async function verifyInParallel(owner: NumberOwner, flow: CodeFlow): Promise<void> {
  const { app } = owner;
  const begun = await owner.begin(flow);
  const resent = owner.handleIn(await owner.resend(begun.handle));
  const code = await owner.code(begun.phone);
  const claims = owner.customer.calls('claim');
  const answers = await crowd((index) =>
    owner.verify(flow, index % 2 === 0 ? begun.handle : resent, code),
  );
  const { 200: done, ...lost } = tally(answers);
  expect({ done, lost }).toEqual({ done: 1, lost: expect.anything() });
  expect(Object.keys(lost).filter((name) => !LOSERS.includes(name))).toEqual([]);
  expect(owner.messages(begun.phone)).toBe(2);
  const isSignIn = flow === 'sign-in';
  expect(owner.customer.calls('claim') - claims).toBe(isSignIn ? 1 : 0);
  expect(app.lookups).toHaveLength(isSignIn ? 1 : 0);
  expect(app.sessions).toHaveLength(isSignIn ? 1 : 0);
  expect(app.changes).toHaveLength(isSignIn ? 0 : 1);
  expect(owner.enrolled).toEqual(isSignIn ? [] : [begun.phone]);
}

describe.each(PLATFORMS)('%s', (platform) => {
  beforeEach(() => {
    town().emulator.switches.verifyAgain = 'refuse';
  });

  describe.each(CODE_FLOWS)('$flow', ({ flow, customer }) => {
    it('50 right codes at once over both handles: one success', async () => {
      await verifyInParallel(await visit(byDefault, platform, customer), flow);
    });

    it('50 right codes at once where Authsignal says yes to each: one success', async () => {
      town().emulator.switches.verifyAgain = 'succeed';
      await verifyInParallel(await visit(uncounted, platform, customer), flow);
    });

    it('50 wrong codes at once: five are looked at', async () => {
      const owner = await visit(byDefault, platform, customer);
      const begun = await owner.begin(flow);
      const code = await owner.code(begun.phone);
      const asked = owner.customer.calls('verify');
      const answers = await crowd(() => owner.verify(flow, begun.handle, wrong(code)));
      expect(owner.customer.calls('verify') - asked).toBeLessThanOrEqual(5);
      expect(ofStatus(answers, 200)).toEqual([]);
      // Who waited for the first enrollment of the user used up no attempt.
      const { otp_invalid: guesses = 0 } = tally(answers);
      expect(guesses).toBeGreaterThan(0);
      expect(guesses).toBeLessThanOrEqual(5);
    });
  });

  it('50 starts at once for one number: one message', async () => {
    for (const flow of ['sign-in', 'enrollment'] as const) {
      const owner = await visit(waiting, platform, UNENROLLED);
      const phone = owner.newPhone();
      const answers = await crowd(() => owner.start(flow, phone));
      expect(tally(answers)).toEqual({ 200: 1, otp_send_limited: CROWD - 1 });
      const waits = ofStatus(answers, 429).map(({ headers }) => headers['retry-after']);
      expect(new Set(waits)).toEqual(new Set(['30']));
      expect(owner.messages(phone)).toBe(1);
      expect(owner.callsWith('challenge', phone)).toHaveLength(1);
    }
  });

  it('50 starts at once for one number, over all flows and users: one message', async () => {
    const owner = await visit(waiting, platform, UNENROLLED);
    const phone = owner.newPhone();
    const answers = await crowd((index) =>
      owner.start(index % 2 === 0 ? 'sign-in' : 'enrollment', phone, { as: `user-${index}` }),
    );
    expect(ofStatus(answers, 200)).toHaveLength(1);
    expect(owner.messages(phone)).toBe(1);
  });

  it('50 starts at once with one approval of the old number: one message', async () => {
    const owner = await visit(byDefault, platform, {});
    const phone = owner.newPhone();
    const proof = await owner.stepUp(await owner.start('phone-number', phone));
    const answers = await crowd(() => owner.start('phone-number', phone, proof));
    expect(tally(answers)).toEqual({ 200: 1, step_up_consumed: CROWD - 1 });
    expect(owner.messages(phone)).toBe(1);
  });

  it('50 resends at once: as long as the wait lasts none, and then one', async () => {
    const owner = await visit(waiting, platform, UNENROLLED);
    const begun = await owner.begin('sign-in');
    const early = await crowd(() => owner.resend(begun.handle));
    expect(tally(early)).toEqual({ otp_send_limited: CROWD });
    expect(owner.messages(begun.phone)).toBe(1);
    time.advance(30_000);
    const answers = await crowd(() => owner.resend(begun.handle));
    expect(tally(answers)).toEqual({ 200: 1, otp_send_limited: CROWD - 1 });
    expect(owner.messages(begun.phone)).toBe(2);
  });
});

describe('four machines that share their stores', () => {
  const limitStore = new FlakyStore();
  const replayStore = new MemoryReplayStore({ clock: { now: () => Date.now() } });
  const everywhere = new Desk({
    flows: { limitStore, limits: noOtherLimits },
    options: () => ({ replayStore }),
  });

  /** Each request goes to another machine than the one before. */
  async function spread(path: string, owner: NumberOwner, body: object) {
    const machines = await Promise.all(PLATFORMS.map((each) => hosts.of(everywhere.bank, each)));
    return crowd((index) => {
      const host = machines[index % machines.length] ?? owner.customer.host;
      const { id } = owner.customer;
      const same = new Customer(host, town(), { id, enrolled: false });
      return same.send({ path: `/whatsapp${path}`, body });
    });
  }

  it.each(['sign-in', 'enrollment'] as const)('%s: one message and one success', async (flow) => {
    const owner = await visit(everywhere, 'express-5', UNENROLLED);
    const phone = owner.newPhone();
    const starts = await spread(`/${flow}`, owner, { phoneNumber: phone });
    expect(tally(starts)).toEqual({ 200: 1, otp_send_limited: CROWD - 1 });
    expect(owner.messages(phone)).toBe(1);
    const [started] = ofStatus(starts, 200);
    const handle = started === undefined ? '' : owner.handleIn(started);
    const code = await owner.code(phone);
    const claims = owner.customer.calls('claim');
    const answers = await spread(`/${flow}/verify`, owner, { handle, code });
    expect(ofStatus(answers, 200)).toHaveLength(1);
    expect(owner.customer.calls('claim') - claims).toBe(flow === 'sign-in' ? 1 : 0);
    expect(owner.app.sessions.length + owner.app.changes.length).toBe(1);
  });
});
