import { createHash } from 'node:crypto';
import type { AuthsignalConnection } from './authsignal-connection.js';

/** Where Authsignal serves its pre-built UI. A tenant with a domain of its own for it adds that here. */
const PREBUILT_UI = 'https://*.authsignal.com';

/**
 * The Content-Security-Policy of the page: scripts of this origin alone and no inline one but the import map, calls to this
 * origin and to Authsignal's API, frames of Authsignal's pre-built UI.
 */
export function pagePolicy(html: string, { apiUrl, emulator }: AuthsignalConnection): string {
  return [
    "default-src 'none'",
    `script-src 'self' '${hashOfImportMap(html)}'`,
    // The Web SDK writes the look of its popup into a <style>. Attributes stay forbidden.
    "style-src 'self' 'unsafe-inline'",
    "style-src-attr 'none'",
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(apiUrl).origin}`,
    `frame-src ${emulator === undefined ? PREBUILT_UI : new URL(emulator.url).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashOfImportMap(html: string): string {
  const [, text] = /<script type="importmap">(.*?)<\/script>/s.exec(html) ?? [];
  if (text === undefined) {
    throw new Error('index.html has no import map.');
  }
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
