/** Every code of a warning, those of mistakes first. One heading per code stands in docs/inventory.md. */
export const WARNING_CODES = [
  'gate_missing',
  'auth_guard_after_gate',
  'no_subject',
  'body_not_parsed',
  'fail_open',
  'class_policy_loosened',
  'memory_store',
  'memory_limits',
  'trust_proxy_unset',
  'gate_last',
  'class_policy_shadowed',
  'observed',
  'skippable',
  'unenrolled_allowed',
  'no_action_list',
  'action_unguarded',
  'route_unknown',
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];

/** A `note` may well be on purpose; a `warning` should not be there. */
export type WarningLevel = 'warning' | 'note';

export interface ActionWarning {
  readonly code: WarningCode;
  readonly level: WarningLevel;
  readonly message: string;
  /** The handlers, actions or options that it is about. Empty: the application. */
  readonly places: readonly string[];
  /** Where it is explained, in the package. */
  readonly page: string;
}

interface Meaning {
  readonly message: string;
  readonly level: WarningLevel;
  /** Where the application is looked at as in production. */
  readonly inProduction?: WarningLevel;
}

const MEANINGS: Readonly<Record<WarningCode, Meaning>> = {
  gate_missing: {
    level: 'warning',
    message: 'An action is declared, but its guard was taken away: the handler runs unguarded',
  },
  auth_guard_after_gate: {
    level: 'warning',
    message: 'Something that looks like authentication runs after the gate, which sees no user yet',
  },
  no_subject: {
    level: 'warning',
    message: 'The gate has no `subject`, so the WhatsApp routes of signed-in users answer 401',
  },
  body_not_parsed: {
    level: 'warning',
    message:
      'The policy has a `body`, but no body parser was found: such requests are answered 500',
  },
  fail_open: {
    level: 'warning',
    message:
      '`whenUnavailable: "allow"`: while Authsignal is out of reach, requests pass unchecked',
  },
  class_policy_loosened: {
    level: 'warning',
    message: "A method's policy is laxer than that of its class",
  },
  memory_store: {
    level: 'note',
    inProduction: 'warning',
    message: 'Used proofs are remembered by this one process; in production share a `replayStore`',
  },
  memory_limits: {
    level: 'note',
    inProduction: 'warning',
    message: 'The limits of WhatsApp messages are counted by this one process; give a `limitStore`',
  },
  trust_proxy_unset: {
    level: 'note',
    inProduction: 'warning',
    message: "No trusted proxy is set: behind one, every client has the proxy's address",
  },
  gate_last: {
    level: 'note',
    message: 'Nothing stands behind the gate there: a handler that stands before it runs unguarded',
  },
  class_policy_shadowed: {
    level: 'note',
    message: "A method's @RequireAction goes over that of its class, whose action is not asked for",
  },
  observed: { level: 'note', message: '`mode: "observe"`: nothing is refused' },
  skippable: { level: 'note', message: 'A `skip` lets some requests pass without a check' },
  unenrolled_allowed: {
    level: 'note',
    message: '`whenUnenrolled: "allow"`: who has no authenticator passes where the rules allow it',
  },
  no_action_list: {
    level: 'note',
    message: 'The gate has no `actions`: a mistyped action code becomes a new action without rules',
  },
  action_unguarded: {
    level: 'note',
    message: 'Named in `actions`, but no route asks for it; a handler may, with `gate.require`',
  },
  route_unknown: {
    level: 'note',
    message: 'A guard whose route is not in this application: list the one that it is mounted from',
  },
};

export function warningOf(
  code: WarningCode,
  places: readonly string[],
  isProduction: boolean,
): ActionWarning {
  const { message, level, inProduction = level } = MEANINGS[code];
  return {
    code,
    level: isProduction ? inProduction : level,
    message,
    places: [...new Set(places)],
    page: `authsignal-guard/docs/inventory.md#${code}`,
  };
}
