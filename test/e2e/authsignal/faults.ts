import type { CallFailure } from '../../../src/core/call-result.js';
import { type Arrival, answer, GOOD_ANSWER, type StubApi } from './stub-api.js';

/** What a server can do wrong once it has read a request, and what the caller is to be told. */
export interface Fault {
  readonly name: string;
  readonly install: (stub: StubApi) => void;
  readonly failure: Omit<CallFailure, 'call'>;
  /** Ends only by the deadline. */
  readonly isEndless?: true;
  /** The connection dies before an answer begins, so that what may be repeated is. */
  readonly isLost?: true;
}

const HTML = { 'content-type': 'text/html' };
const RETRY_DATE = 'Wed, 21 Oct 2026 07:28:00 GMT';
/** Half a minute before {@link RETRY_DATE}. */
export const NOW_MS = Date.UTC(2026, 9, 21, 7, 27, 30);

function responding(
  name: string,
  respond: (arrival: Arrival) => void,
  failure: Omit<CallFailure, 'call'>,
  more: Pick<Fault, 'isEndless' | 'isLost'> = {},
): Fault {
  return {
    name,
    failure,
    ...more,
    install: (stub) => {
      stub.respond = respond;
    },
  };
}

function status(
  name: string,
  code: number,
  body: string,
  headers: Record<string, string>,
  failure: Omit<CallFailure, 'call' | 'status'>,
): Fault {
  return responding(name, ({ response }) => answer(response, code, body, headers), {
    ...failure,
    status: code,
  });
}

const codeBody = (error: string) => JSON.stringify({ error, errorDescription: 'Some text.' });
const json = { 'content-type': 'application/json' };

const LOST: readonly Fault[] = [
  responding(
    'reset after accepting',
    ({ socket }) => socket.resetAndDestroy(),
    { kind: 'connection_reset' },
    { isLost: true },
  ),
  responding(
    'closed after accepting',
    ({ socket }) => socket.end(),
    { kind: 'connection_reset' },
    { isLost: true },
  ),
  responding(
    'closed within the head',
    ({ socket }) => socket.end('HTTP/1.1 200 O'),
    { kind: 'connection_reset' },
    { isLost: true },
  ),
  responding(
    'reset within the head',
    ({ socket }) => {
      socket.write('HTTP/1.1 200 O', () => socket.resetAndDestroy());
    },
    { kind: 'connection_reset' },
    { isLost: true },
  ),
];

const BROKEN_OFF: readonly Fault[] = [
  responding(
    'reset within the body',
    ({ socket }) => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"isValid":';
      socket.write(head, () => setImmediate(() => socket.resetAndDestroy()));
    },
    { kind: 'connection_reset' },
  ),
  responding(
    'closed within the body',
    ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"isValid":'),
    { kind: 'connection_reset' },
  ),
  responding(
    'closed within a chunked body',
    ({ socket }) =>
      socket.end(
        'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"isValid":',
      ),
    { kind: 'connection_reset' },
  ),
  responding(
    'closed within the body of a refusal',
    ({ socket }) => socket.end('HTTP/1.1 400 Bad\r\nContent-Length: 500\r\n\r\n{"error":"x"'),
    { kind: 'rejected', status: 400 },
  ),
  responding('not HTTP', ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), {
    kind: 'unexpected_status',
  }),
];

const ENDLESS: readonly Fault[] = [
  responding('hang before the head', () => undefined, { kind: 'timed_out' }, { isEndless: true }),
  responding(
    'trickling body',
    ({ response, socket }) => {
      response.writeHead(200, json);
      const drip = setInterval(() => response.write(' '), 10);
      socket.on('close', () => clearInterval(drip));
    },
    { kind: 'timed_out' },
    { isEndless: true },
  ),
  responding(
    'hang within the body',
    ({ response }) => {
      response.writeHead(200, json);
      response.write('{"isValid":');
    },
    { kind: 'timed_out' },
    { isEndless: true },
  ),
  responding(
    'hang within the body of a refusal',
    ({ response }) => {
      response.writeHead(403, json);
      response.write('{"error":');
    },
    { kind: 'unauthorized', status: 403 },
    { isEndless: true },
  ),
];

const STATUSES: readonly Fault[] = [
  status('401 JSON', 401, codeBody('unauthorized'), json, {
    kind: 'unauthorized',
    errorCode: 'unauthorized',
  }),
  status('401 empty', 401, '', {}, { kind: 'unauthorized' }),
  status('403', 403, '<h1>no</h1>', HTML, { kind: 'unauthorized' }),
  status('400 with error', 400, codeBody('invalid_request'), json, {
    kind: 'rejected',
    errorCode: 'invalid_request',
  }),
  status('400 with errorCode', 400, '{"errorCode":"AUTHENTICATOR_NOT_FOUND"}', json, {
    kind: 'rejected',
    errorCode: 'AUTHENTICATOR_NOT_FOUND',
  }),
  status('400 with prose for a code', 400, '{"error":"Call +64 21 123 4567"}', json, {
    kind: 'rejected',
  }),
  status('400 with a number for a code', 400, '{"error":"64211234567"}', json, {
    kind: 'rejected',
  }),
  status('404', 404, '{"error":"not_found"}', json, { kind: 'rejected', errorCode: 'not_found' }),
  status('429', 429, codeBody('too_many_requests'), json, {
    kind: 'rate_limited',
    errorCode: 'too_many_requests',
  }),
  status(
    '429 in seconds',
    429,
    '',
    { 'retry-after': '7' },
    {
      kind: 'rate_limited',
      retryAfterMs: 7_000,
    },
  ),
  status(
    '429 until a date',
    429,
    '',
    { 'retry-after': RETRY_DATE },
    {
      kind: 'rate_limited',
      retryAfterMs: 30_000,
    },
  ),
  status('429 with garbage', 429, '', { 'retry-after': 'soon 5' }, { kind: 'rate_limited' }),
  status('500 JSON', 500, codeBody('unexpected_error'), json, { kind: 'server_error' }),
  status('502 HTML', 502, '<h1>Bad Gateway</h1>', HTML, { kind: 'server_error' }),
  status('503 empty', 503, '', {}, { kind: 'server_error' }),
  status(
    '503 in seconds',
    503,
    '',
    { 'retry-after': '2' },
    {
      kind: 'server_error',
      retryAfterMs: 2_000,
    },
  ),
  status('304', 304, '', {}, { kind: 'unexpected_status' }),
];

const BODIES: readonly Fault[] = [
  status('200 HTML', 200, '<h1>Sign in to the Wi-Fi</h1>', HTML, { kind: 'not_json' }),
  status('200 malformed', 200, '{"isValid":true', json, { kind: 'not_json' }),
  status('200 empty', 200, '', json, { kind: 'not_json' }),
  status('204', 204, '', {}, { kind: 'not_json' }),
  status('200 null', 200, 'null', json, { kind: 'wrong_shape', field: 'body' }),
  status('200 text', 200, '"ok"', json, { kind: 'wrong_shape', field: 'body' }),
];

/** Larger than any answer may be. */
export const huge = responding(
  'huge body',
  ({ response }) => {
    response.writeHead(200, json);
    response.end(JSON.stringify({ ...GOOD_ANSWER, padding: 'x'.repeat(2_000_000) }));
  },
  { kind: 'not_json' },
);

const hugeRefusal = status('huge body of a 500', 500, 'x'.repeat(2_000_000), HTML, {
  kind: 'server_error',
});

/** Faults that every call answers alike. */
export const FAULTS: readonly Fault[] = [
  ...LOST,
  ...BROKEN_OFF,
  ...ENDLESS,
  ...STATUSES,
  ...BODIES,
  huge,
  hugeRefusal,
];
