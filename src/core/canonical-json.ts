import canonicalize from 'canonicalize';

// The package is CommonJS under types that speak of an ES default export, so the compiler sees a
// different thing in each of our two formats. At run time it is the function in both.
const write: unknown = canonicalize;

/**
 * The canonical text of a JSON value (RFC 8785): one text for every order of keys. The caller has
 * made sure that it is a JSON value.
 */
export function canonicalJson(value: unknown): string {
  if (typeof write !== 'function') {
    throw new TypeError('The package "canonicalize" did not load as a function.');
  }
  const text: unknown = write(value);
  if (typeof text !== 'string') {
    throw new TypeError('Not a JSON value.');
  }
  return text;
}
