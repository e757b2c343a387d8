import { describe, expect, it } from '@jest/globals';
import { renderVerdict } from '../../../src/core/render-verdict.js';
import type { RefusedVerdict } from '../../../src/core/verdict.js';
import { PROOF_REFUSALS, REFUSAL_CODES } from '../../../src/core/wire.js';
import { stepUpSchemas } from '../../../src/swagger/index.js';
import { matchOperations } from '../../../src/swagger/match-operations.js';
import { PROBLEMS, WITH_RETRY_AFTER } from '../../../src/swagger/problem-catalog.js';
import { problemName } from '../../../src/swagger/step-up-schemas.js';

const challenge = { token: 'token', url: 'https://challenge.test', methods: [] };
const retryHeader = 'Step-Up-Proof';
const action = 'pay';
const retryAfterMs = 1_000;

/** Every refusal, whole and bare where it has more than one form. */
const VERDICTS: readonly RefusedVerdict[] = [
  { kind: 'challenge', action, challenge, retryHeader },
  { kind: 'challenge', action, challenge, retryHeader, reason: 'proof_expired' },
  { kind: 'unenrolled', action },
  { kind: 'unenrolled', action, enrollmentUrl: 'https://bank.test/enroll' },
  { kind: 'blocked', action },
  { kind: 'review_pending', action },
  { kind: 'failed', action },
  { kind: 'consumed', action },
  { kind: 'invalid', errors: [{ pointer: '#/amount', detail: 'must be a number' }] },
  { kind: 'unauthenticated' },
  { kind: 'unavailable', retryAfterMs },
  { kind: 'misconfigured' },
  { kind: 'send_limited', retryAfterMs },
  { kind: 'code_wrong' },
  { kind: 'attempts_exceeded', retryAfterMs },
  { kind: 'phone_invalid' },
  { kind: 'phone_not_allowed' },
  { kind: 'handle_invalid' },
  { kind: 'sign_in_incomplete', handle: 'handle', retryAfterMs },
  { kind: 'webhook_unsigned' },
  { kind: 'webhook_invalid' },
  { kind: 'webhook_too_large' },
];

interface ObjectSchema {
  readonly properties: Readonly<Record<string, { enum?: readonly unknown[]; $ref?: string }>>;
  readonly required: readonly string[];
}

const schemaOf = (name: string): ObjectSchema => Object(stepUpSchemas[name]);

describe('the schemas of problems', () => {
  it('are there for every code, under names that can be read', () => {
    expect(new Set(VERDICTS.map((verdict) => renderVerdict(verdict).body.code))).toEqual(
      new Set(REFUSAL_CODES),
    );
    expect(problemName('otp_attempts_exceeded')).toBe('OtpAttemptsExceededProblem');
    const { mapping } = Object(stepUpSchemas.StepUpProblem).discriminator;
    expect(Object.keys(mapping)).toEqual(REFUSAL_CODES);
  });

  it.each(VERDICTS.map((verdict) => [renderVerdict(verdict).body.code, verdict] as const))(
    'of %s are what is answered',
    (code, verdict) => {
      const { status, headers, body } = renderVerdict(verdict);
      const { properties, required } = schemaOf(problemName(code));
      expect(PROBLEMS[code].status).toBe(status);
      expect(WITH_RETRY_AFTER.has(status)).toBe('retry-after' in headers);
      expect(required.filter((name) => !(name in body))).toEqual([]);
      for (const [name, value] of Object.entries(body)) {
        const allowed = properties[name];
        expect({ name, allowed }).toEqual({ name, allowed: expect.anything() });
        if (allowed?.enum !== undefined) {
          expect(allowed.enum).toContain(value);
        }
      }
    },
  );

  it('of a challenge name all its parts', () => {
    expect(schemaOf('StepUpChallenge').required).toEqual(Object.keys(challenge));
    expect(schemaOf('StepUpRequiredProblem').properties.reason?.enum).toEqual(PROOF_REFUSALS);
  });

  it('refer to one another alone', () => {
    const references = JSON.stringify(stepUpSchemas).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    for (const [, name = ''] of references) {
      expect(stepUpSchemas).toHaveProperty([name]);
    }
  });
});

describe('operations', () => {
  const route = (path: string, handler: string, method = 'GET') => ({
    listed: undefined,
    flow: undefined,
    method,
    path: `/api${path}`,
    localPath: path,
    controller: 'Bank',
    handler,
  });
  const found = (paths: Record<string, object>, ...routes: ReturnType<typeof route>[]) =>
    matchOperations({ paths }, routes).map(
      ({ operation, route: { handler } }) => `${operation.path} ${handler}`,
    );
  const get = (operationId = '') => ({ get: { operationId } });

  it.each([
    ['/api/a/{id}', '/a/:id'],
    ['/api/a/{id}', '/a/:id(\\d+)'],
    ['/api/a/{path}', '/a/*path'],
    ['/api/a/{path}', '/a/*'],
    ['/api/a/{id}', '/a{/:id}'],
    ['/api', '/'],
  ])('%s is the route %s', (documented, registered) => {
    expect(found({ [documented]: get() }, route(registered, 'read'))).toEqual([
      `${documented} read`,
    ]);
  });

  it('are not mixed up with other methods and paths', () => {
    expect(
      found({ '/api/a/{id}': get() }, route('/a', 'list'), route('/a/:id', 'put', 'PUT')),
    ).toEqual([]);
  });

  it('of several versions on one path are told apart by their ids, or the last counts', () => {
    const routes = [route('/a', 'first'), route('/a', 'second')] as const;
    expect(found({ '/api/a': get('Bank_first') }, ...routes)).toEqual(['/api/a first']);
    expect(found({ '/api/a': get('other') }, ...routes)).toEqual(['/api/a second']);
  });

  it('are matched without the prefix only where the document as a whole leaves it out', () => {
    const routes = [route('/a', 'a'), route('/b', 'b')] as const;
    expect(found({ '/api/a': get(), '/b': get(), '/api/b': get() }, ...routes)).toEqual([
      '/api/a a',
      '/api/b b',
    ]);
    expect(found({ '/a': get(), '/b': get() }, ...routes)).toEqual(['/a a', '/b b']);
  });
});
