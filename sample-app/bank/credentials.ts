export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const MAX_LENGTH = 256;

/** `undefined` for anything else than two texts of a sensible length. */
export function readCredentials(body: unknown): Credentials | undefined {
  if (typeof body !== 'object' || body === null) {
    return undefined;
  }
  const username: unknown = Reflect.get(body, 'username');
  const password: unknown = Reflect.get(body, 'password');
  return isText(username) && isText(password) ? { username, password } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_LENGTH;
}
