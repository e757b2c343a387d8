/**
 * The settings of an instance of the official `Authsignal` class, from its public properties;
 * `undefined` for anything that has not both as non-empty strings. Nothing of the SDK is called.
 */
export function settingsOf(sdk: unknown): { apiSecretKey: string; apiUrl: string } | undefined {
  if (typeof sdk !== 'object' || sdk === null || !('apiSecretKey' in sdk) || !('apiUrl' in sdk)) {
    return undefined;
  }
  const { apiSecretKey, apiUrl } = sdk;
  return isFilled(apiSecretKey) && isFilled(apiUrl) ? { apiSecretKey, apiUrl } : undefined;
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
