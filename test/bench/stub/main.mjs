import { once } from 'node:events';
import { createServer } from 'node:http';
import { answerTheBench } from '../processes/answering.mjs';
import { keyOf, tokenOf } from './token.mjs';

/*
 * Authsignal's `track` and `validate` with as little work as possible. A user whose id begins with
 * `challenge` is challenged, any other is allowed; each proof counts.
 */

/** Idempotency keys of challenges, by user. @type {Map<string, string[]>} */
const keys = new Map();
let generated = 0;

const METHODS = ['WHATSAPP', 'SMS'];
const URL_OF_CHALLENGE = 'https://mfa.authsignal.com/bench';
const CHALLENGED = /\/users\/(challenge[^/]*)/;

/** @param {string} path @param {string} text */
function track(path, text) {
  const { idempotencyKey = nextKey() } = text === '' ? {} : JSON.parse(text);
  const [, challenged] = CHALLENGED.exec(path) ?? [];
  if (challenged !== undefined) {
    keysOf(challenged).push(idempotencyKey);
  }
  return {
    state: challenged !== undefined ? 'CHALLENGE_REQUIRED' : 'ALLOW',
    url: URL_OF_CHALLENGE,
    token: tokenOf(idempotencyKey),
    isEnrolled: true,
    idempotencyKey,
    allowedVerificationMethods: METHODS,
    enrolledVerificationMethods: METHODS,
  };
}

/** @param {string} user @returns {string[]} */
function keysOf(user) {
  const own = keys.get(user) ?? [];
  keys.set(user, own);
  return own;
}

function nextKey() {
  generated += 1;
  return `generated-${generated}`;
}

/** @param {string} text */
function validate(text) {
  const { token, userId, action } = JSON.parse(text);
  return {
    isValid: true,
    state: 'CHALLENGE_SUCCEEDED',
    stateUpdatedAt: new Date().toISOString(),
    userId,
    action,
    idempotencyKey: keyOf(token),
    verificationMethod: 'WHATSAPP',
  };
}

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const { url = '' } = request;
    const answer = JSON.stringify(url.endsWith('/validate') ? validate(text) : track(url, text));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    });
    response.end(answer);
  });
});
server.keepAliveTimeout = 600_000;

async function start() {
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    apiUrl: () => `http://127.0.0.1:${port}/v1`,
    /** Those of one user since the last time. */
    takeKeys: (/** @type {string} */ user) => keysOf(user).splice(0),
  };
}

answerTheBench(start());
