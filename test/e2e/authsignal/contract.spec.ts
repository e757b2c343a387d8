import {
  AuthScope,
  Authsignal,
  type EnrollVerifiedAuthenticatorAttributes,
  UserActionState,
  VerificationMethod,
} from '@authsignal/node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpAuthsignal } from '../../../src/authsignal/http-authsignal.js';
import type { AuthsignalPort, TrackAttributes } from '../../../src/core/authsignal-port.js';
import { type Recorded, StubApi } from './stub-api.js';

const SECRET = 'Zm9v+/sécret==';

let stub: StubApi;
let sdk: Authsignal;
let ours: HttpAuthsignal;

beforeEach(async () => {
  stub = await StubApi.start();
  sdk = new Authsignal({ apiSecretKey: SECRET, apiUrl: stub.apiUrl, retries: 0 });
  ours = new HttpAuthsignal({ apiSecretKey: SECRET, apiUrl: stub.apiUrl });
});

afterEach(async () => {
  await ours.close();
  await stub.stop();
});

/** What a server understands of a request, whatever way it was written. */
function meaningOf({ method, target, headers, body }: Recorded) {
  const [path = '', query = ''] = target.split('?');
  return {
    method,
    segments: path.split('/').map(decodeURIComponent),
    query,
    body: body === '' ? undefined : JSON.parse(body),
    authorization: headers.authorization,
    contentType: headers['content-type'],
    acceptsJson: headers.accept?.includes('application/json'),
  };
}

const fullAttributes: Required<TrackAttributes> = {
  redirectUrl: 'https://app.example/back?x=1',
  ipAddress: '2001:db8::1',
  userAgent: 'Mozilla/5.0 (test) "quoted" ünï',
  deviceId: '0b9ad1a0-6d1c-4d5e-9c7e-0123456789ab',
  email: 'jané@example.org',
  phoneNumber: '+64211234567',
  username: 'Jané',
  locale: 'mi-NZ',
  custom: { amount: 200_000, currency: 'NZD', isFirst: true, ratio: 0.1 },
};

const reference = { userId: 'user-1', action: 'createPayment', idempotencyKey: 'v1_abc-DEF' };

type Pair = readonly [
  name: string,
  bySdk: (authsignal: Authsignal) => Promise<unknown>,
  byOurs: (port: AuthsignalPort) => Promise<unknown>,
];

function trackPair(name: string, userId: string, attributes: TrackAttributes): Pair {
  const { action, idempotencyKey } = reference;
  return [
    `track ${name}`,
    (authsignal) =>
      authsignal.track({ userId, action, attributes: { ...attributes, idempotencyKey } }),
    (port) => port.track({ userId, action, idempotencyKey, attributes }),
  ];
}

function challengePair(
  name: string,
  request: Parameters<AuthsignalPort['challenge']>[0],
  scope?: AuthScope,
): Pair {
  const { scope: _scope, ...rest } = request;
  return [
    `challenge ${name}`,
    (authsignal) => authsignal.challenge(scope === undefined ? rest : { ...rest, scope }),
    (port) => port.challenge(request),
  ];
}

function enrollPair(
  name: string,
  bySdk: EnrollVerifiedAuthenticatorAttributes,
  byOurs: Omit<Parameters<AuthsignalPort['enrollVerifiedAuthenticator']>[0], 'userId'>,
): Pair {
  const { userId } = reference;
  return [
    `enrollVerifiedAuthenticator ${name}`,
    (authsignal) => authsignal.enrollVerifiedAuthenticator({ userId, attributes: bySdk }),
    (port) => port.enrollVerifiedAuthenticator({ userId, ...byOurs }),
  ];
}

const PAIRS: readonly Pair[] = [
  trackPair('without attributes', 'user-1', {}),
  trackPair('with every attribute', 'user-1', fullAttributes),
  trackPair('of an id with harmless punctuation', "auth0|5f7c8ec7.~!*'()@", {}),
  trackPair('with empty values', 'user-1', { custom: {}, username: '' }),
  [
    'validateChallenge',
    (authsignal) =>
      authsignal.validateChallenge({ token: 'a.b.c', userId: 'user-1', action: 'pay' }),
    (port) => port.validateChallenge({ token: 'a.b.c', userId: 'user-1', action: 'pay' }),
  ],
  challengePair('to sign in', {
    verificationMethod: 'WHATSAPP',
    action: 'signInWithWhatsApp',
    phoneNumber: '+64211234567',
    idempotencyKey: 'key-1',
    locale: 'en',
    ipAddress: '203.0.113.9',
    userAgent: 'Mozilla/5.0',
    deviceId: 'device-1',
  }),
  challengePair(
    'to enrol',
    {
      verificationMethod: 'WHATSAPP',
      action: 'enrollWhatsApp',
      phoneNumber: '+64211234567',
      userId: 'user-1',
      scope: 'add:authenticators',
    },
    AuthScope.addAuthenticators,
  ),
  challengePair(
    'to change the number',
    {
      verificationMethod: 'SMS',
      action: 'updatePhoneNumber',
      phoneNumber: '+64211234567',
      userId: 'user-1',
      scope: 'update:authenticators',
    },
    AuthScope.updateAuthenticators,
  ),
  challengePair('again', {
    verificationMethod: 'EMAIL_OTP',
    action: 'signIn',
    email: 'jane@example.org',
    challengeId: 'challenge-1',
  }),
  [
    'verify',
    (authsignal) => authsignal.verify({ challengeId: 'c-1', verificationCode: '012345' }),
    (port) => port.verify({ challengeId: 'c-1', verificationCode: '012345' }),
  ],
  [
    'claimChallenge',
    (authsignal) => authsignal.claimChallenge({ challengeId: 'c-1', userId: 'user-1' }),
    (port) => port.claimChallenge({ challengeId: 'c-1', userId: 'user-1' }),
  ],
  [
    'getUser',
    (authsignal) => authsignal.getUser({ userId: 'user-1' }),
    (port) => port.getUser({ userId: 'user-1' }),
  ],
  [
    'getAuthenticators',
    (authsignal) => authsignal.getAuthenticators({ userId: 'user-1' }),
    (port) => port.getAuthenticators({ userId: 'user-1' }),
  ],
  enrollPair(
    'by WhatsApp',
    { verificationMethod: VerificationMethod.WHATSAPP, phoneNumber: '+64211234567' },
    { verificationMethod: 'WHATSAPP', phoneNumber: '+64211234567' },
  ),
  enrollPair(
    'by e-mail, as the default',
    {
      verificationMethod: VerificationMethod.EMAIL_MAGIC_LINK,
      email: 'jane@example.org',
      isDefault: true,
    },
    { verificationMethod: 'EMAIL_MAGIC_LINK', email: 'jane@example.org', isDefault: true },
  ),
  [
    'getAction',
    (authsignal) => authsignal.getAction(reference),
    (port) => port.getAction(reference),
  ],
  [
    'updateAction',
    (authsignal) =>
      authsignal.updateAction({
        ...reference,
        attributes: { state: UserActionState.CHALLENGE_REQUIRED },
      }),
    (port) => port.updateAction({ ...reference, state: 'CHALLENGE_REQUIRED' }),
  ],
];

describe('what arrives at the server is what the official SDK would send', () => {
  it.each(PAIRS)('%s', async (_name, bySdk, byOurs) => {
    await bySdk(sdk);
    await expect(byOurs(ours)).resolves.toMatchObject({ ok: true });

    expect(stub.arrivals).toHaveLength(2);
    const [expected, received] = stub.arrivals.map(meaningOf);
    expect(received).toEqual(expected);
    expect(received?.authorization).toBe(
      `Basic ${Buffer.from(`${SECRET}:`, 'utf8').toString('base64')}`,
    );
  });

  it('sends nothing that is not part of the port, whatever plain JavaScript adds', async () => {
    const attributes = {
      email: 'jane@example.org',
      scope: 'remove:authenticators',
      idempotencyKey: 'chosen by somebody else',
      challengeId: 'c-1',
      redirectToSettings: true,
    };
    await ours.track({ ...reference, attributes });
    expect(JSON.parse(stub.arrivals[0]?.body ?? '')).toEqual({
      idempotencyKey: reference.idempotencyKey,
      email: 'jane@example.org',
    });
  });
});

describe('an attribute that JSON cannot hold', () => {
  it('is refused and nothing is sent', async () => {
    const attributes = { custom: { amount: 10n } } as object;
    await expect(ours.track({ ...reference, attributes })).resolves.toEqual({
      ok: false,
      failure: { kind: 'rejected', call: 'track', field: 'body' },
    });
    expect(stub.arrivals).toEqual([]);
  });
});

describe('an id stays within its segment', () => {
  const hostile = [
    '../../admin?x=1#',
    'a/b',
    'ü',
    '..;/admin',
    '%2e%2e',
    'a\\..\\b',
    'a b\r\nX: y',
  ];

  it.each(hostile)('%j', async (id) => {
    await ours.getUser({ userId: id });
    await ours.getAuthenticators({ userId: id });
    await ours.enrollVerifiedAuthenticator({ userId: id, verificationMethod: 'SMS' });
    await ours.track({ userId: id, action: id, idempotencyKey: id, attributes: {} });
    await ours.getAction({ userId: id, action: id, idempotencyKey: id });
    await ours.updateAction({ userId: id, action: id, idempotencyKey: id, state: 'BLOCK' });

    const targets = stub.arrivals.map(({ target }) => target);
    expect(targets.map((target) => target.split('/').map(decodeURIComponent))).toEqual([
      ['', 'v1', 'users', id],
      ['', 'v1', 'users', id, 'authenticators'],
      ['', 'v1', 'users', id, 'authenticators'],
      ['', 'v1', 'users', id, 'actions', id],
      ['', 'v1', 'users', id, 'actions', id, id],
      ['', 'v1', 'users', id, 'actions', id, id],
    ]);
    for (const target of targets) {
      // A server that reads the target as a URL sees the same path: nothing was folded away.
      expect(new URL(target, stub.origin).pathname).toBe(target);
      expect(target).not.toMatch(/[?#]/);
    }
    expect(JSON.parse(stub.arrivals[3]?.body ?? '')).toEqual({ idempotencyKey: id });
  });

  it.each(['', '.', '..', '\ud800'])('%j is refused, for it cannot', async (id) => {
    const refusal = (call: string, field: string) => ({
      ok: false,
      failure: { kind: 'rejected', call, field },
    });
    await expect(ours.getUser({ userId: id })).resolves.toEqual(refusal('getUser', 'userId'));
    await expect(ours.track({ ...reference, action: id, attributes: {} })).resolves.toEqual(
      refusal('track', 'action'),
    );
    await expect(ours.getAction({ ...reference, idempotencyKey: id })).resolves.toEqual(
      refusal('getAction', 'idempotencyKey'),
    );
    expect(stub.arrivals).toEqual([]);
  });

  it('may not be written as %2E%2E, which URL parsers fold away as well', () => {
    expect(new URL('/v1/users/%2E%2E/actions/pay', stub.origin).pathname).toBe('/v1/actions/pay');
  });
});

describe('the address of the API', () => {
  it.each([
    ['/v1', '/v1/validate'],
    ['/v1/', '/v1/validate'],
    ['', '/validate'],
    ['/', '/validate'],
    ['/proxy/authsignal/v1', '/proxy/authsignal/v1/validate'],
  ])('%j', async (suffix, target) => {
    const client = new HttpAuthsignal({ apiSecretKey: SECRET, apiUrl: stub.origin + suffix });
    await client.validateChallenge({ token: 't', userId: 'u', action: 'a' });
    await client.close();
    expect(stub.arrivals.map((arrival) => arrival.target)).toEqual([target]);
  });

  it('and the secret are public on an instance of the SDK, its default address included', () => {
    expect(sdk).toMatchObject({ apiSecretKey: SECRET, apiUrl: stub.apiUrl });
    expect(new Authsignal({ apiSecretKey: SECRET, retries: 0 })).toMatchObject({
      apiSecretKey: SECRET,
      apiUrl: 'https://api.authsignal.com/v1',
    });
  });
});
