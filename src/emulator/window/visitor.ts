import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { type Answer, refuse } from '../answer.js';
import { notFound } from '../refusals.js';
import type { ControlRoom } from './control-room.js';

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;

/** What is asked for: the page's own files, what they show, or a change. */
export type Visit = 'file' | 'read' | 'change';

/**
 * Whoever sees the window sees every code. So a name that was made to point here (DNS rebinding) is
 * refused, and so is every other site in the same browser, the app beside it included. Where other
 * machines are let in, any address in numbers will do: none can be made to point elsewhere.
 */
export function refuseVisitor(
  room: ControlRoom,
  visit: Visit,
  headers: IncomingHttpHeaders,
): Answer | undefined {
  if (!room.isOpen) return notFound('The window is switched off; the option "window" opens it.');
  const host = headers.host?.toLowerCase() ?? '';
  if (!isOwnHost(room, host)) {
    return refuse(
      403,
      'forbidden',
      isLoopback(room.host)
        ? `The window answers under http://127.0.0.1:${room.port()} alone, not under another name.`
        : `The window answers under an address in numbers, with the port ${room.port()}, not under another name.`,
    );
  }
  if (visit === 'file') return undefined;
  if (isForeign(headers, host)) {
    return refuse(403, 'forbidden', 'The window answers to its own page alone.');
  }
  if (visit === 'change' && !isJson(headers)) {
    return refuse(415, 'invalid_request', 'The content-type must be application/json.');
  }
  return undefined;
}

/** Whether the address means this machine and nobody else. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost)$/i.test(host);
}

function isOwnHost(room: ControlRoom, host: string): boolean {
  const [, name = '', port = '80'] = HOST.exec(host) ?? [];
  if (Number(port) !== room.port()) return false;
  const told = room.host.toLowerCase();
  const own = told.includes(':') ? `[${told}]` : told;
  if (LOOPBACK.includes(name) || name === own) return true;
  return !isLoopback(told) && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

function isForeign(headers: IncomingHttpHeaders, host: string): boolean {
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) return true;
  return ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'] ?? ''));
}

function isJson(headers: IncomingHttpHeaders): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase() === 'application/json';
}
