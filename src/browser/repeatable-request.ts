import { StepUpFetchError } from './errors.js';

// The names of fetch (`Request`, `Response`, `RequestInit`, `AbortSignal`) are global in Node's types,
// too, and those step back where the DOM library is present. So this folder compiles without that
// library, which would otherwise offer `window` and `document` to the whole server side, and the
// declarations mean the browser's own types in the user's build.
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A request that can be sent more than once, each time as it was when it was made. */
export interface RepeatableRequest {
  readonly signal: AbortSignal;
  send(proof?: { readonly header: string; readonly value: string }): Promise<Response>;
}

// Not in a worker, whose address stays.
declare const document: { readonly baseURI: string } | undefined;

/** What `fetch` would make of a relative address now. The page may be elsewhere when it is sent again. */
export function whole(input: string | URL | Request): string | URL | Request {
  return typeof document === 'undefined' || isRequest(input)
    ? input
    : new URL(input, document.baseURI);
}

/**
 * Copies what its maker could still change while the user is being asked: headers, forms, buffers.
 *
 * @throws StepUpFetchError `ERR_STEP_UP_BODY` for a body that is a stream: it could be sent only once.
 */
export function repeatableRequest(
  fetch: Fetch,
  input: string | URL | Request,
  init: RequestInit | undefined,
): RepeatableRequest {
  const target = isRequest(input) ? input.clone() : String(input);
  const kept = init && copyOf(init);
  return {
    signal: signalOf(target, init) ?? new AbortController().signal,
    send(proof) {
      const again = isRequest(target) ? target.clone() : target;
      if (proof === undefined) {
        return fetch(again, kept);
      }
      if (isRequest(again) && kept?.headers === undefined) {
        again.headers.set(proof.header, proof.value);
        return fetch(again, kept);
      }
      const headers = new Headers(kept?.headers);
      headers.set(proof.header, proof.value);
      return fetch(again, { ...kept, headers });
    },
  };
}

/** Not `instanceof`: the request may be of another window. */
function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'clone' in input;
}

/** As `fetch` has it: `null` takes the request's own signal away. */
function signalOf(
  target: string | Request,
  init: RequestInit | undefined,
): AbortSignal | null | undefined {
  if (init?.signal !== undefined) {
    return init.signal;
  }
  return isRequest(target) ? target.signal : undefined;
}

function copyOf(init: RequestInit): RequestInit {
  const copy: RequestInit = {};
  // With what it inherits, as `fetch` reads it: a Request may serve as init.
  for (const key in init) {
    Object.assign(copy, { [key]: init[key as keyof RequestInit] });
  }
  if (init.headers !== undefined) {
    copy.headers = new Headers(init.headers);
  }
  if (init.body !== undefined) {
    copy.body = copyOfBody(init.body);
  }
  return copy;
}

type Body = NonNullable<RequestInit['body']> | null;

function copyOfBody(body: Body): Body {
  if (body === null || typeof body !== 'object') {
    return body;
  }
  if ('getReader' in body || Symbol.asyncIterator in body) {
    throw new StepUpFetchError(
      'ERR_STEP_UP_BODY',
      'A stream can be sent only once, and a challenge sends the request again. Give a string, a Blob, a form or a buffer: `await new Response(stream).blob()`.',
    );
  }
  if (body instanceof URLSearchParams) {
    return new URLSearchParams(body);
  }
  if (body instanceof FormData) {
    const copy = new FormData();
    body.forEach((value, name) => {
      copy.append(name, value);
    });
    return copy;
  }
  if (body instanceof ArrayBuffer) {
    return body.slice(0);
  }
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
    : body;
}
