import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errors } from 'undici';
import { Attempt } from '../../../src/authsignal/attempt.js';
import {
  failureOfStatus,
  isConnectionLost,
  kindOfError,
  parsedJson,
} from '../../../src/authsignal/failure.js';
import { retryAfterMs } from '../../../src/authsignal/retry-after.js';
import type { CallFailureKind } from '../../../src/core/call-result.js';

const controller = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 9, 21, 7, 28, 0);

function withCode(code: string): Error {
  return Object.assign(new Error('Some text with a secret.'), { code });
}

function kindOf(error: unknown, isSent = true, isAnswered = false): CallFailureKind {
  return kindOfError({ how: 'broken', error, isSent, isAnswered });
}

describe('an error of the connection', () => {
  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ETIMEDOUT',
    'EPROTO',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UND_ERR_CLOSED',
    'UND_ERR_DESTROYED',
  ])('%s, before anything was sent, is connection_refused', (code) => {
    expect(kindOf(withCode(code), false)).toBe('connection_refused');
    expect(isConnectionLost(withCode(code))).toBe(false);
  });

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'])(
    '%s is connection_reset, sent or not',
    (code) => {
      expect(kindOf(withCode(code), true)).toBe('connection_reset');
      expect(kindOf(withCode(code), false)).toBe('connection_reset');
      expect(isConnectionLost(withCode(code))).toBe(true);
    },
  );

  it.each([
    [new errors.SocketError('other side closed'), 'connection_reset'],
    [new errors.ConnectTimeoutError(), 'connection_reset'],
    [new errors.HeadersTimeoutError(), 'timed_out'],
    [new errors.BodyTimeoutError(), 'timed_out'],
    [new errors.RequestAbortedError(), 'timed_out'],
    [new DOMException('Aborted.', 'AbortError'), 'timed_out'],
    [new errors.InvalidArgumentError('invalid header'), 'rejected'],
    [new errors.ResponseExceededMaxSizeError('Too long.'), 'not_json'],
    [new errors.HeadersOverflowError(), 'unexpected_status'],
    [Object.assign(new Error('Bad.'), { name: 'HTTPParserError' }), 'unexpected_status'],
  ] as const)('%s, once sent, is %s', (error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });

  it('is connection_reset if the head of an answer had come, whatever undici makes of the rest', () => {
    const error = Object.assign(new Error('Bad.'), { name: 'HTTPParserError' });
    expect(kindOf(error, true, true)).toBe('connection_reset');
  });

  it('may be anything at all', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.boolean(), (error, isSent) => {
        expect(kindOf(error, isSent)).toMatch(/^[a-z_]+$/);
      }),
    );
    expect(kindOf({ code: 7, name: 7 })).toBe('connection_reset');
    expect(kindOf(undefined, false)).toBe('connection_refused');
  });
});

describe('an attempt', () => {
  it('ends once, whatever comes after', async () => {
    const attempt = new Attempt();
    attempt.expire();
    attempt.expire();
    expect(() => attempt.onRequestStart(controller)).toThrow('over');
    attempt.onResponseError(controller, withCode('ECONNRESET'));
    await expect(attempt.ending).resolves.toEqual({ how: 'expired', isStarted: false });
  });

  it('tells whether it was sent', async () => {
    const unsent = new Attempt();
    unsent.onResponseError(controller, withCode('ECONNREFUSED'));
    await expect(unsent.ending).resolves.toMatchObject({ how: 'broken', isSent: false });
    const sent = new Attempt();
    sent.onRequestStart(controller);
    sent.onResponseError(controller, withCode('ECONNRESET'));
    await expect(sent.ending).resolves.toMatchObject({ isSent: true, isAnswered: false });
  });
});

describe('an answer other than 2xx', () => {
  const failureOf = (status: number, body?: string, retryAfter?: string) =>
    failureOfStatus('track', { how: 'answered', status, body, retryAfter }, NOW_MS);

  it('is told apart by its status alone', () => {
    const kinds = [300, 304, 399, 400, 401, 402, 403, 404, 422, 428, 429, 430, 499, 500, 503, 599]
      .concat(600, 999)
      .map((status) => [status, failureOf(status).kind]);
    expect(kinds).toEqual([
      [300, 'unexpected_status'],
      [304, 'unexpected_status'],
      [399, 'unexpected_status'],
      [400, 'rejected'],
      [401, 'unauthorized'],
      [402, 'rejected'],
      [403, 'unauthorized'],
      [404, 'rejected'],
      [422, 'rejected'],
      [428, 'rejected'],
      [429, 'rate_limited'],
      [430, 'rejected'],
      [499, 'rejected'],
      [500, 'server_error'],
      [503, 'server_error'],
      [599, 'server_error'],
      [600, 'unexpected_status'],
      [999, 'unexpected_status'],
    ]);
  });

  it.each([
    ['{"error":"invalid_request"}', 'invalid_request'],
    ['{"errorCode":"AUTHENTICATOR_NOT_FOUND"}', 'AUTHENTICATOR_NOT_FOUND'],
    ['{"error":"first","errorCode":"second"}', 'first'],
    ['{"error":"Prose, with spaces.","errorCode":"second"}', 'second'],
    ['{"error":{"code":"x"},"errorCode":null}', undefined],
    [`{"error":"${'a'.repeat(64)}"}`, 'a'.repeat(64)],
    [`{"error":"${'a'.repeat(65)}"}`, undefined],
    ['{"error":"+64211234567"}', undefined],
    ['{"error":"64211234567"}', undefined],
    ['{"error":"a.b.c"}', undefined],
    ['{"error":"code\\n"}', undefined],
    ['{"error":""}', undefined],
    ['["error"]', undefined],
    ['"error"', undefined],
    ['null', undefined],
    ['<h1>error</h1>', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of the body %j keeps the code %j and nothing else', (body, errorCode) => {
    expect(failureOf(400, body)).toEqual({
      kind: 'rejected',
      call: 'track',
      status: 400,
      ...(errorCode === undefined ? {} : { errorCode }),
    });
  });

  it('is a rate limit under any 4xx that carries the code of one', () => {
    const limited = failureOf(400, '{"error":"too_many_requests"}', '7');
    expect(limited).toMatchObject({ kind: 'rate_limited', status: 400, retryAfterMs: 7_000 });
    expect(failureOf(401, '{"error":"too_many_requests"}').kind).toBe('unauthorized');
    expect(failureOf(500, '{"error":"too_many_requests"}').kind).toBe('server_error');
  });

  it('has no code in a 5xx, and a wait only where one is meant', () => {
    expect(failureOf(500, '{"error":"oops"}', '5')).toEqual({
      kind: 'server_error',
      call: 'track',
      status: 500,
    });
    expect(failureOf(503, undefined, '5').retryAfterMs).toBe(5_000);
    expect(failureOf(429, undefined, '5').retryAfterMs).toBe(5_000);
    expect(failureOf(400, undefined, '5')).not.toHaveProperty('retryAfterMs');
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['1', 1_000],
    [' 120 ', 120_000],
    ['86401', DAY_MS],
    ['999999999999', DAY_MS],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', DAY_MS],
  ])('%j is %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    ' ',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '9'.repeat(400),
    'soon 5',
    'Infinity',
    '2026-10-21T07:28:30Z',
    'Wed, 99 Foo 2026 99:99:99 GMT',
    '5, 6',
  ])('%j tells nothing', (header) => {
    expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
  });

  it('never gives a wait that a timer could not take', () => {
    const headers = fc.oneof(
      fc.string(),
      fc.nat().map(String),
      fc.date().map(String),
      fc.date().map((date) => (Number.isNaN(date.getTime()) ? '' : date.toUTCString())),
    );
    fc.assert(
      fc.property(headers, fc.maxSafeInteger(), (header, nowMs) => {
        const ms = retryAfterMs(header, nowMs) ?? 0;
        expect(Number.isSafeInteger(ms) && ms >= 0 && ms <= DAY_MS).toBe(true);
      }),
    );
  });
});

describe('the body of an answer', () => {
  it.each(['', ' ', '{', '\ufeff{}', '<html>', 'undefined', 'NaN'])('%j is not JSON', (body) => {
    expect(parsedJson(body)).toBeUndefined();
  });

  it('keeps a __proto__ to itself', () => {
    const parsed = parsedJson('{"__proto__":{"isValid":true}}');
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Reflect.get(Object(parsed), 'isValid')).toBeUndefined();
  });
});
