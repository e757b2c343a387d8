import { randomUUID } from 'node:crypto';
import { randomName } from '../random-name.mjs';
import { NOBODYS_PHONE } from '../run.mjs';
import { seen } from '../seen.mjs';
import { among } from './question.mjs';

/**
 * @param {import('../run.mjs').Run} run
 */
function unauthorized(run) {
  return run.once('unauthorized', () =>
    run.service.server('GET', `/users/${randomName()}`, undefined, {
      secret: randomName(),
    }),
  );
}

/** @type {readonly import('./question.mjs').Question[]} */
export const CALL_QUESTIONS = [
  {
    id: 'error-content-type',
    section: '9',
    asks: 'Which content type have error bodies?',
    needs: [],
    switch: 'errorContentType',
    ask: async (run) => {
      const answer = await unauthorized(run);
      return { value: answer.contentType, seen: [`${seen(answer)} as ${answer.contentType}`] };
    },
  },
  {
    id: 'error-body',
    section: '9',
    asks: 'Do error bodies have the code for both SDKs, as error and as errorCode?',
    needs: [],
    fact: { is: 'error and errorCode, the same' },
    ask: async (run) => {
      const answer = await unauthorized(run);
      const { error, errorCode } = answer.body;
      const isBoth = typeof error === 'string' && error === errorCode;
      return { value: isBoth ? 'error and errorCode, the same' : undefined, seen: [seen(answer)] };
    },
  },
  {
    id: 'unknown-action',
    section: '9',
    asks: 'Is an action code without settings created by track? (If so, it stays in the portal.)',
    needs: [],
    switch: 'unknownAction',
    ask: async (run) => {
      const path = `/users/${run.users.next()}/actions/${randomName()}`;
      const answer = await run.service.server('POST', path, {});
      const value = among(answer.status, { 200: 'create', 400: 'http-400' });
      return { value, seen: [seen(answer)] };
    },
  },
  {
    id: 'query-users-unfiltered',
    section: '9',
    asks: 'Does queryUsers need a filter? (Asked with a limit of 1; whom it names is not shown.)',
    needs: [],
    switch: 'queryUsersUnfiltered',
    ask: async (run) => {
      const answer = await run.service.server('GET', '/users?limit=1');
      const value = among(answer.status, { 200: 'list', 400: 'http-400' });
      return { value, seen: [seen(answer)] };
    },
  },
  {
    id: 'recovery-codes',
    section: '9',
    asks: 'Does the answer of a newly enrolled authenticator have recovery codes?',
    needs: [],
    switch: 'recoveryCodes',
    ask: async (run) => {
      const answer = await run.authenticators.enrolWhatsApp(
        run.users.next(),
        run.options.phone ?? NOBODYS_PHONE,
      );
      return { value: 'recoveryCodes' in answer.body, seen: [seen(answer)] };
    },
  },
  {
    id: 'invalid-phone-challenge',
    section: '10.4',
    asks: 'Does /challenge refuse a number that is not E.164?',
    needs: [],
    switch: 'invalidPhone',
    ask: async (run) => {
      const { action } = run.options;
      const body = { verificationMethod: 'WHATSAPP', action, phoneNumber: '12' };
      const answer = await run.messages.challenge(body);
      const value = among(answer.status, { 200: 'accept', 400: 'refuse' });
      return { value, seen: [seen(answer)] };
    },
  },
  {
    id: 'invalid-phone-enrolment',
    section: '10.4',
    asks: 'Does the enrolment of a verified number refuse one that is not E.164?',
    needs: [],
    switch: 'invalidPhone',
    ask: async (run) => {
      const path = `/users/${run.users.next()}/authenticators`;
      const body = { verificationMethod: 'WHATSAPP', phoneNumber: '12' };
      const answer = await run.service.server('POST', path, body);
      const value = among(answer.status, { 200: 'accept', 201: 'accept', 400: 'refuse' });
      return { value, seen: [seen(answer)] };
    },
  },
  {
    id: 'verify-unknown-challenge',
    section: '10.3',
    asks: 'What does /verify answer to a challengeId that nobody has issued?',
    needs: [],
    switch: 'verifyUnknownChallenge',
    ask: async (run) => {
      const body = { challengeId: randomUUID(), verificationCode: '000000' };
      const answer = await run.service.server('POST', '/verify', body);
      const isRefused = answer.status === 200 && answer.body.isVerified === false;
      const value = isRefused ? 'isVerified-false' : among(answer.status, { 400: 'http-400' });
      return { value, seen: [seen(answer)] };
    },
  },
  {
    id: 'claim-unknown-challenge',
    section: '10.2',
    asks: 'Which status has /claim for a challengeId that nobody has issued?',
    needs: [],
    switch: 'claimErrorStatus',
    ask: async (run) => {
      const body = { challengeId: randomUUID(), userId: run.users.next() };
      const answer = await run.service.server('POST', '/claim', body);
      return { value: answer.status, seen: [seen(answer)] };
    },
  },
];
