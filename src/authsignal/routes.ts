import type { ActionReference, TrackRequest } from '../core/authsignal-port.js';
import { fixedRoute, type Id, type Route, routeOf } from './route.js';

export const VALIDATE = fixedRoute('/validate');
export const CHALLENGE = fixedRoute('/challenge');
export const VERIFY = fixedRoute('/verify');
export const CLAIM = fixedRoute('/claim');

interface OfUser {
  readonly userId: string;
}

export function user(request: OfUser): Route {
  return routeOf('users', userIdOf(request));
}

export function authenticators(request: OfUser): Route {
  return routeOf('users', userIdOf(request), 'authenticators');
}

export function tracking(request: TrackRequest): Route {
  return routeOf('users', userIdOf(request), 'actions', ['action', request.action]);
}

export function action(request: ActionReference): Route {
  return routeOf(
    'users',
    userIdOf(request),
    'actions',
    ['action', request.action],
    ['idempotencyKey', request.idempotencyKey],
  );
}

function userIdOf({ userId }: OfUser): Id {
  return ['userId', userId];
}
