import { type Call, param, type Route } from '../call.js';
import { addAuthenticator } from '../client-api/add-authenticator.js';
import { pageFile } from '../page-files.js';
import { CHALLENGE_FILES } from '../pages/challenge.embedded.js';
import { challengeSession } from './challenge-session.js';

// Anybody may frame it: the SDK's popup is a frame in the page of an app that is not known here.
const file = (name: string) => pageFile(CHALLENGE_FILES, name, 'by-anyone');

/** The pre-built UI: its page, and what the page asks for that the Client API cannot tell. */
export const CHALLENGE_PAGE_ROUTES: readonly Route[] = [
  {
    api: 'client',
    method: 'GET',
    path: '/challenge/session',
    call: 'pageSession',
    handle: challengeSession,
  },
  {
    api: 'client',
    method: 'POST',
    path: '/challenge/enrolment',
    call: 'pageEnrolment',
    handle: addAuthenticator('WHATSAPP'),
  },
  {
    api: 'page',
    method: 'GET',
    path: '/challenge',
    call: 'page',
    handle: () => file('index.html'),
  },
  {
    api: 'page',
    method: 'GET',
    path: '/challenge/:file',
    call: 'page',
    handle: (_tenant, call: Call) => file(param(call, 'file')),
  },
];
