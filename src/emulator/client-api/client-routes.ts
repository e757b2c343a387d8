import type { Route } from '../call.js';
import { notEmulated } from '../refusals.js';
import type { CodeMethod } from '../verification-method.js';
import { addAuthenticator } from './add-authenticator.js';
import { challengeByCode } from './challenge-by-code.js';
import { verifyByCode } from './verify-by-code.js';

const SEGMENTS: readonly (readonly [CodeMethod, string])[] = [
  ['WHATSAPP', 'whatsapp'],
  ['SMS', 'sms'],
  ['EMAIL_OTP', 'email-otp'],
];

const client = (
  path: string,
  call: Route['call'],
  handle: Extract<Route, { api: 'client' }>['handle'],
): Route => ({ api: 'client', method: 'POST', path: `/v1/client/${path}`, call, handle });

/** The Client API. WhatsApp cannot be added through it: Authsignal's cannot either. */
export const CLIENT_ROUTES: readonly Route[] = [
  ...SEGMENTS.flatMap(([method, segment]) => [
    client(`challenge/${segment}`, 'clientChallenge', challengeByCode(method)),
    client(`verify/${segment}`, 'clientVerify', verifyByCode(method)),
  ]),
  ...SEGMENTS.filter(([method]) => method !== 'WHATSAPP').map(([method, segment]) =>
    client(`user-authenticators/${segment}`, 'clientAddAuthenticator', addAuthenticator(method)),
  ),
  ...(['challenge', 'verify', 'user-authenticators'] as const).map(
    (area): Route => ({
      api: 'page',
      method: 'POST',
      path: `/v1/client/${area}/*`,
      call: 'notEmulated',
      handle: () => notEmulated('client methods other than WhatsApp, SMS and e-mail codes'),
    }),
  ),
];
