import type { WhatsAppLimits } from 'authsignal-guard/express';

export interface Configuration {
  readonly host: string;
  /** 0: chosen by the system. */
  readonly port: number;
  readonly databaseFile: string;
  /** Of the tenant to talk to; without one the app starts a stand-in. */
  readonly tenant: TenantSettings | undefined;
  /** Where the stand-in listens. Default 0: chosen by the system. */
  readonly emulatorPort?: number;
  /** For those who do in seconds what users do in weeks. Default: the library's. */
  readonly limits?: WhatsAppLimits;
}

export interface TenantSettings {
  readonly apiSecretKey: string;
  readonly apiUrl: string;
  /** Not secret: the web page hands it to the browser SDK. */
  readonly tenantId: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as not given. @throws Error one sentence that names the variable */
export function readConfiguration(environment: Environment): Configuration {
  return {
    host: environment.HOST || '127.0.0.1',
    port: readPort('PORT', environment.PORT || '3000'),
    databaseFile: environment.DB_FILE || ':memory:',
    tenant: readTenant(environment),
    emulatorPort: readPort('EMULATOR_PORT', environment.EMULATOR_PORT || '4400'),
  };
}

function readPort(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new Error(`${name} must be a whole number from 0 to 65535, not "${text}".`);
  }
  return port;
}

const TENANT_VARIABLES = ['AUTHSIGNAL_SECRET', 'AUTHSIGNAL_URL', 'AUTHSIGNAL_TENANT'] as const;

function readTenant(environment: Environment): TenantSettings | undefined {
  const [apiSecretKey = '', apiUrl = '', tenantId = ''] = TENANT_VARIABLES.map(
    (name) => environment[name],
  );
  const missing = TENANT_VARIABLES.filter((name) => !environment[name]);
  if (missing.length === TENANT_VARIABLES.length) {
    return undefined;
  }
  if (missing.length > 0) {
    const given = TENANT_VARIABLES.filter((name) => environment[name]);
    throw new Error(
      `${are(given)} set but ${are(missing)} not; set all three for your tenant, or none for the stand-in.`,
    );
  }
  if (!/^https?:\/\/[^/]+\/v1$/.test(apiUrl)) {
    throw new Error('AUTHSIGNAL_URL must end in /v1, such as https://au.api.authsignal.com/v1.');
  }
  return { apiSecretKey, apiUrl, tenantId };
}

function are(names: readonly string[]): string {
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'}`;
}
