import { internalsOf } from '../core/step-up-gate.js';
import { MemoryReplayStore } from '../replay/memory-replay-store.js';
import {
  type ActionWarning,
  WARNING_CODES,
  type WarningCode,
  warningOf,
} from './action-warning.js';
import type { ApplicationFacts, FoundRoute } from './found-route.js';
import type { InventoryOptions, ListedPolicy } from './listed-action.js';
import { loosenedFields, shadowedFields } from './policy-layers.js';

/** What there is to say of one route: the place, or nothing. */
type RouteRule = (route: FoundRoute) => string | undefined;

const ROUTE_RULES: readonly (readonly [WarningCode, RouteRule])[] = [
  ['gate_missing', (route) => (route.isGated ? undefined : route.place)],
  ['auth_guard_after_gate', ({ authAfterGate: [first], place }) => first && `${place} (${first})`],
  [
    'body_not_parsed',
    (route) => where(route, ({ body }) => body !== null && route.isParsed === false),
  ],
  [
    'fail_open',
    (route) =>
      where(route, ({ whenUnavailable, requireChallenge, mode }) => {
        return whenUnavailable === 'allow' && !requireChallenge && mode === 'enforce';
      }),
  ],
  ['class_policy_loosened', (route) => fields(route, loosenedFields)],
  ['gate_last', ({ isLast, place }) => (isLast === true ? place : undefined)],
  ['class_policy_shadowed', (route) => fields(route, shadowedFields)],
  ['observed', (route) => where(route, ({ mode }) => mode === 'observe')],
  ['skippable', (route) => where(route, ({ skip }) => skip)],
  [
    'unenrolled_allowed',
    (route) => where(route, ({ whenUnenrolled }) => whenUnenrolled === 'allow'),
  ],
];

/** Everything that somebody should know of these routes, one warning for each code, mistakes first. */
export function examine(
  facts: ApplicationFacts,
  { production = false }: InventoryOptions,
): readonly ActionWarning[] {
  const found: (readonly [WarningCode, readonly string[] | undefined])[] = [
    ...ROUTE_RULES.map(([code, rule]) => {
      const places = facts.routes.map(rule).filter((text) => text !== undefined);
      return [code, places.length > 0 ? places : undefined] as const;
    }),
    ['no_subject', lacksSubject(facts) ? [] : undefined],
    ['memory_store', facts.gates.some(remembersAlone) ? [] : undefined],
    ['memory_limits', facts.hasMemoryLimits ? [] : undefined],
    ['trust_proxy_unset', facts.trustsProxy === false && facts.routes.length > 0 ? [] : undefined],
    [
      'no_action_list',
      facts.gates.some(listsNoActions) && facts.routes.length > 0 ? [] : undefined,
    ],
    ['action_unguarded', unguarded(facts)],
    ['route_unknown', facts.unrouted.length > 0 ? facts.unrouted : undefined],
  ];
  return found
    .flatMap(([code, places]) =>
      places === undefined ? [] : [warningOf(code, places, production)],
    )
    .toSorted((one, other) => rank(one) - rank(other));
}

function rank({ level, code }: ActionWarning): number {
  const ofCode = WARNING_CODES.indexOf(code);
  return level === 'warning' ? ofCode : WARNING_CODES.length + ofCode;
}

/** Of an action's own policy: that of a flow is not the application's to change. */
function where(route: FoundRoute, holds: (policy: ListedPolicy) => boolean): string | undefined {
  const { policy, kind } = route.listed;
  return kind === 'action' && policy !== null && holds(policy) ? route.place : undefined;
}

function fields(
  route: FoundRoute,
  compare: (layers: NonNullable<FoundRoute['layers']>) => readonly string[],
): string | undefined {
  const names = route.layers === undefined ? [] : compare(route.layers);
  return names.length > 0 ? `${route.place} (${names.join(', ')})` : undefined;
}

/** Actions have a subject, or the application would not have started; flows find out at run time. */
function lacksSubject({ gates, routes }: ApplicationFacts): boolean {
  const isSignedIn = ({ listed }: FoundRoute): boolean =>
    listed.kind === 'whatsapp' &&
    !listed.path.includes('/sign-in') &&
    !listed.path.endsWith('/resend');
  return (
    routes.some(isSignedIn) &&
    gates.some((gate) => internalsOf(gate).options.defaults.subject === undefined)
  );
}

type Gate = ApplicationFacts['gates'][number];

function remembersAlone(gate: Gate): boolean {
  return internalsOf(gate).options.replayStore instanceof MemoryReplayStore;
}

function listsNoActions(gate: Gate): boolean {
  return internalsOf(gate).options.actions === undefined;
}

function unguarded({ gates, routes }: ApplicationFacts): readonly string[] | undefined {
  const asked = new Set(routes.flatMap(({ listed }) => listed.actions));
  const named = gates.flatMap((gate) => internalsOf(gate).options.actions ?? []);
  const rest = named.filter((action) => !asked.has(action));
  return rest.length > 0 ? rest : undefined;
}
