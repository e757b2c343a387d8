import { createHmac, randomBytes } from 'node:crypto';

/**
 * @typedef {object} DecodedToken
 * @property {Readonly<Record<string, any>>} header
 * @property {Readonly<Record<string, any>>} claims
 */

/**
 * What a token says, unchecked; undefined if it is no JWT.
 * @param {string} token
 * @returns {DecodedToken | undefined}
 */
export function decode(token) {
  const [header, claims, signature] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined) return undefined;
  try {
    return { header: parsePart(header), claims: parsePart(claims) };
  } catch {
    return undefined;
  }
}

/**
 * Whether the token is signed with HS256 and this key.
 * @param {string} token
 * @param {string} key
 */
export function isSignedWith(token, key) {
  const end = token.lastIndexOf('.');
  return token.slice(end + 1) === signature(token.slice(0, end), key);
}

/**
 * A token with the same content that somebody else has signed.
 * @param {string} token
 */
export function foreign(token) {
  const { claims = {} } = decode(token) ?? {};
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  return `${signed}.${signature(signed, randomBytes(32).toString('hex'))}`;
}

/** @param {string} part */
function parsePart(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

/**
 * @param {string} signed
 * @param {string} key
 */
function signature(signed, key) {
  return createHmac('sha256', key).update(signed).digest('base64url');
}
