import type { Readable } from 'node:stream';
import { isUint8Array } from 'node:util/types';

/** Where a framework may have the body of a request. */
export interface BodyPlaces {
  /** What `rawBody: true` of Nest, or a `verify` function of a parser, has kept. */
  readonly rawBody: unknown;
  readonly body: unknown;
  /** Node's own request. */
  readonly message: Readable;
}

export type RawBody =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: 'body_parsed' | 'body_too_large' | 'body_broken_off' };

/** The bytes that were sent, for they are what was signed: kept ones, unparsed ones, or the stream while nobody has read it. */
export async function readRawBody(places: BodyPlaces, maxBytes: number): Promise<RawBody> {
  const { rawBody, body, message } = places;
  const kept = bytesOf(rawBody) ?? bytesOf(body);
  if (kept !== undefined) {
    return kept.length > maxBytes ? tooLarge : { ok: true, bytes: kept };
  }
  if (message.readableDidRead) {
    return { ok: false, why: 'body_parsed' };
  }
  return readStream(message, maxBytes);
}

const tooLarge: RawBody = { ok: false, why: 'body_too_large' };
const brokenOff: RawBody = { ok: false, why: 'body_broken_off' };

function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value === 'string') {
    return Buffer.from(value, 'utf8');
  }
  return isUint8Array(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : undefined;
}

/** By events: leaving a loop over the stream would close the connection before the answer. */
function readStream(message: Readable, maxBytes: number): Promise<RawBody> {
  if (message.destroyed) {
    return Promise.resolve(brokenOff);
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (result: RawBody): void => {
      message.off('data', take).off('end', end).off('close', breakOff).off('error', breakOff);
      // What is left of it is thrown away; nobody may be left to hear of an error.
      message.on('error', () => undefined).resume();
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) {
        settle(tooLarge);
      }
    };
    const end = (): void => settle({ ok: true, bytes: Buffer.concat(chunks, length) });
    const breakOff = (): void => settle(brokenOff);
    message.on('data', take).on('end', end).on('close', breakOff).on('error', breakOff);
  });
}
