import type { AuthsignalPort } from './authsignal-port.js';
import { StepUpError } from './errors.js';
import { aText, having } from './option-checks.js';
import type { AuthsignalSettings, StepUpGateOptions } from './options.js';
import type { ServerAddress } from './telemetry.js';

/** Region that Authsignal's own SDK uses by default. */
export const DEFAULT_API_URL = 'https://api.authsignal.com/v1';

/** The deadline of a call, and of one that sends a message. */
export const DEFAULT_TIMEOUT_MS = 3_000;
export const DEFAULT_SEND_TIMEOUT_MS = 10_000;

/** The settings of our own client, or undefined where the application brought a port. */
export function authsignalSettings(
  options: StepUpGateOptions<unknown>,
): AuthsignalSettings | undefined {
  const { authsignal, apiSecretKey, apiUrl } = options;
  if (authsignal === undefined) {
    if (apiSecretKey === undefined) {
      throw optionError(
        '`apiSecretKey` is missing. Take it from Authsignal Portal > Settings > API keys, ' +
          'or pass `authsignal: new Authsignal({ ... })`',
      );
    }
    return { apiSecretKey, apiUrl: apiUrl ?? DEFAULT_API_URL };
  }
  if (apiSecretKey !== undefined || apiUrl !== undefined) {
    throw optionError('give either `authsignal` or `apiSecretKey` with `apiUrl`, not both');
  }
  return isSettings(authsignal) ? checkedSettings(authsignal) : undefined;
}

function isSettings(value: unknown): value is AuthsignalSettings {
  return typeof value === 'object' && value !== null && 'apiSecretKey' in value;
}

function checkedSettings({ apiSecretKey, apiUrl }: AuthsignalSettings): AuthsignalSettings {
  const fault = aText(apiSecretKey) ?? apiUrlFault(apiUrl);
  if (fault !== undefined) {
    throw optionError('`authsignal` carries no usable apiSecretKey and apiUrl');
  }
  return { apiSecretKey, apiUrl };
}

/** The application's own port, where it brought one. */
export function ownPort(authsignal: StepUpGateOptions['authsignal']): AuthsignalPort {
  const fault = having('track', 'validateChallenge', 'updateAction')(authsignal);
  if (fault !== undefined || authsignal === undefined || isSettings(authsignal)) {
    throw optionError('`authsignal` must be an instance of @authsignal/node or an AuthsignalPort');
  }
  return authsignal;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The secret goes out with every call, so a plain connection may only stay on this machine. */
export function apiUrlFault(value: unknown): string | undefined {
  const words = 'an https URL that ends in /v1, such as https://au.api.authsignal.com/v1';
  if (typeof value !== 'string' || !URL.canParse(value)) {
    return words;
  }
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
  const secure = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  const clean = [search, hash, username, password].every((part) => part === '');
  return secure && clean && /\/v1\/?$/.test(pathname) ? undefined : words;
}

/** Where an `apiUrl` that was checked points to. */
export function serverAddress(apiUrl: string): ServerAddress {
  const { hostname, port, protocol, pathname } = new URL(apiUrl);
  const usual = protocol === 'https:' ? 443 : 80;
  return {
    address: hostname,
    port: port === '' ? usual : Number(port),
    basePath: pathname.replace(/\/$/, ''),
  };
}

function optionError(message: string): StepUpError {
  return new StepUpError('ERR_STEP_UP_OPTION', `createStepUpGate: ${message}.`);
}
