import { randomBytes } from 'node:crypto';

/** A name that nobody uses: of a user, an action, a key or a secret. */
export function randomName() {
  return `check-${randomBytes(8).toString('hex')}`;
}
