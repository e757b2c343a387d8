import { randomUUID } from 'node:crypto';
import { Stuck } from '../endings.mjs';
import { seen } from '../seen.mjs';
import { decode, foreign, isSignedWith } from '../token.mjs';

/** @typedef {import('../run.mjs').Run} Run */

/**
 * A token that is tracked early, so that it is the first to expire.
 * @param {Run} run
 */
export function earlyToken(run) {
  return run.once('early token', () => run.actions.track(run.users.next()));
}

/** @param {Run} run */
async function decoded(run) {
  const tracked = await earlyToken(run);
  const token = decode(tracked.token);
  if (token === undefined) throw new Stuck('the token of track is no JWT');
  return { tracked, ...token };
}

/**
 * @param {Run} run
 * @param {string} token
 */
async function validated(run, token) {
  const answer = await run.service.server('POST', '/validate', { token });
  return { value: badTokenAnswer(answer), seen: [seen(answer)] };
}

/** @param {import('../answer.mjs').Answer} answer */
export function badTokenAnswer({ status, body }) {
  if (status === 200) return body.isValid === false ? 'isValid-false' : undefined;
  return `http-${status}`;
}

/** @type {readonly import('./question.mjs').Question[]} */
export const TOKEN_QUESTIONS = [
  {
    id: 'validate-malformed-token',
    section: '10.1',
    asks: 'What does /validate answer to something that is no token?',
    needs: [],
    switch: 'validateBadToken',
    ask: (run) => validated(run, 'not-a-token'),
  },
  {
    id: 'validate-foreign-token',
    section: '10.1',
    asks: 'What does /validate answer to a token that somebody else has signed?',
    needs: [],
    switch: 'validateBadToken',
    ask: async (run) => validated(run, foreign((await earlyToken(run)).token)),
  },
  {
    id: 'client-bad-token',
    section: '10.5',
    asks: 'Which status has the Client API for a token that is none?',
    needs: [],
    switch: 'clientTokenErrorStatus',
    ask: async (run) => {
      const answer = await run.service.client('/challenge/whatsapp', `not-a-token-${randomUUID()}`);
      return { value: answer.status, seen: [seen(answer)] };
    },
  },
  {
    id: 'token-signature',
    section: '10.12',
    asks: 'How are tokens signed?',
    needs: [],
    fact: { is: 'HS256 with the API secret' },
    ask: async (run) => {
      const { tracked, header } = await decoded(run);
      const isOurs = isSignedWith(tracked.token, run.keys.secret);
      const value = `${header.alg} with ${isOurs ? 'the API secret' : 'another key'}`;
      return { value, seen: [value, `header {${Object.keys(header).sort().join(', ')}}`] };
    },
  },
  {
    id: 'token-issuer',
    section: '10.12',
    asks: 'Who are issuer and audience of tokens?',
    needs: [],
    fact: { is: 'https://challenge.authsignal.com/<tenant> for both' },
    ask: async (run) => {
      const { claims } = await decoded(run);
      const [iss, aud] = [claims.iss, claims.aud].map((claim) =>
        String(claim).replaceAll(run.keys.tenantId, '<tenant>'),
      );
      const value = iss === aud ? `${iss} for both` : `issuer ${iss}, audience ${aud}`;
      return { value, seen: [value] };
    },
  },
  {
    id: 'token-claims',
    section: '10.12',
    asks: 'Which claims do tokens carry about the action?',
    needs: [],
    fact: { is: 'sub is the user; other.actionCode, other.idempotencyKey, other.tenantId' },
    ask: async (run) => {
      const { claims, tracked } = await decoded(run);
      const { other = {} } = claims;
      const isAsEver =
        claims.sub === tracked.userId &&
        other.actionCode === run.options.action &&
        other.idempotencyKey === tracked.idempotencyKey &&
        other.tenantId === run.keys.tenantId;
      const names = [...Object.keys(claims), ...Object.keys(other).map((name) => `other.${name}`)];
      const value = isAsEver
        ? 'sub is the user; other.actionCode, other.idempotencyKey, other.tenantId'
        : undefined;
      return { value, seen: [`claims ${names.sort().join(', ')}`] };
    },
  },
  {
    id: 'token-lifetime',
    section: '10.13',
    asks: 'How long does a token live, in milliseconds?',
    needs: [],
    limit: 'tokenLifetimeMs',
    ask: async (run) => {
      const { claims } = await decoded(run);
      const value = (Number(claims.exp) - Number(claims.iat)) * 1000;
      return { value, seen: [`exp - iat = ${value / 1000} s`] };
    },
  },
  {
    id: 'url-query',
    section: '10.12',
    asks: 'Which query names does the url of track have?',
    needs: [],
    fact: { is: 'token' },
    ask: async (run) => {
      const { body } = await earlyToken(run);
      const url = URL.canParse(String(body.url)) ? new URL(String(body.url)) : undefined;
      if (url === undefined) return { value: undefined, seen: ['track has no url'] };
      const value = [...url.searchParams.keys()].sort().join(', ');
      return { value, seen: [`query names: ${value || 'none'}`] };
    },
  },
];
