import type { WhatsAppLimits } from 'authsignal-guard/express';

export interface Configuration {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  readonly databaseFile: string;
  /** Of the tenant to talk to; without one the app starts a stand-in. */
  readonly tenant: TenantSettings | undefined;
  /** For those who do in seconds what users do in weeks. Default: the library's. */
  readonly limits?: WhatsAppLimits;
}

export interface TenantSettings {
  readonly apiSecretKey: string;
  readonly apiUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as not given. @throws Error one sentence that names the variable */
export function readConfiguration(environment: Environment): Configuration {
  return {
    host: environment.HOST || '127.0.0.1',
    port: readPort(environment.PORT || '3000'),
    databaseFile: environment.DB_FILE || ':memory:',
    tenant: readTenant(environment.AUTHSIGNAL_SECRET, environment.AUTHSIGNAL_URL),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Error(`PORT must be a whole number from 0 to 65535, not "${text}".`);
  }
  return port;
}

function readTenant(secret = '', url = ''): TenantSettings | undefined {
  if (secret === '' && url === '') {
    return undefined;
  }
  if (secret === '' || url === '') {
    const [given, missing] =
      secret === ''
        ? ['AUTHSIGNAL_URL', 'AUTHSIGNAL_SECRET']
        : ['AUTHSIGNAL_SECRET', 'AUTHSIGNAL_URL'];
    throw new Error(
      `${given} is set but ${missing} is not; set both for your tenant, or neither for the stand-in.`,
    );
  }
  if (!/^https?:\/\/[^/]+\/v1$/.test(url)) {
    throw new Error('AUTHSIGNAL_URL must end in /v1, such as https://au.api.authsignal.com/v1.');
  }
  return { apiSecretKey: secret, apiUrl: url };
}
