import { page } from './answer.js';
import type { Route } from './call.js';
import { challengeWhatsApp, verifyWhatsApp } from './client-api/whatsapp.js';
import { inboxAnswer } from './inbox-endpoint.js';
import { notEmulated } from './refusals.js';
import { getAction, queryUserActions, updateAction } from './server-api/actions.js';
import {
  deleteAuthenticator,
  enrollVerifiedAuthenticator,
  getAuthenticators,
} from './server-api/authenticators.js';
import { challenge } from './server-api/challenge.js';
import { claim } from './server-api/claim.js';
import { getChallenge } from './server-api/get-challenge.js';
import { track } from './server-api/track.js';
import { deleteUser, getUser, queryUsers, updateUser } from './server-api/users.js';
import { validate } from './server-api/validate.js';
import { verify } from './server-api/verify.js';
import { WINDOW_ROUTES } from './window/window-routes.js';

const server = (
  method: Route['method'],
  path: string,
  call: Route['call'],
  handle: Extract<Route, { api: 'server' | 'page' }>['handle'],
): Route => ({ api: 'server', method, path, call, handle });

const sessions = () => notEmulated('sessions');

/** Every address that is answered; the first that fits is taken. */
export const ROUTES: readonly Route[] = [
  server('GET', '/v1/users/:userId', 'getUser', getUser),
  server('GET', '/v1/users', 'queryUsers', queryUsers),
  server('PATCH', '/v1/users/:userId', 'updateUser', updateUser),
  server('DELETE', '/v1/users/:userId', 'deleteUser', deleteUser),
  server('GET', '/v1/users/:userId/authenticators', 'getAuthenticators', getAuthenticators),
  server(
    'POST',
    '/v1/users/:userId/authenticators',
    'enrollVerifiedAuthenticator',
    enrollVerifiedAuthenticator,
  ),
  server(
    'DELETE',
    '/v1/users/:userId/authenticators/:userAuthenticatorId',
    'deleteAuthenticator',
    deleteAuthenticator,
  ),
  server('POST', '/v1/users/:userId/actions/:action', 'track', track),
  server('GET', '/v1/users/:userId/actions/:action/:idempotencyKey', 'getAction', getAction),
  server(
    'PATCH',
    '/v1/users/:userId/actions/:action/:idempotencyKey',
    'updateAction',
    updateAction,
  ),
  server('GET', '/v1/users/:userId/actions', 'queryUserActions', queryUserActions),
  server('POST', '/v1/challenge', 'challenge', challenge),
  server('POST', '/v1/verify', 'verify', verify),
  server('POST', '/v1/claim', 'claim', claim),
  server('GET', '/v1/challenges', 'getChallenge', getChallenge),
  server('POST', '/v1/validate', 'validate', validate),
  server('POST', '/v1/sessions', 'sessions', sessions),
  server('POST', '/v1/sessions/*', 'sessions', sessions),
  server('GET', '/v1/users/:userId/devices', 'notEmulated', () => notEmulated('devices')),
  server('GET', '/v1/authenticators', 'notEmulated', () => notEmulated('the configuration')),
  {
    api: 'client',
    method: 'POST',
    path: '/v1/client/challenge/whatsapp',
    call: 'clientChallenge',
    handle: challengeWhatsApp,
  },
  {
    api: 'client',
    method: 'POST',
    path: '/v1/client/verify/whatsapp',
    call: 'clientVerify',
    handle: verifyWhatsApp,
  },
  ...(['challenge', 'verify', 'user-authenticators'] as const).map(
    (area): Route => ({
      api: 'page',
      method: 'POST',
      path: `/v1/client/${area}/*`,
      call: 'notEmulated',
      handle: () => notEmulated('client methods other than WhatsApp'),
    }),
  ),
  {
    api: 'page',
    method: 'GET',
    path: '/challenge',
    call: 'page',
    handle: () =>
      page(
        501,
        '<!doctype html><title>Authsignal emulator</title><p>The pre-built UI is not part of this emulator yet. Complete the challenge through the Client API.</p>',
      ),
  },
  { api: 'page', method: 'GET', path: '/inbox', call: 'inbox', handle: inboxAnswer },
  ...WINDOW_ROUTES,
];
