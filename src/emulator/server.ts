import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, refuse, textOf, withHeaders } from './answer.js';
import { corsHeaders, isClientPath } from './client-api/cors.js';
import { dispatch, type Target, targetOf } from './dispatch.js';
import { type Delivery, delayOf, deliveryOf, processes } from './fault-effect.js';
import type { Faults } from './faults.js';
import { addressOf, type IncomingBody, loggedHeaders, readBody } from './incoming.js';
import type { RequestLog } from './request-log.js';
import { iso, type Tenant } from './tenant.js';
import type { ControlRoom } from './window/control-room.js';

export interface ServerParts {
  readonly tenant: Tenant;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly room: ControlRoom;
  /** Resolves when what the request has changed is on the disk. */
  readonly settled: () => Promise<void>;
  /** What still waits then is given up, not carried out. */
  readonly isStopped: () => boolean;
}

/** The HTTP server of the stand-in; it listens to nothing yet. */
export function createEmulatorServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(parts.tenant, response, refuse(500, 'internal_error', String(error)));
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

async function serve(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { tenant, faults } = parts;
  const { path, query } = addressOf(request);
  const method = request.method ?? 'GET';
  const target = targetOf(method, path);
  const body = await readBody(request);
  const answered = logRequest(parts, request, target, body);
  const fault = faults.take({ call: target.call, method, path });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const carryOut = async (): Promise<Answer> => {
    const received = { headers: request.headers, query, body, gone: gone.signal };
    const answer = await dispatch(tenant, target, received, parts.room);
    await parts.settled();
    return answer;
  };
  if (fault !== undefined) await pause(delayOf(fault), response);
  if (parts.isStopped()) return;
  const real = fault === undefined || processes(fault) ? await carryOut() : undefined;
  const delivery: Delivery =
    fault === undefined
      ? { kind: 'send', answer: real ?? refuse(500, 'internal_error', 'Nothing was answered.') }
      : deliveryOf(fault, real);
  if ('answer' in delivery) answered(delivery.answer.status);
  if (body.kind === 'too-large') response.setHeader('connection', 'close');
  const cors = isClientPath(path) ? corsHeaders(request.headers) : {};
  for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
  deliver(tenant, response, delivery);
}

function logRequest(
  parts: ServerParts,
  request: IncomingMessage,
  target: Target,
  body: IncomingBody,
): (status: number) => void {
  // The window asks without end, and shows the log itself.
  if (target.call === 'window') return () => undefined;
  return parts.requests.add({
    at: iso(parts.tenant.clock.now()),
    call: target.call,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: loggedHeaders(request),
    body: body.kind === 'json' ? body.value : body.kind === 'not-json' ? body.text : undefined,
  });
}

/** Real time; a connection that goes away ends the wait, and what follows is carried out. */
function pause(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    }
    response.once('close', done);
  });
}

function deliver(tenant: Tenant, response: ServerResponse, delivery: Delivery): void {
  switch (delivery.kind) {
    case 'send':
      send(tenant, response, delivery.answer);
      return;
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'truncate':
      writePart(tenant, response, delivery.answer, () => response.socket?.destroy());
      return;
    case 'stall':
      writePart(tenant, response, delivery.answer, () => undefined);
      return;
  }
}

/** The headers promise the whole, half of it is written, and `then` happens. */
function writePart(
  tenant: Tenant,
  response: ServerResponse,
  answer: Answer,
  then: () => void,
): void {
  const text = textOf(answer);
  response.writeHead(answer.status, {
    ...headersOf(tenant, answer),
    'content-length': Buffer.byteLength(text),
  });
  response.write(text.slice(0, Math.ceil(text.length / 2)), then);
}

function send(tenant: Tenant, response: ServerResponse, answer: Answer): void {
  const text = textOf(answer);
  response.writeHead(answer.status, {
    ...headersOf(tenant, answer),
    ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
  });
  response.end(text);
}

function headersOf(tenant: Tenant, answer: Answer): Answer['headers'] {
  const isRefusal = answer.status >= 400 && answer.body.kind === 'json';
  const contentType = { 'content-type': tenant.switches.errorContentType };
  return (isRefusal ? withHeaders(answer, contentType) : answer).headers;
}
