import type { ActionRecord } from '../action-record.js';
import { OUTCOMES } from '../action-state.js';
import type { AuthenticatorRecord } from '../authenticator-record.js';
import { CALL_NAMES, type CallName } from '../call-name.js';
import { SWITCH_CHOICES } from '../switches.js';
import type { Tenant } from '../tenant.js';
import type { UserRecord } from '../user-record.js';
import { CODE_METHODS } from '../verification-method.js';
import type { ControlRoom } from './control-room.js';
import { faultView } from './fault-view.js';
import { FAULT_WORDS } from './fault-words.js';
import { listing } from './listing.js';
import { messageView } from './message-view.js';
import { requestView } from './request-view.js';
import { settingsViews } from './settings-view.js';

/** How much of each list is shown; the rest is a number. */
const SHOWN = { messages: 200, users: 100, actions: 100, settings: 100, faults: 50, requests: 50 };

/** Calls that nobody means to disturb by name in the window. */
const NOT_OFFERED: readonly CallName[] = ['window', 'unknown', 'notEmulated'];

/** Everything that the page shows, as JSON. Lists are newest first, users by the time they came. */
export type WindowState = ReturnType<typeof windowState>;

export function windowState(room: ControlRoom) {
  const { tenant, clock, faults, requests } = room;
  const { state } = tenant;
  return {
    revision: room.changes.revision,
    tenant: {
      tenantId: tenant.tenantId,
      apiUrl: `${tenant.url()}/v1`,
      defaultOutcome: tenant.actions.defaultOutcome,
    },
    clock: { now: clock.now(), offsetMs: clock.offset(), isSystems: clock.isSystems },
    messages: listing([...state.messages].reverse(), SHOWN.messages, (message) =>
      messageView(tenant, message),
    ),
    users: listing([...state.users.values()].reverse(), SHOWN.users, (user) =>
      userView(tenant, user),
    ),
    actions: listing([...state.actions()].reverse(), SHOWN.actions, actionView),
    settings: listing(settingsViews(tenant), SHOWN.settings, (settings) => settings),
    faults: listing(faults.active(), SHOWN.faults, faultView),
    requests: listing([...requests.all()].reverse(), SHOWN.requests, (request, index) => ({
      ...requestView(request),
      // Counted from the start or the last `clear`: the same as long as it is shown.
      number: requests.count() - index,
    })),
    switches: Object.entries(SWITCH_CHOICES).map(([name, choices]) => ({
      name,
      choices,
      value: Object.entries(tenant.switches).find(([known]) => known === name)?.[1] ?? choices[0],
    })),
    choices: {
      outcomes: OUTCOMES,
      methods: CODE_METHODS.filter((method) => tenant.methods.includes(method)),
      calls: CALL_NAMES.filter((call) => !NOT_OFFERED.includes(call)),
      faults: Object.entries(FAULT_WORDS).map(([kind, words]) => ({ kind, words })),
    },
  };
}

function userView(tenant: Tenant, user: UserRecord) {
  const { userId, phoneNumber, email, username } = user;
  return {
    userId,
    phoneNumber,
    email,
    username,
    authenticators: tenant.state.authenticators(userId).map(authenticatorView),
  };
}

function authenticatorView(authenticator: AuthenticatorRecord) {
  const { userAuthenticatorId, verificationMethod, phoneNumber, email } = authenticator;
  const { isDefault, lastVerifiedAt } = authenticator;
  return { userAuthenticatorId, verificationMethod, phoneNumber, email, isDefault, lastVerifiedAt };
}

function actionView(record: ActionRecord) {
  const { userId, action, idempotencyKey, state, createdAt, stateUpdatedAt } = record;
  const { rules, custom, verificationMethod } = record;
  const shared = { userId, action, idempotencyKey, state, createdAt, stateUpdatedAt };
  return { ...shared, rules, custom, verificationMethod };
}
