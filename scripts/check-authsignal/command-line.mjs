import { parseArgs } from 'node:util';
import { Refusal } from './endings.mjs';

export const HELP = `Usage: AUTHSIGNAL_SECRET=... AUTHSIGNAL_URL=https://.../v1 AUTHSIGNAL_TENANT=... \\
  npm run check:authsignal -- [options]

Asks an Authsignal tenant what is not documented, and says which switches of the emulator differ.

  --phone NUMBER           your own WhatsApp number; up to 6 messages go to it
  --i-will-type-the-codes  ask for the codes of these messages
  --limits                 use up a number's limits: up to 8 messages and 12 wrong codes
  --limits-phone NUMBER    another number for --limits, which leaves --phone unlimited
  --wait                   wait until a challenge and a token have expired, about 10 minutes
  --action CODE            an action that allows; default authsignal-guard-check
  --blocked-action CODE    an action that blocks; costs 2 e-mails to an address that nobody has
  --codes-from URL         read the codes from an emulator with the switch inboxEndpoint
  --timeout MS             deadline of each call, default 10000
  --json                   print the report as JSON
  --help                   print this
`;

const FLAGS = /** @type {const} */ ({
  phone: { type: 'string' },
  'i-will-type-the-codes': { type: 'boolean', default: false },
  limits: { type: 'boolean', default: false },
  'limits-phone': { type: 'string' },
  wait: { type: 'boolean', default: false },
  action: { type: 'string', default: 'authsignal-guard-check' },
  'blocked-action': { type: 'string' },
  'codes-from': { type: 'string' },
  timeout: { type: 'string', default: '10000' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});

/**
 * @typedef {object} Keys
 * @property {string} secret
 * @property {string} apiUrl with the version, without a trailing slash
 * @property {string} tenantId
 *
 * @typedef {object} Options
 * @property {string | undefined} phone E.164
 * @property {string} limitsPhone E.164; empty if there is no number at all
 * @property {boolean} typesCodes
 * @property {string | undefined} codesFrom
 * @property {boolean} limits
 * @property {boolean} wait
 * @property {string} action
 * @property {string | undefined} blockedAction
 * @property {number} timeoutMs
 * @property {boolean} json
 */

/**
 * @param {readonly string[]} args
 * @returns {Options | 'help'}
 * @throws {Refusal}
 */
export function readOptions(args) {
  const flags = parse(args);
  if (flags.help) return 'help';
  const phone = phoneOf('--phone', flags.phone);
  const timeoutMs = Number(flags.timeout);
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1) {
    throw new Refusal('--timeout must be a whole number of milliseconds.');
  }
  for (const [name, code] of /** @type {const} */ ([
    ['--action', flags.action],
    ['--blocked-action', flags['blocked-action'] ?? 'none'],
  ])) {
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(code)) {
      throw new Refusal(`${name} must be an action code: letters, digits, "_" and "-".`);
    }
  }
  const codesFrom = flags['codes-from'];
  if (codesFrom !== undefined) urlOf('--codes-from', codesFrom);
  return {
    phone,
    limitsPhone: phoneOf('--limits-phone', flags['limits-phone']) ?? phone ?? '',
    typesCodes: flags['i-will-type-the-codes'],
    codesFrom: codesFrom?.replace(/\/$/, ''),
    limits: flags.limits,
    wait: flags.wait,
    action: flags.action,
    blockedAction: flags['blocked-action'],
    timeoutMs,
    json: flags.json,
  };
}

/**
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Keys}
 * @throws {Refusal}
 */
export function readKeys(environment) {
  const names = /** @type {const} */ (['AUTHSIGNAL_SECRET', 'AUTHSIGNAL_URL', 'AUTHSIGNAL_TENANT']);
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new Refusal(
      `Set ${missing.join(', ')} to the keys of an Authsignal tenant; without them there is nobody to ask.`,
    );
  }
  const [secret = '', apiUrl = '', tenantId = ''] = names.map((name) => environment[name]);
  const url = urlOf('AUTHSIGNAL_URL', apiUrl);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isLoopback) {
    throw new Refusal('AUTHSIGNAL_URL must be https, or the secret would travel in the clear.');
  }
  return { secret, apiUrl: apiUrl.replace(/\/+$/, ''), tenantId };
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    const [sentence] = String(error)
      .replace(/^\w+( \[\w+\])?: /, '')
      .split(/\.( |$)/);
    throw new Refusal(`${sentence}; see --help.`);
  }
}

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function phoneOf(name, value) {
  if (value === undefined) return undefined;
  if (!/^\+[1-9]\d{6,14}$/.test(value)) {
    throw new Refusal(`${name} must be a number in E.164 form, such as +64 and the rest.`);
  }
  return value;
}

/**
 * @param {string} name
 * @param {string} value
 */
function urlOf(name, value) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search === '';
  if (url === undefined || !/^https?:$/.test(url.protocol) || !isPlain) {
    throw new Refusal(`${name} must be an http(s) address without credentials or a query.`);
  }
  return url;
}
