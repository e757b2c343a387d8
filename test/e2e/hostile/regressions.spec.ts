import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXPRESS, PLATFORMS, type Platform } from '../../support/host.js';
import { foundTown } from '../../support/scenarios.js';
import { HostileWorld, USERS } from './hostile-world.js';
import type { Input } from './inputs.js';
import { judge } from './judge.js';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-request.js';

const town = foundTown({ actions: { pay: { outcome: 'CHALLENGE' } } });
const MALLORY = ['x-user', `h${USERS.indexOf('mallory')}`] as const;
const JSON_TYPE = ['content-type', 'application/json'] as const;

let world: HostileWorld;
beforeAll(() => {
  world = new HostileWorld(town());
});
afterAll(() => world.close());

/** As deep as 16 kB hold. */
const LISTS = '['.repeat(8_000) + ']'.repeat(8_000);
const OBJECTS = `${'{"a":'.repeat(2_600)}1${'}'.repeat(2_600)}`;

async function ask(site: 'bank' | 'flows', platform: Platform, request: Partial<RawRequest>) {
  const { url } = await (site === 'bank' ? world.bank(platform) : world.flows(platform));
  const answer = await sendRaw(url, {
    method: 'POST',
    target: '/',
    headers: [MALLORY],
    ...request,
  });
  return { ...answer, problem: JSON.parse(answer.text) };
}

/** What the hostile corpus has found. */
describe('a body that is announced and then empty', () => {
  const request = { headers: [MALLORY, JSON_TYPE], isChunked: true };

  it.each(EXPRESS)('is a body that was read, on %s', async (platform) => {
    const answer = await ask('bank', platform, { ...request, target: '/default' });
    expect(answer).toMatchObject({ status: 403, problem: { code: 'step_up_required' } });
    const dto = await ask('bank', platform, { ...request, target: '/dto' });
    expect(dto).toMatchObject({ status: 400, problem: { code: 'request_invalid' } });
  });
});

describe('a field of a flow that holds thousands of levels', () => {
  const bodies = [
    `{"phoneNumber":${LISTS}}`,
    `{"phoneNumber":"+64211234567","x":${LISTS}}`,
    `{"handle":${LISTS},"code":"123456"}`,
    `{"handle":"x","code":${OBJECTS}}`,
  ].map((text) => Buffer.from(text));
  const targets = ['/enrollment', '/enrollment/verify', '/sign-in/verify', '/resend'];
  const cases = PLATFORMS.flatMap((platform) =>
    targets.map((target) => [platform, target] as const),
  );

  it.each(cases)('is refused on %s at %s', async (platform, target) => {
    for (const body of bodies) {
      const request = { target: `/whatsapp${target}`, headers: [MALLORY, JSON_TYPE], body };
      const { status, headers, problem } = await ask('flows', platform, request);
      const isStart = target === '/enrollment' && body === bodies[1];
      expect({ status, code: problem.code }).toEqual(
        isStart
          ? { status: 403, code: 'step_up_required' }
          : { status: 400, code: expect.stringMatching(/^(request|handle)_invalid$/) },
      );
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    }
  });
});

describe('a body that no parser takes for JSON', () => {
  const types = ['application/vnd.api+json', 'application/json-seq', undefined];
  const platforms = PLATFORMS.filter((platform) => platform !== 'nest-fastify');
  const cases = platforms.flatMap((platform) => types.map((type) => [platform, type] as const));

  it.each(cases)(
    'is refused where a verified number is enrolled, on %s: %s',
    async (platform, type) => {
      const more = type === undefined ? [] : [['content-type', type] as const];
      const answer = await ask('flows', platform, {
        target: '/whatsapp/verified-number',
        headers: [MALLORY, ...more],
        body: Buffer.from('{"phoneNumber":"+64211234567"}'),
      });
      expect(answer).toMatchObject({
        status: 400,
        problem: { code: 'request_invalid', errors: [{ detail: 'must be application/json' }] },
      });
    },
  );
});

/** The answers of 500 that a request can lead to; docs/errors.md has both. */
describe('a 500 by design', () => {
  const body = Buffer.from('{"a":1}');
  const unread = [
    ['express-5', 'POST', '/default', 'application/vnd.api+json'],
    ['express-4', 'POST', '/default', 'application/vnd.api+json'],
    ['express-5', 'POST', '/default', 'multipart/form-data; boundary=x'],
    ['nest-express', 'POST', '/default', 'application/vnd.api+json'],
    ['nest-fastify', 'POST', '/default', 'application/x-unread'],
    ['nest-fastify', 'GET', '/search', 'application/json'],
  ] as const;

  it.each(unread)(
    'on %s: a body of %s %s that nothing has read: %s',
    async (platform, method, target, type) => {
      const headers = [MALLORY, ['content-type', type] as const];
      const answer = await ask('bank', platform, { method, target, headers, body });
      expect(answer).toMatchObject({ status: 500, problem: { code: 'step_up_misconfigured' } });
    },
  );

  it.each(PLATFORMS)('on %s: an id that stands in no path; nothing is asked', async (platform) => {
    const before = town().emulator.requests.count();
    for (const id of ['.', '..', '\ud800']) {
      const headers = [['x-user', `h${USERS.indexOf(id)}`] as const];
      for (const site of ['bank', 'flows'] as const) {
        const what =
          site === 'bank' ? { target: '/default' } : { method: 'GET', target: '/whatsapp' };
        const answer = await ask(site, platform, { ...what, headers });
        expect(answer).toMatchObject({ status: 500, problem: { code: 'step_up_misconfigured' } });
      }
    }
    expect(town().emulator.requests.count()).toBe(before);
  });
});

/** What the corpus is judged by. */
describe('the judge', () => {
  const input: Input = {
    platform: 'express-5',
    site: 'flows',
    method: 'POST',
    target: '/whatsapp/sign-in/verify',
    headers: [],
    user: undefined,
    body: undefined,
  };
  const refusal = (status: number, code: string, more: object = {}): RawAnswer => ({
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...more,
    },
    text: JSON.stringify({
      type: `urn:authsignal-guard:problem:${code}`,
      title: 'a title',
      detail: 'a detail',
      status,
      code,
    }),
  });
  const inASecond = { 'retry-after': '1' };
  const locked = refusal(503, 'step_up_unavailable', inASecond);

  it.each(['/enrollment/verify', '/phone-number/verify', '/verified-number', '/Sign-In/verify?a'])(
    'lets a user wait whose authenticators are changed at %s',
    (path) => {
      expect(judge({ ...input, target: `/whatsapp${path}` }, locked)).toBeUndefined();
    },
  );

  it.each<[string, Partial<Input>, RawAnswer]>([
    ['where nothing is changed', { target: '/whatsapp/sign-in' }, locked],
    ['where a path only looks so', { target: '/whatsapp/sign-in?x=/verify' }, locked],
    ['of the bank', { site: 'bank', target: '/verified-number' }, locked],
    ['that tells no time', {}, refusal(503, 'step_up_unavailable')],
    ['of an outage', {}, refusal(503, 'step_up_unavailable', { 'retry-after': '5' })],
    ['of another kind', {}, refusal(503, 'sign_in_incomplete', inASecond)],
    ['of no known code', {}, refusal(503, 'busy', inASecond)],
    ['that is not well-formed', {}, { ...locked, text: '{"code":"step_up_unavailable"}' }],
    ['that is empty', {}, { ...locked, text: '' }],
    ['that is no problem', {}, { ...locked, headers: inASecond }],
  ])('finds a fault with a 503 %s', (_what, more, answer) => {
    expect(judge({ ...input, ...more }, answer)).toEqual(expect.any(String));
  });

  it.each<[number, string, boolean, boolean]>([
    [401, 'webhook_signature_invalid', false, true],
    [401, 'webhook_signature_invalid', true, false],
    [400, 'webhook_invalid', true, true],
    [400, 'webhook_invalid', false, false],
    [500, 'step_up_misconfigured', false, false],
    [503, 'step_up_unavailable', true, false],
    [403, 'step_up_required', true, false],
  ])(
    'has of a delivery that is answered %i %s, signed: %j, a good opinion: %j',
    (status, code, isSigned, isGood) => {
      const delivery = {
        ...input,
        site: 'webhook',
        target: '/webhooks/authsignal',
        isSigned,
      } as const;
      expect(judge(delivery, refusal(status, code)) === undefined).toBe(isGood);
      const taken = { status: 200, headers: {}, text: '{}' };
      expect(judge(delivery, taken) === undefined).toBe(isSigned);
    },
  );
});
