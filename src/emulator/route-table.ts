import type { Route } from './call.js';
import { CHALLENGE_PAGE_ROUTES } from './challenge-page/challenge-page-routes.js';
import { CLIENT_ROUTES } from './client-api/client-routes.js';
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
  ...CLIENT_ROUTES,
  ...CHALLENGE_PAGE_ROUTES,
  { api: 'page', method: 'GET', path: '/inbox', call: 'inbox', handle: inboxAnswer },
  ...WINDOW_ROUTES,
];
