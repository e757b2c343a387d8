import { expect } from '@jest/globals';
import { expectRefusal } from '../../../support/customer.js';
import { story, UNENROLLED } from './desk.js';

const PATH = '/verified-number';

const bodies = [
  ['no body', undefined],
  ['an empty body', {}],
  ['fields that mean nothing here', { userId: 'somebody', verificationMethod: 'SMS' }],
] as const;

export const verifiedNumberScenarios = [
  ...bodies.map(([name, body]) =>
    story(
      `a number of the application's own records, sent with ${name}`,
      async (owner, app) => {
        const phone = owner.newPhone();
        app.records.set(owner.customer.id, phone);
        const answer = await owner.post(PATH, body);
        expect(answer.status).toBe(200);
        expect(answer.json).toEqual({
          enrolled: true,
          phoneNumber: `+64••••${phone.slice(-4)}`,
          recoveryCodes: expect.arrayContaining([expect.stringMatching(/^\w{5}-\w{5}$/)]),
        });
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(owner.enrolled).toEqual([phone]);
        expect(owner.messages(phone)).toBe(0);
        expect(app.changes).toEqual([
          { kind: 'verified_number', userId: owner.customer.id, phoneNumber: phone },
        ]);
      },
      UNENROLLED,
    ),
  ),
  story(
    'recovery codes only where the tenant has them',
    async (owner, app) => {
      app.records.set(owner.customer.id, owner.newPhone());
      owner.emulator.switches.recoveryCodes = false;
      try {
        expect((await owner.post(PATH, {})).json).toMatchObject({ recoveryCodes: [] });
      } finally {
        owner.emulator.switches.recoveryCodes = true;
      }
    },
    UNENROLLED,
  ),
  ...[(phone: string) => phone, () => null, () => 42, () => ''].map((sent, index) =>
    story(
      `a phoneNumber in the body is refused (${index + 1})`,
      async (owner, app) => {
        const phone = owner.newPhone();
        app.records.set(owner.customer.id, phone);
        const body = { phoneNumber: sent(phone) };
        expectRefusal(await owner.post(PATH, body), 400, 'request_invalid', {
          errors: [{ pointer: '#/phoneNumber', detail: expect.any(String) }],
        });
        expect(owner.enrolled).toEqual([]);
      },
      UNENROLLED,
    ),
  ),
  story('who has a number confirms with it first, for this very one', async (owner, app) => {
    const { id, phone: old } = owner.customer;
    const [phone, other] = [owner.newPhone(), owner.newPhone()];
    app.records.set(id, phone);
    const refused = await owner.post(PATH, {});
    expectRefusal(refused, 403, 'step_up_required', { action: 'enrollVerifiedNumber' });
    const proof = await owner.stepUp(refused);
    app.records.set(id, other);
    const swapped = await owner.post(PATH, {}, proof);
    expectRefusal(swapped, 403, 'step_up_required', { reason: 'binding_mismatch' });
    expect(owner.enrolled).toEqual([old]);
    app.records.set(id, phone);
    expect(await owner.post(PATH, {}, proof)).toMatchObject({
      status: 200,
      json: { enrolled: true, recoveryCodes: [] },
    });
    expect(owner.enrolled).toEqual([phone]);
    // It is there already: nothing to approve, nothing to change, nothing to tell.
    const again = await owner.post(PATH, {});
    expect(again).toMatchObject({ status: 200, json: { enrolled: true, recoveryCodes: [] } });
    expect(app.changes).toEqual([
      { kind: 'verified_number', userId: id, phoneNumber: phone, previousPhoneNumber: old },
    ]);
  }),
  story('an approval is given back if Authsignal could not enroll', async (owner, app) => {
    app.records.set(owner.customer.id, owner.newPhone());
    const proof = await owner.stepUp(await owner.post(PATH, {}));
    const match = { call: 'enrollVerifiedAuthenticator' } as const;
    owner.emulator.faults.add({ kind: 'status', match, times: 1 });
    expectRefusal(await owner.post(PATH, {}, proof), 503, 'step_up_unavailable');
    expect(app.changes).toEqual([]);
    expect((await owner.post(PATH, {}, proof)).status).toBe(200);
  }),
  ...(
    [
      ['null', () => null, 422, 'phone_not_allowed'],
      ['undefined', () => undefined, 422, 'phone_not_allowed'],
      ['no phoneNumber', () => ({}), 422, 'phone_not_allowed'],
      ['a number as a number', () => ({ phoneNumber: 64211234567 }), 422, 'phone_not_allowed'],
      ['a fixed line', () => ({ phoneNumber: '+6444994000' }), 422, 'phone_not_allowed'],
      ['a number abroad', () => ({ phoneNumber: '+447400123456' }), 422, 'phone_not_allowed'],
      ['no number', () => ({ phoneNumber: 'unknown' }), 400, 'phone_invalid'],
      ['a rejection', () => Promise.reject(new Error('db')), 500, 'step_up_misconfigured'],
    ] as const
  ).map(([name, resolved, status, code]) =>
    story(
      `resolve gives ${name}`,
      async (owner, app) => {
        app.instead('resolve', resolved);
        expectRefusal(await owner.post(PATH, {}), status, code);
        expect(owner.enrolled).toEqual([]);
        expect(app.changes).toEqual([]);
      },
      UNENROLLED,
    ),
  ),
  story(
    'resolve throws',
    async (owner, app) => {
      app.instead('resolve', () => {
        throw new Error(`no row for ${owner.customer.phone}`);
      });
      expectRefusal(await owner.post(PATH, {}), 500, 'step_up_misconfigured');
      expect(owner.customer.event('callback_failed')).toMatchObject({
        callback: 'resolve',
        error: 'Error: no row for [number]',
      });
    },
    UNENROLLED,
  ),
  story('nobody is signed in: resolve is not asked', async (owner, app) => {
    let asked = 0;
    app.instead('resolve', () => {
      asked += 1;
    });
    const answer = await owner.post(PATH, {}, { as: null });
    expectRefusal(answer, 401, 'step_up_unauthenticated');
    expect(asked).toBe(0);
  }),
];
