import { expect } from '@jest/globals';
import { expectRefusal, type Sending } from '../../../support/customer.js';
import type { NumberOwner } from '../../../support/number-owner.js';
import { CODE_FLOWS, type CodeFlowCase, story, UNENROLLED } from './desk.js';

const field = (name: string) => ({
  errors: expect.arrayContaining([expect.objectContaining({ pointer: `#/${name}` })]),
});

type Body = Sending['body'];
const noFields: readonly (readonly [string, Body])[] = [
  ['no body', undefined],
  ['an empty body', {}],
  ['an array', []],
  ['an array with a body in it', [{ phoneNumber: '+64217000001', handle: 'x', code: '123456' }]],
  ['null for each', { phoneNumber: null, handle: null, code: null }],
  ['numbers', { phoneNumber: 64_217_000_001, handle: 1, code: 123_456 }],
  ['lists', { phoneNumber: ['+64217000001'], handle: ['x'], code: ['123456'] }],
  ['objects', { phoneNumber: { $ne: '' }, handle: { $ne: '' }, code: { $gt: '' } }],
  ['booleans', { phoneNumber: true, handle: true, code: true }],
  ['empty texts', { phoneNumber: '', handle: '', code: '' }],
  [
    'endless texts',
    { phoneNumber: '1'.repeat(65), handle: 'x'.repeat(4097), code: '1'.repeat(11) },
  ],
  ['names of another case', { PhoneNumber: '+64217000001', Handle: 'x', CODE: '123456' }],
  ['fields of a prototype', '{"__proto__x":{"phoneNumber":"+64217000001"}}'],
];

const ofBodies = ({ flow, customer }: CodeFlowCase) =>
  noFields.map(([name, body]) =>
    story(
      `${flow}: ${name}`,
      async (owner) => {
        const calls = owner.customer.calls(undefined);
        const more = typeof body === 'string' ? { type: 'json' } : {};
        const begin = await owner.post(`/${flow}`, body, more);
        expectRefusal(begin, 400, 'request_invalid', field('phoneNumber'));
        const verify = await owner.post(`/${flow}/verify`, body, more);
        expectRefusal(verify, 400, 'request_invalid', field('handle'));
        if (flow !== 'sign-in' || Object(body).code !== undefined) {
          expect(verify.json).toMatchObject(field('code'));
        }
        const again = await owner.post('/resend', body, more);
        expectRefusal(again, 400, 'request_invalid', field('handle'));
        expect(owner.customer.calls(undefined)).toBe(calls);
        expect(owner.customer.events).toEqual([]);
      },
      customer,
    ),
  );

/** What each framework's parser answers by itself. */
const unreadable: readonly (readonly [string, string, string])[] = [
  ['null', 'null', 'json'],
  ['a text', '"hello"', 'json'],
  ['a number', '42', 'json'],
  ['half a JSON', '{"phoneNumber":', 'json'],
  ['plain text', '+64217000001', 'text/plain'],
  ['bytes', '+64217000001', 'application/octet-stream'],
  ['too much', JSON.stringify({ phoneNumber: 'x'.repeat(2_000_000) }), 'json'],
];

const parsing = unreadable.map(([name, body, type]) =>
  story(
    `a body that is ${name} begins nothing`,
    async (owner) => {
      const calls = owner.customer.calls(undefined);
      for (const path of ['enrollment', 'sign-in', 'sign-in/verify', 'resend']) {
        const answer = await owner.customer.sendQuietly({ path: `/whatsapp/${path}`, body, type });
        expect([400, 413, 415]).toContain(answer.status);
      }
      expect(owner.customer.calls(undefined)).toBe(calls);
    },
    UNENROLLED,
  ),
);

/** What a client would like to say to Authsignal. */
const SMUGGLED = {
  scope: 'remove:authenticators',
  userId: 'somebody-else',
  challengeId: '7b1f0d0e-7a29-4d93-8a9e-6a2b8a7d9c11',
  action: 'createPayment',
  verificationMethod: 'EMAIL_OTP',
  email: 'thief@example.com',
  idempotencyKey: 'a-key-of-the-client',
  smsChannel: 'DEFAULT',
  skipVerificationCheck: true,
  steppedUp: true,
  subject: 'somebody-else',
  custom: { amount: 1 },
  isDefault: true,
  token: 'a-token-of-the-client',
};

const smuggled = ({ flow, customer }: CodeFlowCase) => [
  story(
    `${flow}: what a client adds to its bodies never reaches Authsignal`,
    async (owner: NumberOwner) => {
      const { phone: old } = owner.customer;
      const phone = owner.newPhone();
      owner.emulator.requests.clear();
      const begin = (more = {}) =>
        owner.post(`/${flow}`, { ...SMUGGLED, phoneNumber: phone }, more);
      const first = await begin();
      const answer = first.status === 403 ? await begin(await owner.stepUp(first, old)) : first;
      const handle = owner.handleIn(answer);
      const resent = owner.handleIn(await owner.post('/resend', { ...SMUGGLED, handle }));
      const code = await owner.code(phone);
      const body = { ...SMUGGLED, handle: resent, code };
      expect((await owner.post(`/${flow}/verify`, body)).status).toBe(200);
      const sent = owner.emulator.requests
        .all()
        .filter(({ call }) => !call.startsWith('client') && call !== 'page')
        .map(({ path, body }) => `${path} ${JSON.stringify(body)}`)
        .join('\n');
      for (const [name, value] of Object.entries(SMUGGLED)) {
        if (typeof value === 'string') {
          expect({ name, isThere: sent.includes(value) }).toEqual({ name, isThere: false });
        }
      }
      expect(sent).not.toContain('skipVerificationCheck');
      expect(owner.emulator.users.get('somebody-else')).toBeUndefined();
    },
    customer,
  ),
];

const queries = [
  story(
    'a number in the query is none in the body',
    async (owner) => {
      const answer = await owner.post('/sign-in?phoneNumber=%2B64217000001', {});
      expectRefusal(answer, 400, 'request_invalid', field('phoneNumber'));
    },
    UNENROLLED,
  ),
];

export const bodyScenarios = [
  ...CODE_FLOWS.flatMap(ofBodies),
  ...parsing,
  ...CODE_FLOWS.flatMap(smuggled),
  ...queries,
];
