/** The header in which Authsignal signs what it sends. */
export const SIGNATURE_HEADER = 'x-signature-v2';

/** What the header says, nothing of it believed yet. */
export interface SignatureHeader {
  /** Unix seconds, in the very digits that were signed. */
  readonly timestamp: string;
  /** One for each API key that is active at Authsignal. */
  readonly signatures: readonly Buffer[];
}

const MAX_LENGTH = 1_024;
const MAX_SIGNATURES = 8;
/** No leading zero, which the official SDK would drop before it signs. */
const TIMESTAMP = /^[1-9]\d{0,11}$/;
/** 32 bytes in base64, written in the one canonical way. */
const SIGNATURE = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/;
/** A scheme that we do not know, which may come to stand beside ours. */
const OTHER = /^[a-su-z]\w*=[^\s,]*$|^t\w+=[^\s,]*$/;

/**
 * Reads `t=<unix seconds>,v2=<base64>[,v2=<base64>]`, in any order, and beside them schemes of other names. Everything
 * else is malformed: several `t`, a list of headers, white space, digits that are no plain number.
 */
export function parseSignatureHeader(value: unknown): SignatureHeader | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) {
    return undefined;
  }
  const timestamps: string[] = [];
  const signatures: Buffer[] = [];
  for (const item of value.split(',')) {
    if (item.startsWith('t=')) {
      timestamps.push(item.slice(2));
    } else if (item.startsWith('v2=') && SIGNATURE.test(item.slice(3))) {
      signatures.push(Buffer.from(item.slice(3), 'base64'));
    } else if (item.startsWith('v2=') || !OTHER.test(item)) {
      return undefined;
    }
  }
  const [timestamp, another] = timestamps;
  if (timestamp === undefined || another !== undefined || !TIMESTAMP.test(timestamp)) {
    return undefined;
  }
  const isCount = signatures.length > 0 && signatures.length <= MAX_SIGNATURES;
  return isCount ? { timestamp, signatures } : undefined;
}
