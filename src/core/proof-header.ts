import type { ActionRequest } from './action-request.js';

/** What the proof header of a request holds. */
export type SentProof =
  | { readonly sent: 'none' }
  /** Present, but no token: repeated, too long, or with other characters. */
  | { readonly sent: 'malformed' }
  | { readonly sent: 'token'; readonly token: string };

const MAX_LENGTH = 8192;

/** RFC 7235's `token68`, in which a JWT (RFC 7519) fits. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** What came as a proof: with the message itself, or in the header. */
export function sentProof({ proof, headers }: ActionRequest, header: string): unknown {
  return proof ?? headers[header.toLowerCase()];
}

/** Reads it as a framework hands it over. Never throws. */
export function readProof(value: unknown): SentProof {
  if (value === undefined) {
    return { sent: 'none' };
  }
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !TOKEN68.test(value)) {
    return { sent: 'malformed' };
  }
  return { sent: 'token', token: value };
}
