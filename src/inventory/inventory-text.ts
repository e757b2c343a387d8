import type { ActionWarning } from './action-warning.js';
import type { ActionInventory, ListedAction, ListedPolicy } from './listed-action.js';

/** The inventory for people: a block for each route, then the warnings. */
export function inventoryText({ actions, warnings }: ActionInventory): string {
  const blocks = actions.map(actionText);
  const lines = warnings.map((warning) => `${warning.level}  ${warningText(warning)}`);
  return [countText(actions), '', ...blocks, ...lines, ''].join('\n');
}

/** One line, however many there are. */
export function summaryText(actions: readonly ListedAction[]): string {
  const places = actions.map((action) => `${namedActions(action)} (${shortAddress(action)})`);
  const hint = places.length === 0 ? '' : '. listActions(app) lists them';
  return `${countText(actions)}${namesOf(places)}${hint}`;
}

function countText({ length }: readonly ListedAction[]): string {
  return `${length} guarded ${length === 1 ? 'route' : 'routes'}`;
}

/** One line. */
export function warningText({ code, message, places, page }: ActionWarning): string {
  return `${code}: ${message}${namesOf(places)}. See ${page}`;
}

const MOST_PLACES = 5;

function namesOf(places: readonly string[]): string {
  if (places.length === 0) {
    return '';
  }
  const more = places.length - MOST_PLACES;
  const shown = places.slice(0, MOST_PLACES).join(', ');
  return more > 0 ? `: ${shown} and ${more} more` : `: ${shown}`;
}

function actionText(action: ListedAction): string {
  const { host, version, handler, policy, order } = action;
  const address = [
    shortAddress(action),
    ...(host === null ? [] : [`on ${host}`]),
    ...(version === null ? [] : [`version ${version}`]),
  ].join(' ');
  return [
    `${address}  ${namedActions(action)}`,
    `  handler  ${handler}`,
    ...(policy === null ? [] : [`  policy   ${policyText(policy)}`]),
    ...(order.length === 0 ? [] : [`  order    ${order.join(' > ')}`]),
    '',
  ].join('\n');
}

function shortAddress({ transport, method, path }: ListedAction): string {
  const protocol = transport === 'http' ? '' : `${transport} `;
  return `${protocol}${method} ${path}`;
}

function namedActions({ kind, actions }: ListedAction): string {
  return kind === 'webhook' ? 'webhook' : actions.join(' or ') || kind;
}

function policyText(policy: ListedPolicy): string {
  const { mode, methods, maxProofAgeMs, bind, body } = policy;
  return [
    mode,
    ...(policy.requireChallenge ? ['challenge always'] : []),
    `unenrolled ${policy.whenUnenrolled}`,
    `unavailable ${policy.whenUnavailable}`,
    `methods ${methods.length === 0 ? 'any' : methods.join('|')}`,
    `proofs ${maxProofAgeMs / 1000} s`,
    `bind ${bind}`,
    `body ${body ?? 'as it is'}`,
    ...(policy.skip ? ['skip'] : []),
    ...(policy.returnProofOnFailure ? ['proof returned on failure'] : []),
  ].join(', ');
}
