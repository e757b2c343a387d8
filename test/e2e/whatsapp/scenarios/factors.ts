import { expect } from '@jest/globals';
import { expectRefusal } from '../../../support/customer.js';
import { Desk, story, UNENROLLED } from './desk.js';

const masked = (phone: string): string => `+64••••${phone.slice(-4)}`;

const first = [
  story(
    'the first number is free: a code to it, and nothing else',
    async (owner, app) => {
      const phone = owner.newPhone();
      expect((await owner.status()).json).toEqual({ enrolled: false, phoneNumber: null });
      const begun = await owner.begin('enrollment', phone);
      expect(begun.answer.json).toEqual({
        handle: expect.any(String),
        phoneNumber: masked(phone),
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
        resendAfterMs: 0,
      });
      expect(owner.callsWith('challenge', phone)).toEqual([
        expect.objectContaining({
          verificationMethod: 'WHATSAPP',
          action: 'enrollWhatsApp',
          scope: 'add:authenticators',
          userId: owner.customer.id,
          phoneNumber: phone,
        }),
      ]);
      expect(owner.enrolled).toEqual([]);

      const answer = await owner.finish(begun);
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({ enrolled: true, phoneNumber: masked(phone) });
      expect(owner.enrolled).toEqual([phone]);
      expect((await owner.status()).json).toEqual({ enrolled: true, phoneNumber: masked(phone) });
      expect(app.changes).toEqual([
        { kind: 'enrollment', userId: owner.customer.id, phoneNumber: phone },
      ]);
      expect(owner.customer.event('authenticator_changed')).toMatchObject({
        phoneNumber: masked(phone),
        subject: owner.customer.id,
      });
      expect(owner.messages(phone)).toBe(1);
    },
    UNENROLLED,
  ),
  story(
    'two first numbers at once: one of them',
    async (owner, app) => {
      const [one, two] = [await owner.begin('enrollment'), await owner.begin('enrollment')];
      const codes = [await owner.code(one.phone), await owner.code(two.phone)];
      const answers = await Promise.all(
        [one, two].map(({ handle }, index) =>
          owner.customer.sendQuietly({
            path: '/whatsapp/enrollment/verify',
            body: { handle, code: codes[index] ?? '' },
          }),
        ),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const winner = answers[0]?.status === 200 ? one : two;
      const [loser, code = ''] = winner === one ? [two, codes[1]] : [one, codes[0]];
      expect(owner.enrolled).toEqual([winner.phone]);
      const again = await owner.verify('enrollment', loser.handle, code);
      expectRefusal(again, 400, 'handle_invalid');
      expect(owner.customer.event('handle_refused')).toMatchObject({ why: 'unproven' });
      expect(owner.enrolled).toEqual([winner.phone]);
      expect(app.changes).toHaveLength(1);
    },
    UNENROLLED,
  ),
  story(
    'a handle without step-up is refused once there is a factor, whatever its kind',
    async (owner) => {
      const begun = await owner.begin('enrollment');
      owner.emulator.users.enroll(owner.customer.id, { verificationMethod: 'PASSKEY' });
      expectRefusal(await owner.finish(begun), 400, 'handle_invalid');
      expect(owner.enrolled).not.toContain(begun.phone);
    },
    UNENROLLED,
  ),
  story(
    'who has no number has none to change',
    async (owner) => {
      const phone = owner.newPhone();
      expectRefusal(await owner.start('phone-number', phone), 403, 'step_up_enrollment_required', {
        enrollmentUrl: 'https://bank.test/enroll',
      });
      expect(owner.messages(phone)).toBe(0);
    },
    UNENROLLED,
  ),
  story('nobody is signed in: no status', async (owner) => {
    expectRefusal(await owner.status({ as: null }), 401, 'step_up_unauthenticated');
  }),
];

const further = (['enrollment', 'phone-number'] as const).flatMap((flow) => [
  story(
    `${flow} over an old number: the old one confirms, the new one proves`,
    async (owner, app) => {
      const { id, phone: old } = owner.customer;
      const phone = owner.newPhone();
      const refused = await owner.start(flow, phone);
      const action = flow === 'enrollment' ? 'enrollWhatsApp' : 'updatePhoneNumber';
      expectRefusal(refused, 403, 'step_up_required', { action });
      expect(owner.messages(phone)).toBe(0);

      const proof = await owner.stepUp(refused);
      const started = await owner.start(flow, phone, proof);
      expect(started.json).toMatchObject({ phoneNumber: masked(phone) });
      expect(owner.messages(phone)).toBe(1);
      expect(owner.enrolled).toEqual([old]);
      expect(owner.callsWith('challenge', phone)).toEqual([
        expect.objectContaining({ action, scope: 'add:authenticators update:authenticators' }),
      ]);

      const handle = owner.handleIn(started);
      const answer = await owner.verify(flow, handle, await owner.code(phone));
      expect(answer.json).toEqual({ enrolled: true, phoneNumber: masked(phone) });
      expect(owner.enrolled).toEqual([phone]);
      expect((await owner.status()).json).toEqual({ enrolled: true, phoneNumber: masked(phone) });
      expect(app.changes).toEqual([
        {
          kind: flow === 'enrollment' ? 'enrollment' : 'phone_number',
          userId: id,
          phoneNumber: phone,
          previousPhoneNumber: old,
        },
      ]);
    },
  ),
  story(`${flow}: the old number's approval is for one new number, once`, async (owner) => {
    const [phone, other] = [owner.newPhone(), owner.newPhone()];
    const proof = await owner.stepUp(await owner.start(flow, phone));
    const swapped = await owner.start(flow, other, proof);
    expectRefusal(swapped, 403, 'step_up_required', { reason: 'binding_mismatch' });
    expect((await owner.start(flow, phone, proof)).status).toBe(200);
    expectRefusal(await owner.start(flow, phone, proof), 409, 'step_up_consumed');
    expect(owner.messages(other)).toBe(0);
    expect(owner.messages(phone)).toBe(1);
  }),
  story(`${flow}: the same number in another spelling is the approved one`, async (owner) => {
    const phone = owner.newPhone();
    const proof = await owner.stepUp(await owner.start(flow, phone));
    const written = `0${phone.slice(3, 5)} ${phone.slice(5, 8)}-${phone.slice(8)}`;
    expect((await owner.start(flow, written, proof)).status).toBe(200);
    expect(owner.messages(phone)).toBe(1);
  }),
  story(`${flow}: an approval of the other flow is none`, async (owner) => {
    const phone = owner.newPhone();
    const other = flow === 'enrollment' ? 'phone-number' : 'enrollment';
    const proof = await owner.stepUp(await owner.start(other, phone));
    const answer = await owner.start(flow, phone, proof);
    expectRefusal(answer, 403, 'step_up_required', { reason: 'proof_invalid' });
    expect(owner.messages(phone)).toBe(0);
  }),
  story(`${flow}: an approval is given back if no code could be sent`, async (owner) => {
    const phone = owner.newPhone();
    const proof = await owner.stepUp(await owner.start(flow, phone));
    owner.emulator.faults.add({ kind: 'status', match: { call: 'challenge' }, times: 1 });
    expectRefusal(await owner.start(flow, phone, proof), 503, 'step_up_unavailable');
    expect((await owner.start(flow, phone, proof)).status).toBe(200);
    expect(owner.messages(phone)).toBe(1);
  }),
  story(`${flow}: the code to the old number does not prove the new one`, async (owner) => {
    const phone = owner.newPhone();
    const begun = await owner.begin(flow, phone);
    const oldCode = owner.emulator.inbox.latest(owner.customer.phone)?.code ?? '';
    expectRefusal(await owner.verify(flow, begun.handle, oldCode), 400, 'otp_invalid');
    expect(owner.enrolled).toEqual([owner.customer.phone]);
  }),
]);

/** An application whose defaults are as loose as they can be. */
const lax = new Desk({
  options: () => ({
    mode: 'observe',
    skip: () => true,
    whenUnavailable: 'allow',
    whenUnenrolled: 'allow',
    requireChallenge: false,
  }),
});

const loose = (['enrollment', 'phone-number'] as const).flatMap((flow) => [
  lax.story(`${flow}: loose defaults of the gate do not loosen it`, async (owner) => {
    const phone = owner.newPhone();
    const proof = await owner.stepUp(await owner.start(flow, phone));
    const swapped = await owner.start(flow, owner.newPhone(), proof);
    expectRefusal(swapped, 403, 'step_up_required', { reason: 'binding_mismatch' });
    expect(owner.messages(phone)).toBe(0);
  }),
  lax.story(`${flow}: it stays shut while Authsignal is out`, async (owner) => {
    const phone = owner.newPhone();
    owner.emulator.faults.add({ kind: 'reset-before', match: { call: 'track' } });
    expectRefusal(await owner.start(flow, phone), 503, 'step_up_unavailable');
    expect(owner.messages(phone)).toBe(0);
  }),
]);

const looseElsewhere = [
  lax.story('verified number: loose defaults of the gate do not loosen it', async (owner, app) => {
    const phone = owner.newPhone();
    app.records.set(owner.customer.id, phone);
    await owner.stepUp(await owner.post('/verified-number', {}));
    owner.emulator.faults.add({ kind: 'reset-before', match: { call: 'track' } });
    expectRefusal(await owner.post('/verified-number', {}), 503, 'step_up_unavailable');
    expect(owner.enrolled).toEqual([owner.customer.phone]);
  }),
  lax.story(
    'phone-number: without a number there is nothing to change, whatever the defaults',
    async (owner) => {
      const answer = await owner.start('phone-number', owner.newPhone());
      expectRefusal(answer, 403, 'step_up_enrollment_required');
    },
    UNENROLLED,
  ),
];

const blocking = new Desk({ flows: { enrollment: { action: 'blockedEnrollment' } } });
const challenging = new Desk({ flows: { enrollment: { action: 'challengedEnrollment' } } });

const ruled = [
  blocking.story(
    "Authsignal's rules may block a first number",
    async (owner) => {
      const phone = owner.newPhone();
      expectRefusal(await owner.start('enrollment', phone), 403, 'step_up_blocked');
      expect(owner.messages(phone)).toBe(0);
    },
    UNENROLLED,
  ),
  challenging.story("where Authsignal's rules challenge anyway, once is enough", async (owner) => {
    const begun = await owner.begin('enrollment');
    expect((await owner.finish(begun)).status).toBe(200);
    expect(owner.enrolled).toEqual([begun.phone]);
  }),
];

/** Nothing but WhatsApp can be answered in the emulator; for the others the state is set. */
const otherFactors = (['enrollment', 'phone-number'] as const).map((flow) =>
  story(
    `${flow}: a first number of somebody with a passkey`,
    async (owner, app) => {
      const { id } = owner.customer;
      owner.emulator.users.enroll(id, { verificationMethod: 'PASSKEY' });
      const phone = owner.newPhone();
      const refused = await owner.start(flow, phone);
      expectRefusal(refused, 403, 'step_up_required');
      const proof = owner.customer.tokenIn(refused);
      const [record] = owner.emulator.actions.records({ userId: id });
      if (record === undefined) {
        throw new Error('The step-up was not tracked.');
      }
      owner.emulator.actions.setState(record, 'CHALLENGE_SUCCEEDED');
      const handle = owner.handleIn(await owner.start(flow, phone, { proof }));
      const answer = await owner.verify(flow, handle, await owner.code(phone));
      expect(answer.json).toEqual({ enrolled: true, phoneNumber: masked(phone) });
      expect(owner.enrolled).toEqual([undefined, phone]);
      expect(app.changes).toEqual([
        {
          kind: flow === 'enrollment' ? 'enrollment' : 'phone_number',
          userId: id,
          phoneNumber: phone,
        },
      ]);
    },
    UNENROLLED,
  ),
);

const hooks = [
  story(
    'what onAuthenticatorChanged throws changes nothing',
    async (owner, app) => {
      app.instead('onAuthenticatorChanged', () => {
        throw new Error(`no mail to ${owner.customer.phone}`);
      });
      const begun = await owner.begin('enrollment');
      const answer = await owner.finish(begun);
      expect(answer).toMatchObject({ status: 200, json: { enrolled: true } });
      expect(app.changes).toHaveLength(1);
      expect(owner.customer.event('callback_failed')).toMatchObject({
        callback: 'onAuthenticatorChanged',
        error: 'Error: no mail to [number]',
      });
      expect(owner.enrolled).toEqual([begun.phone]);
    },
    UNENROLLED,
  ),
  story('nothing changes while nobody can tell the old number', async (owner, app) => {
    const begun = await owner.begin('phone-number');
    owner.emulator.faults.add({ kind: 'status', match: { call: 'getAuthenticators' } });
    expectRefusal(await owner.finish(begun), 503, 'step_up_unavailable');
    expect(app.changes).toEqual([]);
    expect(owner.customer.event('otp_verified')).toBeUndefined();
  }),
  story('an approval that was kept is worth nothing once its number is gone', async (owner) => {
    const wanted = owner.newPhone();
    const kept = await owner.stepUp(await owner.start('phone-number', wanted));
    const soon = await owner.begin('phone-number');
    expect((await owner.finish(soon)).status).toBe(200);
    expectRefusal(await owner.start('phone-number', wanted, kept), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    expect(owner.messages(wanted)).toBe(0);
  }),
  story('of two changes at once, one comes about', async (owner, app) => {
    const begun = [await owner.begin('phone-number'), await owner.begin('phone-number')];
    const codes = await Promise.all(begun.map(({ phone }) => owner.code(phone)));
    const answers = await Promise.all(
      begun.map(({ handle }, index) =>
        owner.customer.sendQuietly({
          path: '/whatsapp/phone-number/verify',
          body: { handle, code: codes[index] ?? '' },
        }),
      ),
    );
    const [done, ...more] = answers.filter(({ status }) => status === 200);
    expect([done?.status, more]).toEqual([200, []]);
    expect(app.changes).toHaveLength(1);
    expect(owner.enrolled).toEqual([app.changes[0]?.phoneNumber]);
  }),
  story('what the old number has approved ends with it', async (owner, app) => {
    const { phone } = owner.customer;
    const late = await owner.begin('phone-number');
    const soon = await owner.begin('phone-number');
    expect((await owner.finish(soon)).status).toBe(200);
    expectRefusal(await owner.finish(late), 400, 'handle_invalid');
    expect(app.changes).toMatchObject([{ phoneNumber: soon.phone, previousPhoneNumber: phone }]);
  }),
];

export const factorScenarios = [
  ...first,
  ...further,
  ...loose,
  ...looseElsewhere,
  ...ruled,
  ...otherFactors,
  ...hooks,
];
