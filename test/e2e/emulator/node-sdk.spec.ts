import {
  AuthScope,
  Authsignal,
  AuthsignalError,
  type ChallengeResponse,
  type ClaimChallengeResponse,
  type EnrollVerifiedAuthenticatorResponse,
  type GetActionResponse,
  type GetChallengeResponse,
  type GetUserResponse,
  type QueryUserActionsResponse,
  type QueryUsersResponse,
  type Rule,
  SmsChannel,
  type TrackResponse,
  UserActionState,
  type UserAttributes,
  type UserAuthenticator,
  type ValidateChallengeResponse,
  VerificationFailureReason,
  VerificationMethod,
  type VerifyResponse,
} from '@authsignal/node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';

type NameOf<T> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : T extends readonly unknown[]
        ? 'array'
        : 'object';
/** One line for each field of an SDK type, checked by the compiler: `?` where it may be absent. */
type ShapeOf<T> = {
  readonly [K in keyof T]-?: Record<string, never> extends Pick<T, K>
    ? `${NameOf<Exclude<T[K], undefined>>}?`
    : NameOf<T[K]>;
};

const USER: ShapeOf<GetUserResponse> = {
  isEnrolled: 'boolean',
  email: 'string?',
  emailVerified: 'boolean',
  phoneNumber: 'string?',
  phoneNumberVerified: 'boolean',
  username: 'string?',
  displayName: 'string?',
  custom: 'object?',
  enrolledVerificationMethods: 'array?',
  allowedVerificationMethods: 'array?',
};
const USERS: ShapeOf<QueryUsersResponse> = {
  users: 'array',
  lastEvaluatedUserId: 'string?',
  tokenPayload: 'object?',
};
const LISTED_USER: ShapeOf<QueryUsersResponse['users'][number]> = {
  userId: 'string',
  email: 'string?',
  emailVerified: 'boolean',
  phoneNumber: 'string?',
  phoneNumberVerified: 'boolean',
  username: 'string?',
};
const ATTRIBUTES: ShapeOf<UserAttributes> = {
  email: 'string?',
  emailVerified: 'boolean?',
  phoneNumber: 'string?',
  phoneNumberVerified: 'boolean?',
  username: 'string?',
  displayName: 'string?',
  custom: 'object?',
  locale: 'string?',
};
const TRACK: ShapeOf<TrackResponse> = {
  idempotencyKey: 'string',
  state: 'string',
  url: 'string',
  token: 'string',
  isEnrolled: 'boolean',
  enrolledVerificationMethods: 'array?',
  allowedVerificationMethods: 'array?',
  defaultVerificationMethod: 'string?',
  ruleIds: 'array?',
};
const ACTION: ShapeOf<GetActionResponse> = {
  state: 'string',
  stateUpdatedAt: 'string',
  createdAt: 'string',
  verificationMethod: 'string?',
  rules: 'array?',
  output: 'object?',
};
const RULE: ShapeOf<Rule> = { ruleId: 'string', name: 'string', description: 'string?' };
const LISTED_ACTION: ShapeOf<QueryUserActionsResponse[number]> = {
  actionCode: 'string',
  idempotencyKey: 'string',
  createdAt: 'string',
  updatedAt: 'string?',
  state: 'string',
  stateUpdatedAt: 'string?',
  verificationMethod: 'string?',
  verifiedByAuthenticatorId: 'string?',
};
const AUTHENTICATOR: ShapeOf<UserAuthenticator> = {
  userId: 'string',
  userAuthenticatorId: 'string',
  verificationMethod: 'string',
  createdAt: 'string',
  verifiedAt: 'string?',
  lastVerifiedAt: 'string?',
  phoneNumber: 'string?',
  email: 'string?',
  username: 'string?',
  displayName: 'string?',
  webauthnCredential: 'object?',
};
const ENROLLED: ShapeOf<EnrollVerifiedAuthenticatorResponse> = {
  authenticator: 'object',
  recoveryCodes: 'array?',
};
const VALIDATION: ShapeOf<ValidateChallengeResponse> = {
  isValid: 'boolean',
  state: 'string?',
  stateUpdatedAt: 'string?',
  userId: 'string?',
  action: 'string?',
  idempotencyKey: 'string?',
  verificationMethod: 'string?',
  veriffSessionId: 'string?',
  error: 'string?',
};
const CHALLENGE: ShapeOf<ChallengeResponse> = {
  challengeId: 'string',
  idempotencyKey: 'string',
  expiresAt: 'number',
};
const VERIFICATION: ShapeOf<VerifyResponse> = {
  isVerified: 'boolean',
  email: 'string?',
  phoneNumber: 'string?',
  verificationMethod: 'string?',
  failureReason: 'string?',
};
const CLAIM: ShapeOf<ClaimChallengeResponse> = { token: 'string', verificationMethod: 'string' };
const FOUND_CHALLENGE: ShapeOf<GetChallengeResponse> = {
  challengeId: 'string?',
  expiresAt: 'number?',
  verificationMethod: 'string?',
  smsChannel: 'string?',
  phoneNumber: 'string?',
  email: 'string?',
  action: 'string?',
};

/** Every required field is there, every field that is there has the type that the SDK says. */
function hold(answer: object | undefined, shape: Readonly<Record<string, string>>): void {
  const fields = new Map<string, unknown>(Object.entries(answer ?? {}));
  const seen: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const [name, type] of Object.entries(shape)) {
    const value = fields.get(name);
    if (type.endsWith('?') && !fields.has(name)) continue;
    seen[name] = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
    expected[name] = type.replace('?', '');
  }
  expect(seen).toEqual(expected);
}

const PHONE = '+64211234567';
const ACTION_CODE = 'createPayment';
let emulator: Emulator;
let sdk: Authsignal;
let users = 0;

/** A user and a number that no other test has. */
function someone() {
  users += 1;
  return { userId: `user-${users}`, phoneNumber: `+6421${String(1_000_000 + users)}` };
}

beforeAll(async () => {
  emulator = await startEmulator({
    actions: {
      [ACTION_CODE]: {
        outcome: 'ALLOW',
        rules: [
          {
            name: 'Large amount',
            conditions: { '>': [{ var: 'custom.amount' }, 1_000] },
            outcome: 'CHALLENGE',
          },
          {
            name: 'Sanctioned',
            conditions: { '==': [{ var: 'custom.payee' }, 'x'] },
            outcome: 'BLOCK',
          },
        ],
      },
    },
  });
  sdk = new Authsignal({ apiSecretKey: emulator.secret, apiUrl: emulator.apiUrl, retries: 0 });
});
afterAll(() => emulator.stop());

describe('users', () => {
  it('answers for a user that nobody has heard of', async () => {
    const user = await sdk.getUser({ userId: 'nobody' });
    hold(user, USER);
    expect(user.isEnrolled).toBe(false);
    expect(user).not.toHaveProperty('phoneNumber');
  });

  it('updates, reads, finds page by page and deletes', async () => {
    const attributes = { email: 'a@bank.test', displayName: 'Ann', custom: { tier: 2 } };
    const updated = await sdk.updateUser({ userId: 'ann', attributes });
    hold(updated, ATTRIBUTES);
    expect(updated).toMatchObject(attributes);
    await sdk.updateUser({ userId: 'ann', attributes: { emailVerified: true } });
    await sdk.updateUser({ userId: 'ann-2', attributes: { email: 'a@bank.test' } });
    const user = await sdk.getUser({ userId: 'ann' });
    hold(user, USER);
    expect(user).toMatchObject({ ...attributes, emailVerified: true, isEnrolled: false });

    const first = await sdk.queryUsers({ email: 'a@bank.test', limit: 1 });
    hold(first, USERS);
    hold(first.users[0], LISTED_USER);
    expect(first.lastEvaluatedUserId).toBe('ann');
    const rest = await sdk.queryUsers({ email: 'a@bank.test', lastEvaluatedUserId: 'ann' });
    expect(rest.users.map(({ userId }) => userId)).toEqual(['ann-2']);
    expect(rest).not.toHaveProperty('lastEvaluatedUserId');
    expect(await sdk.queryUsers({ phoneNumber: '+10000000000' })).toEqual({ users: [] });

    await sdk.deleteUser({ userId: 'ann' });
    expect((await sdk.getUser({ userId: 'ann' })).email).toBeUndefined();
  });

  it('refuses a query for everybody', async () => {
    await expect(sdk.queryUsers({})).rejects.toMatchObject({
      statusCode: 400,
      errorCode: 'invalid_request',
    });
  });
});

describe('authenticators', () => {
  it('enrols, changes, lists and deletes', async () => {
    const { userId, phoneNumber } = someone();
    const verificationMethod = VerificationMethod.WHATSAPP;
    expect(await sdk.getAuthenticators({ userId })).toEqual([]);
    const enrolled = await sdk.enrollVerifiedAuthenticator({
      userId,
      attributes: { verificationMethod, phoneNumber },
    });
    hold(enrolled, ENROLLED);
    hold(enrolled.authenticator, AUTHENTICATOR);
    expect(enrolled.recoveryCodes).toHaveLength(10);
    const changed = await sdk.enrollVerifiedAuthenticator({
      userId,
      attributes: { verificationMethod, phoneNumber: PHONE },
    });
    expect(changed.recoveryCodes).toBeUndefined();
    const list = await sdk.getAuthenticators({ userId });
    expect(list).toHaveLength(1);
    hold(list[0], AUTHENTICATOR);
    expect(list[0]).toMatchObject({
      userId,
      phoneNumber: PHONE,
      verificationMethod,
      userAuthenticatorId: enrolled.authenticator.userAuthenticatorId,
    });
    const user = await sdk.getUser({ userId });
    hold(user, USER);
    expect(user).toMatchObject({
      isEnrolled: true,
      phoneNumberVerified: true,
      enrolledVerificationMethods: ['WHATSAPP'],
    });
    const { userAuthenticatorId } = enrolled.authenticator;
    await sdk.deleteAuthenticator({ userId, userAuthenticatorId });
    expect(await sdk.getAuthenticators({ userId })).toEqual([]);
    await expect(sdk.deleteAuthenticator({ userId, userAuthenticatorId })).rejects.toMatchObject({
      statusCode: 404,
    });
  });
});

describe('actions', () => {
  it('tracks an unenrolled user as ALLOW and an enrolled one as CHALLENGE_REQUIRED', async () => {
    const { userId, phoneNumber } = someone();
    const attributes = { custom: { amount: 5_000 }, phoneNumber };
    const open = await sdk.track({ userId, action: ACTION_CODE, attributes });
    hold(open, TRACK);
    expect(open).toMatchObject({ state: UserActionState.ALLOW, isEnrolled: false });
    emulator.users.enroll(userId, { phoneNumber });
    const closed = await sdk.track({ userId, action: ACTION_CODE, attributes });
    hold(closed, TRACK);
    expect(closed).toMatchObject({
      state: UserActionState.CHALLENGE_REQUIRED,
      isEnrolled: true,
      defaultVerificationMethod: 'WHATSAPP',
      ruleIds: ['rule-large-amount'],
    });
    expect(closed.idempotencyKey).not.toBe(open.idempotencyKey);
    expect(closed.url).toContain('?token=');
  });

  it('reads, updates and lists what was tracked', async () => {
    const { userId, phoneNumber } = someone();
    emulator.users.enroll(userId, { phoneNumber });
    const { idempotencyKey } = await sdk.track({
      userId,
      action: ACTION_CODE,
      attributes: { custom: { amount: 2_000, payee: 'x' }, ipAddress: '203.0.113.7' },
    });
    const reference = { userId, action: ACTION_CODE, idempotencyKey };
    const action = await sdk.getAction(reference);
    hold(action, ACTION);
    hold(action.rules?.[0], RULE);
    expect(action).toMatchObject({
      state: 'CHALLENGE_REQUIRED',
      ruleIds: ['rule-large-amount', 'rule-sanctioned'],
      priorityRuleId: 'rule-large-amount',
      output: { custom: { amount: 2_000, payee: 'x' } },
    });
    for (const state of Object.values(UserActionState)) {
      const updated = await sdk.updateAction({ ...reference, attributes: { state } });
      expect(updated).toMatchObject({ state });
      hold(await sdk.getAction(reference), ACTION);
    }
    await sdk.track({ userId, action: 'login' });
    const all = await sdk.queryUserActions({ userId });
    expect(all.map(({ actionCode }) => actionCode)).toEqual(['login', ACTION_CODE]);
    for (const listed of all) hold(listed, LISTED_ACTION);
    const some = await sdk.queryUserActions({
      userId,
      actionCodes: [ACTION_CODE],
      state: UserActionState.REVIEW_FAILED,
      fromDate: '2020-01-01T00:00:00.000Z',
    });
    expect(some).toHaveLength(1);
  });

  it('says so when there is no such record', async () => {
    const reference = { userId: 'nobody', action: ACTION_CODE, idempotencyKey: 'k' };
    await expect(sdk.getAction(reference)).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe('challenges', () => {
  const cases = [
    { verificationMethod: 'WHATSAPP', to: { phoneNumber: '+6421555001' } },
    { verificationMethod: 'SMS', to: { phoneNumber: '+6421555002' } },
    { verificationMethod: 'EMAIL_OTP', to: { email: 'bob@bank.test' } },
  ] as const;

  it.each(cases)('signs in with $verificationMethod', async ({ verificationMethod, to }) => {
    const action = 'signIn';
    const sent = await sdk.challenge({ verificationMethod, action, ...to });
    hold(sent, CHALLENGE);
    expect(sent.expiresAt).toBe(Math.floor((emulator.clock.now() + 600_000) / 1000));
    const { challengeId } = sent;
    const pending = await sdk.getChallenge({ challengeId });
    hold(pending, FOUND_CHALLENGE);
    expect(pending).toMatchObject({ challengeId, action, ...to });
    expect(pending).not.toHaveProperty('verificationMethod');

    const verificationCode = await emulator.inbox.waitForCode(
      'email' in to ? to.email : to.phoneNumber,
    );
    const wrong = await sdk.verify({ challengeId, verificationCode: 'x' });
    hold(wrong, VERIFICATION);
    expect(wrong).toEqual({
      isVerified: false,
      failureReason: VerificationFailureReason.CODE_INVALID_OR_EXPIRED,
    });
    const right = await sdk.verify({ challengeId, verificationCode });
    hold(right, VERIFICATION);
    expect(right).toEqual({ isVerified: true, verificationMethod, ...to });
    expect((await sdk.getChallenge({ challengeId })).verificationMethod).toBe(verificationMethod);

    const userId = `signed-in-${verificationMethod}`;
    const claimed = await sdk.claimChallenge({ challengeId, userId });
    hold(claimed, CLAIM);
    const validated = await sdk.validateChallenge({ token: claimed.token, userId, action });
    hold(validated, VALIDATION);
    expect(validated).toMatchObject({
      isValid: true,
      state: 'CHALLENGE_SUCCEEDED',
      userId,
      action,
      idempotencyKey: sent.idempotencyKey,
      verificationMethod,
    });
    const byUser = await sdk.getChallenge({
      userId,
      action,
      verificationMethod: VerificationMethod[verificationMethod],
    });
    expect(byUser.challengeId).toBe(challengeId);
  });

  it('refuses a claim of what is unverified, of another user, or unknown', async () => {
    const { phoneNumber } = someone();
    const { challengeId } = await sdk.challenge({
      verificationMethod: 'WHATSAPP',
      action: 'signIn',
      phoneNumber,
    });
    const refused = { statusCode: 400, errorCode: 'invalid_request' };
    await expect(sdk.claimChallenge({ challengeId, userId: 'a' })).rejects.toMatchObject(refused);
    const verificationCode = await emulator.inbox.waitForCode(phoneNumber);
    await sdk.verify({ challengeId, verificationCode });
    await sdk.claimChallenge({ challengeId, userId: 'a' });
    await sdk.claimChallenge({ challengeId, userId: 'a' });
    await expect(sdk.claimChallenge({ challengeId, userId: 'b' })).rejects.toMatchObject(refused);
    await expect(sdk.claimChallenge({ challengeId: 'unknown', userId: 'a' })).rejects.toMatchObject(
      refused,
    );
    expect(await sdk.getChallenge({ challengeId: 'unknown' })).toEqual({});
    expect(await sdk.verify({ challengeId: 'unknown', verificationCode: '123456' })).toEqual({
      isVerified: false,
      failureReason: 'CODE_INVALID_OR_EXPIRED',
    });
  });

  it('sends a code again for the same challenge, and the old code is dead', async () => {
    const { phoneNumber } = someone();
    const request = { verificationMethod: 'WHATSAPP', action: 'signIn', phoneNumber } as const;
    const { challengeId } = await sdk.challenge(request);
    const old = await emulator.inbox.waitForCode(phoneNumber);
    expect((await sdk.challenge({ ...request, challengeId })).challengeId).toBe(challengeId);
    const fresh = await emulator.inbox.waitForCode(phoneNumber);
    expect(fresh).not.toBe(old);
    expect(await sdk.verify({ challengeId, verificationCode: old })).toMatchObject({
      isVerified: false,
    });
    expect(await sdk.verify({ challengeId, verificationCode: fresh })).toMatchObject({
      isVerified: true,
    });
  });

  it('delivers SMS over WhatsApp if asked to', async () => {
    const { phoneNumber } = someone();
    const { challengeId } = await sdk.challenge({
      verificationMethod: 'SMS',
      smsChannel: SmsChannel.WHATSAPP,
      action: 'signIn',
      phoneNumber,
    });
    expect(emulator.inbox.latest(phoneNumber)?.channel).toBe('WHATSAPP');
    expect((await sdk.getChallenge({ challengeId })).smsChannel).toBe('WHATSAPP');
  });

  it('enrols by scope: the first freely, another number with the update scope', async () => {
    const { userId, phoneNumber } = someone();
    const enrolWith = async (to: string, scope?: AuthScope) => {
      const { challengeId } = await sdk.challenge({
        verificationMethod: 'WHATSAPP',
        action: 'enrollWhatsApp',
        userId,
        phoneNumber: to,
        ...(scope === undefined ? {} : { scope }),
      });
      const verificationCode = await emulator.inbox.waitForCode(to);
      expect(await sdk.verify({ challengeId, verificationCode })).toMatchObject({
        isVerified: true,
      });
      return (await sdk.getAuthenticators({ userId })).map((known) => known.phoneNumber);
    };
    expect(await enrolWith(phoneNumber)).toEqual([]);
    expect(await enrolWith(phoneNumber, AuthScope.addAuthenticators)).toEqual([phoneNumber]);
    expect(await enrolWith('+6421555111', AuthScope.addAuthenticators)).toEqual([phoneNumber]);
    expect(await enrolWith('+6421555111', AuthScope.updateAuthenticators)).toEqual(['+6421555111']);
  });

  it('refuses a number that is none', async () => {
    await expect(
      sdk.challenge({ verificationMethod: 'WHATSAPP', action: 'signIn', phoneNumber: '021 123' }),
    ).rejects.toMatchObject({ statusCode: 400, errorCode: 'invalid_request' });
  });
});

describe('validateChallenge', () => {
  it('answers 200 for what is pending, of somebody else, or no token', async () => {
    const { userId, phoneNumber } = someone();
    emulator.users.enroll(userId, { phoneNumber });
    const attributes = { custom: { amount: 5_000 } };
    const { token } = await sdk.track({ userId, action: ACTION_CODE, attributes });
    const pending = await sdk.validateChallenge({ token, userId, action: ACTION_CODE });
    hold(pending, VALIDATION);
    expect(pending).toMatchObject({ isValid: false, state: 'CHALLENGE_REQUIRED', userId });
    expect(await sdk.validateChallenge({ token, userId: 'other' })).toEqual({
      action: undefined,
      isValid: false,
      error: 'User is invalid.',
    });
    expect(await sdk.validateChallenge({ token, action: 'other' })).toMatchObject({
      isValid: false,
      error: 'Action is invalid.',
    });
    expect(await sdk.validateChallenge({ token: 'garbage' })).toMatchObject({
      isValid: false,
      error: 'Token is invalid.',
    });
  });
});

describe('errors', () => {
  it('lets the SDK read them', async () => {
    const stranger = new Authsignal({
      apiSecretKey: 'wrong',
      apiUrl: emulator.apiUrl,
      retries: 0,
    });
    const error: unknown = await stranger.getUser({ userId: 'a' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AuthsignalError);
    expect(error).toMatchObject({
      statusCode: 401,
      errorCode: 'unauthorized',
      errorDescription:
        'The request is unauthorized. Check that your API key and region base URL are correctly configured.',
    });
  });

  it.each([
    ['createSession', () => sdk.createSession({ clientId: 'c', token: 't' })],
    ['validateSession', () => sdk.validateSession({ accessToken: 'a' })],
    ['refreshSession', () => sdk.refreshSession({ refreshToken: 'r' })],
    ['revokeSession', () => sdk.revokeSession({ accessToken: 'a' })],
    ['revokeUserSessions', () => sdk.revokeUserSessions({ userId: 'u' })],
  ])('says that %s is not emulated', async (_name, call) => {
    await expect(call()).rejects.toMatchObject({
      statusCode: 501,
      errorCode: 'not_implemented',
      errorDescription: 'The emulator does not answer sessions.',
    });
  });
});

it('was asked for every call that the SDK has', () => {
  const methods = Object.getOwnPropertyNames(Authsignal.prototype).filter(
    (name) => !['constructor', 'getRequestConfig'].includes(name),
  );
  const calls = new Set(emulator.requests.all().map(({ call }) => call));
  const callOf = (method: string) =>
    ({ claimChallenge: 'claim', validateChallenge: 'validate' })[method] ??
    (/Session/.test(method) ? 'sessions' : method);
  expect(methods.filter((method) => ![...calls].some((call) => call === callOf(method)))).toEqual(
    [],
  );
});
