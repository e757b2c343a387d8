import { MemoryReplayStore } from 'authsignal-guard';
import { PAYMENT } from '../load/files.mjs';
import { tokenOf } from '../stub/token.mjs';
import * as built from './built.mjs';
import { timeOf, timeOfAsync } from './timing.mjs';

/** @typedef {{ name: string, us: number }} Step */

const SECRETS = { secret: 'bench-secret-0123456789abcdef', previousSecrets: [], audience: 'bench' };

const CONTEXT = {
  subject: 'user-1',
  session: 'session-1',
  action: 'createPayment',
  method: 'POST',
  path: '/payments',
  route: '/payments',
  handler: null,
  params: {},
  bound: { picked: JSON.parse(PAYMENT) },
};

const ANSWER = {
  state: 'CHALLENGE_REQUIRED',
  token: tokenOf('v1'.padEnd(58, 'x')),
  url: 'https://mfa.authsignal.com/bench',
  isEnrolled: true,
  idempotencyKey: 'v1'.padEnd(58, 'x'),
  enrolledVerificationMethods: ['WHATSAPP', 'SMS'],
};

/**
 * Each step of an evaluation on its own.
 *
 * @returns {Promise<Step[]>}
 */
export async function timePureSteps() {
  const { Binding } = await built.binding();
  const { httpActionRequest } = await built.httpActionRequest();
  const { readProof } = await built.proofHeader();
  const { decide } = await built.decide();
  const { renderVerdict, problemText } = await built.renderVerdict();
  const binding = new Binding(SECRETS);
  const now = Date.now();
  const key = binding.issue(CONTEXT, now);
  const facts = factsOfRequest();
  const rules = /** @type {const} */ ({
    requireChallenge: false,
    whenUnenrolled: 'deny',
    methods: undefined,
  });
  const store = new MemoryReplayStore({ maxKeys: 50_000_000 });
  const { token, url } = ANSWER;
  const verdict = /** @type {const} */ ({
    kind: 'challenge',
    action: 'createPayment',
    challenge: { token, url, methods: ['WHATSAPP', 'SMS'] },
    retryHeader: 'Step-Up-Proof',
  });
  return [
    { name: 'Take over the request', us: timeOf(() => httpActionRequest(facts)) },
    { name: 'Read the header, none sent', us: timeOf(() => readProof(undefined)) },
    { name: 'Read the header, a proof', us: timeOf(() => readProof(token)) },
    { name: 'Issue a binding', us: timeOf(() => binding.issue(CONTEXT, now)) },
    { name: 'Check a binding', us: timeOf(() => binding.check(key, CONTEXT)) },
    { name: 'Decide', us: timeOf(() => decide(ANSWER, rules)) },
    { name: 'Render a challenge', us: timeOf(() => problemText(renderVerdict(verdict))) },
    { name: 'Burn in memory', us: timeOf((index) => store.burn(`${key}${index}`, 'me', 960_000)) },
    ...(await timeHandles()),
  ];
}

function factsOfRequest() {
  return {
    method: 'POST',
    url: '/payments?from=web',
    pattern: '/payments',
    params: {},
    query: { from: 'web' },
    headers: { 'content-type': 'application/json', 'content-length': String(PAYMENT.length) },
    body: JSON.parse(PAYMENT),
    ip: '127.0.0.1',
    message: { readableDidRead: true },
    raw: {},
  };
}

/** @returns {Promise<Step[]>} */
async function timeHandles() {
  const { Keyring } = await built.keyring();
  const { HandleSeal } = await built.sealedHandle();
  const seal = new HandleSeal(new Keyring(SECRETS), { now: () => 0 });
  const content = {
    flowId: 'flow-1',
    challengeId: 'challenge-1',
    purpose: /** @type {const} */ ('enrollment'),
    subject: 'user-1',
    session: null,
    phoneNumber: '+64211234567',
    steppedUp: false,
    replaces: null,
    expiresAt: 1,
  };
  const handle = await seal.seal(content);
  return [
    { name: 'Seal a handle', us: await timeOfAsync(() => seal.seal(content)) },
    { name: 'Open a handle', us: await timeOfAsync(() => seal.open(handle)) },
  ];
}
