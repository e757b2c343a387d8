import { expect } from '@jest/globals';
import type { Fault } from 'authsignal-guard/emulator';
import type { Application } from '../../../support/application.js';
import { type Answer, expectRefusal } from '../../../support/customer.js';
import type { NumberOwner } from '../../../support/number-owner.js';
import type { StoppedTime } from '../../../support/stopped-time.js';
import { Desk, story as signedIn, UNENROLLED } from './desk.js';

/** Whoever signs in is nobody yet. */
const story = (name: string, play: (owner: NumberOwner, app: Application) => Promise<void>) =>
  signedIn(name, play, UNENROLLED);

const NOBODY = { as: null };
const cookiesOf = (answer: Answer): unknown => answer.headers['set-cookie'];

const paths = [
  story('a number that nobody knows yet, and once more', async (owner, app) => {
    const phone = owner.newPhone();
    const begun = await owner.begin('sign-in', phone, NOBODY);
    expect(owner.callsWith('challenge', phone)).toEqual([
      expect.objectContaining({
        verificationMethod: 'WHATSAPP',
        action: 'signInWithWhatsApp',
        phoneNumber: phone,
      }),
    ]);
    expect(owner.callsWith('challenge', phone)[0]).not.toHaveProperty('userId');
    expect(owner.callsWith('challenge', phone)[0]).not.toHaveProperty('scope');
    expect(app.lookups).toEqual([]);

    const answer = await owner.finish(begun, NOBODY);
    expect(answer).toMatchObject({ status: 200, json: { welcome: 'account-1' } });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(cookiesOf(answer)).toEqual(['sid=1; HttpOnly', 'seen=1']);
    expect(app.lookups).toEqual([phone]);
    expect(app.sessions).toEqual([
      { userId: 'account-1', phoneNumber: phone, token: expect.any(String) },
    ]);
    expect(owner.customer.event('signed_in')).toMatchObject({
      subject: 'account-1',
      phoneNumber: `+64••••${phone.slice(-4)}`,
    });

    const again = await owner.finish(await owner.begin('sign-in', phone, NOBODY), NOBODY);
    expect(again.json).toEqual({ welcome: 'account-1' });
  }),
  story('the token of the claim is one that Authsignal validates', async (owner, app) => {
    await owner.finish(await owner.begin('sign-in', undefined, NOBODY), NOBODY);
    const answer = await fetch(`${owner.emulator.apiUrl}/validate`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${owner.emulator.secret}:`).toString('base64')}`,
      },
      body: JSON.stringify({ token: app.sessions[0]?.token }),
    });
    expect(await answer.json()).toMatchObject({
      isValid: true,
      userId: 'account-1',
      state: 'CHALLENGE_SUCCEEDED',
    });
  }),
  story('who is signed in may sign in as somebody else, too', async (owner) => {
    const begun = await owner.begin('sign-in', undefined, { session: 'one' });
    const resent = owner.handleIn(await owner.resend(begun.handle, NOBODY));
    const code = await owner.code(begun.phone);
    const answer = await owner.verify('sign-in', resent, code, { as: 'another', session: 'two' });
    expect(answer.status).toBe(200);
  }),
  story('known and unknown numbers cannot be told apart', async (owner, app) => {
    const [known, unknown] = [owner.newPhone(), owner.newPhone()];
    app.knows(known, 'ann');
    owner.emulator.users.enroll('ann', { phoneNumber: known });
    const seen = [];
    for (const phone of [known, unknown]) {
      owner.emulator.requests.clear();
      const answer = await owner.start('sign-in', phone, NOBODY);
      const { date: _date, 'content-length': length, ...headers } = answer.headers;
      const calls = owner.emulator.requests.all().map(({ call, path, body }) => ({
        call,
        path,
        body: { ...Object(body), phoneNumber: Object(body).phoneNumber === phone },
      }));
      const { handle, phoneNumber, ...told } = answer.json;
      expect(phoneNumber).toBe(`+64••••${phone.slice(-4)}`);
      const shape = String(handle)
        .split('.')
        .map((part) => part.length);
      seen.push({ status: answer.status, headers, length, told, shape, calls });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.calls).toHaveLength(1);
    expect(app.lookups).toEqual([]);
  }),
  story('a number that Authsignal did not prove is not signed in', async (owner, app) => {
    const [phone, other] = [owner.newPhone(), owner.newPhone()];
    app.knows(other, 'victim');
    const begun = await owner.begin('sign-in', phone, NOBODY);
    for (const phoneNumber of [other, undefined]) {
      const body = { isVerified: true, verificationMethod: 'WHATSAPP', phoneNumber };
      owner.emulator.faults.add({ kind: 'status', status: 200, body, match: { call: 'verify' } });
      const answer = await owner.verify('sign-in', begun.handle, '123456', NOBODY);
      expectRefusal(answer, 503, 'step_up_unavailable');
      owner.emulator.faults.clear();
    }
    expect(owner.customer.event('unexpected_answer')).toMatchObject({ call: 'verify' });
    expect(app.lookups).toEqual([]);
    expect(owner.customer.calls('claim')).toBe(owner.callsWith('claim', 'victim').length);
  }),
];

type Break = (owner: NumberOwner, app: Application) => () => void;

const appFails =
  (callback: 'findOrCreateUser' | 'signedIn', run: () => unknown): Break =>
  (_owner, app) => {
    app.instead(callback, run);
    return () => app.instead(callback);
  };

const claimFails =
  (fault: Fault): Break =>
  (owner) =>
    owner.emulator.faults.add({ ...fault, match: { call: 'claim' } });

const reject = () => Promise.reject(new Error('the database is down'));
const raise = () => {
  throw new Error('the database is down');
};

/** What goes wrong after the right code, and at which step. */
const breaks: readonly (readonly [string, 'findOrCreateUser' | 'claim' | 'signedIn', Break])[] = [
  ['findOrCreateUser throws', 'findOrCreateUser', appFails('findOrCreateUser', raise)],
  ['findOrCreateUser rejects', 'findOrCreateUser', appFails('findOrCreateUser', reject)],
  ...[undefined, null, '', Number.NaN, 1.5, { id: 'ann' }, true].map(
    (value) =>
      [
        `findOrCreateUser returns ${typeof value} ${JSON.stringify(value)}`,
        'findOrCreateUser',
        appFails('findOrCreateUser', () => value),
      ] as const,
  ),
  ['the claim is answered 500', 'claim', claimFails({ kind: 'status' })],
  ['the claim is answered 429', 'claim', claimFails({ kind: 'status', status: 429 })],
  ['the claim is answered 400', 'claim', claimFails({ kind: 'status', status: 400 })],
  ['the claim is answered 401', 'claim', claimFails({ kind: 'status', status: 401 })],
  ['the claim is answered with a page', 'claim', claimFails({ kind: 'html' })],
  ['the claim is answered with nothing', 'claim', claimFails({ kind: 'empty' })],
  ['the claim is answered with half a JSON', 'claim', claimFails({ kind: 'malformed-json' })],
  ['the claim is answered without a token', 'claim', claimFails({ kind: 'missing-fields' })],
  ['the claim is answered with wrong types', 'claim', claimFails({ kind: 'wrong-types' })],
  ['the claim is reset before it is made', 'claim', claimFails({ kind: 'reset-before' })],
  ['the claim is reset after it was made', 'claim', claimFails({ kind: 'reset-after' })],
  ['the answer to the claim breaks off', 'claim', claimFails({ kind: 'truncated' })],
  ['signedIn throws', 'signedIn', appFails('signedIn', raise)],
  ['signedIn rejects', 'signedIn', appFails('signedIn', reject)],
  ...[undefined, null, 'text', { big: 1n }].map(
    (value) =>
      [
        `signedIn returns what is no answer: ${typeof value}`,
        'signedIn',
        appFails('signedIn', () => value),
      ] as const,
  ),
];

/** A sign-in that stopped after its right code. */
async function stopAt(owner: NumberOwner, app: Application, broken: Break) {
  const begun = await owner.begin('sign-in', undefined, NOBODY);
  const mend = broken(owner, app);
  const answer = await owner.finish(begun, NOBODY);
  expectRefusal(answer, 503, 'sign_in_incomplete');
  expect(answer.headers['retry-after']).toBe('1');
  expect(cookiesOf(answer)).toBeUndefined();
  return { begun, mend, handle: owner.handleIn(answer), answer };
}

const complete = (owner: NumberOwner, handle: string) =>
  owner.post('/sign-in/verify', { handle }, NOBODY);

const incomplete = breaks.map(([name, step, broken]) =>
  story(`${name}: it finishes without another code or message`, async (owner, app) => {
    const { begun, mend, handle } = await stopAt(owner, app, broken);
    expect(owner.customer.event('sign_in_incomplete')).toMatchObject({ step });
    if (step !== 'signedIn') {
      expect(app.sessions).toEqual([]);
    }

    const stillBroken = await complete(owner, handle);
    expectRefusal(stillBroken, 503, 'sign_in_incomplete');
    const next = owner.handleIn(stillBroken);
    mend();
    expectRefusal(await complete(owner, handle), 400, 'handle_invalid');
    const { claim, verify } = counts(owner);
    const done = await complete(owner, next);
    expect(done).toMatchObject({ status: 200, json: { welcome: 'account-1' } });
    expect(cookiesOf(done)).toEqual([expect.stringMatching(/^sid=/), 'seen=1']);
    expectRefusal(await complete(owner, next), 400, 'handle_invalid');

    expect(owner.messages(begun.phone)).toBe(1);
    expect(counts(owner)).toEqual({ verify, claim: claim + (step === 'signedIn' ? 0 : 1) });
    // What was done before is not done again: a lookup that succeeded is the last one.
    expect(app.lookups).toHaveLength(step === 'findOrCreateUser' ? 3 : 1);
    expect(app.sessions).toHaveLength(step === 'signedIn' ? 3 : 1);
    expect(new Set(app.sessions.map(({ token }) => token)).size).toBe(1);
  }),
);

function counts({ customer }: NumberOwner) {
  return { verify: customer.calls('verify'), claim: customer.calls('claim') };
}

const handles = (time: StoppedTime) => [
  story('the handle of an incomplete sign-in is good for that alone', async (owner, app) => {
    const { begun, mend, handle } = await stopAt(owner, app, appFails('findOrCreateUser', raise));
    mend();
    const code = owner.emulator.inbox.latest(begun.phone)?.code ?? '';
    expectRefusal(await owner.resend(handle), 400, 'handle_invalid');
    for (const flow of ['enrollment', 'phone-number'] as const) {
      expectRefusal(await owner.verify(flow, handle, code), 400, 'handle_invalid');
    }
    // The first handle was used up by its right code.
    const first = await owner.verify('sign-in', begun.handle, code, NOBODY);
    expectRefusal(first, 400, 'handle_invalid');
    expectRefusal(await complete(owner, begun.handle), 400, 'request_invalid', {
      errors: [{ pointer: '#/code', detail: expect.any(String) }],
    });
    expect(app.sessions).toEqual([]);
    expect((await complete(owner, handle)).status).toBe(200);
    expect(owner.messages(begun.phone)).toBe(1);
  }),
  story('twenty at once with the handle of an incomplete sign-in: one', async (owner, app) => {
    const { mend, handle } = await stopAt(owner, app, appFails('signedIn', raise));
    mend();
    app.sessions.length = 0;
    const claims = owner.customer.calls('claim');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        owner.customer.sendQuietly({
          path: '/whatsapp/sign-in/verify',
          body: { handle },
          as: null,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ json }) => json.code === 'handle_invalid')).toHaveLength(19);
    expect(app.sessions).toHaveLength(1);
    expect(owner.customer.calls('claim')).toBe(claims);
  }),
  story('the handle of an incomplete sign-in lives five minutes', async (owner, app) => {
    const short = await stopAt(owner, app, appFails('signedIn', raise));
    time.advance(299_000);
    short.mend();
    expect((await complete(owner, short.handle)).status).toBe(200);
    const late = await stopAt(owner, app, appFails('signedIn', raise));
    time.advance(300_000);
    late.mend();
    expectRefusal(await complete(owner, late.handle), 400, 'handle_invalid');
  }),
  story('trying an incomplete sign-in again does not make it live longer', async (owner, app) => {
    const { mend, handle } = await stopAt(owner, app, appFails('signedIn', raise));
    time.advance(200_000);
    const stillBroken = await complete(owner, handle);
    expectRefusal(stillBroken, 503, 'sign_in_incomplete');
    time.advance(100_000);
    mend();
    expectRefusal(await complete(owner, owner.handleIn(stillBroken)), 400, 'handle_invalid');
  }),
  story('trying an incomplete sign-in again does not lengthen its life', async (owner, app) => {
    const { mend, handle } = await stopAt(owner, app, appFails('signedIn', raise));
    time.advance(200_000);
    const next = owner.handleIn(await complete(owner, handle));
    mend();
    time.advance(100_000);
    expectRefusal(await complete(owner, next), 400, 'handle_invalid');
  }),
  story('a claim that Authsignal never lets be made again stays incomplete', async (owner, app) => {
    const { switches } = owner.emulator;
    switches.claimAgain = 'never';
    try {
      const { mend, handle } = await stopAt(owner, app, claimFails({ kind: 'reset-after' }));
      mend();
      expectRefusal(await complete(owner, handle), 503, 'sign_in_incomplete');
      expect(app.sessions).toEqual([]);
    } finally {
      switches.claimAgain = 'same-user';
    }
  }),
  story('a user id that is a number is sent as text', async (owner, app) => {
    app.instead('findOrCreateUser', () => 42);
    await owner.finish(await owner.begin('sign-in', undefined, NOBODY), NOBODY);
    expect(app.sessions).toMatchObject([{ userId: '42' }]);
  }),
];

const headers: readonly (readonly [string, string, string])[] = [
  ['a line break in a value', 'x-next', 'a\r\nset-cookie: sid=stolen'],
  ['a name that is none', 'x next', 'a'],
];

/** An application of its own, since the headers are set by signedIn. */
const header = { name: '', value: '' };
const setting = new Desk({
  flows: {
    signIn: {
      findOrCreateUser: () => 'ann',
      signedIn: ({ setHeader }) => {
        setHeader(header.name, header.value);
        return { ok: true };
      },
    },
  },
});

const setHeaders = [
  ...headers.map(([title, name, value]) =>
    setting.story(
      `signedIn sets ${title}: incomplete, and nothing of it leaves`,
      async (owner) => {
        Object.assign(header, { name, value });
        const answer = await owner.finish(await owner.begin('sign-in', undefined, NOBODY), NOBODY);
        expectRefusal(answer, 503, 'sign_in_incomplete');
        expect(cookiesOf(answer)).toBeUndefined();
      },
      UNENROLLED,
    ),
  ),
  ...['Cache-Control', 'Content-Type', 'Content-Length'].map((name) =>
    setting.story(
      `signedIn cannot set ${name}`,
      async (owner) => {
        Object.assign(header, { name, value: '3' });
        const answer = await owner.finish(await owner.begin('sign-in', undefined, NOBODY), NOBODY);
        expect(answer).toMatchObject({ status: 200, json: { ok: true } });
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      },
      UNENROLLED,
    ),
  ),
];

const strangers = [
  ...['undefined', 'null', '[object Object]', ' ', Number.NaN, {}].map((id) =>
    story(`an account with the id ${JSON.stringify(id)} is nobody's`, async (owner, app) => {
      app.instead('findOrCreateUser', () => id);
      const begun = await owner.begin('sign-in', owner.newPhone(), NOBODY);
      expectRefusal(await owner.finish(begun, NOBODY), 503, 'sign_in_incomplete');
      expect(app.sessions).toEqual([]);
    }),
  ),
  story('what another site can make a browser send signs nobody in', async (owner, app) => {
    const begun = await owner.begin('sign-in', owner.newPhone(), NOBODY);
    const code = await owner.code(begun.phone);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      const answer = await owner.customer.sendQuietly({
        path: '/whatsapp/sign-in/verify',
        body: new URLSearchParams({ handle: begun.handle, code }).toString(),
        type,
        ...NOBODY,
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
    expect(app.sessions).toEqual([]);
  }),
];

export const signInScenarios = (time: StoppedTime) => [
  ...strangers,
  ...paths,
  ...incomplete,
  ...handles(time),
  ...setHeaders,
];
