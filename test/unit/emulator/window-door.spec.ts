import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { CompiledCommand } from './compiled-command.js';
import { RawClient } from './raw-client.js';
import { WindowClient } from './window-client.js';

let emulator: Emulator;
let page: WindowClient;
let own = '';
let port = '';
beforeAll(async () => {
  emulator = await startEmulator({ limits: { sends: { max: 1_000, windowMs: 1_000 } } });
  page = new WindowClient(emulator);
  own = emulator.url;
  port = new URL(own).port;
});
afterAll(() => emulator.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const clear = (headers: Record<string, string>) =>
  page.send({ method: 'POST', path: '/window/commands/clear-inbox', headers, body: '{}' });
const fill = async () => {
  const api = new RawClient(emulator);
  await api.server('POST', '/challenge', {
    verificationMethod: 'WHATSAPP',
    action: 'signIn',
    phoneNumber: '+6421777001',
  });
};

describe('the page', () => {
  it('is at the root, loads nothing from elsewhere and is shown in nobody’s frame', async () => {
    const answer = await page.send({ path: '/' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.text).not.toMatch(/https?:|<style|style="|\son\w+=|<script(?![^>]*src=)/);
    expect(answer.text).toContain('src="/window/main.js"');
  });

  it('has every file that it names, and every module that these import', async () => {
    const waiting = ['/'];
    const seen = new Set<string>();
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const { status, text } = await page.send({ path });
      expect([path, status]).toEqual([path, 200]);
      for (const [, name] of text.matchAll(/(?:src|href)="\/window\/([\w.-]+)"/g)) {
        waiting.push(`/window/${name}`);
      }
      for (const [, name] of text.matchAll(/^import .*from '\.\/([\w.-]+)';$/gm)) {
        waiting.push(`/window/${name}`);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
    expect((await page.send({ path: '/window/nothing.js' })).status).toBe(404);
    expect((await page.send({ path: '/window/..%2Fwindow.embedded.ts' })).status).toBe(404);
  });

  it('is not in the log of requests and is not hit by a fault that names nobody', async () => {
    emulator.requests.clear();
    emulator.faults.add({ kind: 'status', status: 503 });
    expect((await page.send({ path: '/' })).status).toBe(200);
    expect((await page.state()).faults.items).toHaveLength(1);
    expect((await page.command('clear-faults', {})).status).toBe(200);
    expect(emulator.requests.all()).toEqual([]);
    expect(emulator.requests.count()).toBe(0);
  });
});

describe('who is let in', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('%s', async (name) => {
    const headers = { host: `${name}:${port}` };
    expect((await page.send({ path: '/', headers })).status).toBe(200);
    expect((await page.send({ path: '/window/state', headers })).status).toBe(200);
    const origin = `http://${name.toLowerCase()}:${port}`;
    expect((await clear({ ...headers, ...JSON_TYPE, origin })).status).toBe(200);
  });

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '127.0.0.1:1',
    '127.0.0.1',
    '0.0.0.0',
    '192.168.1.2',
  ])('not another name: %j', async (name) => {
    const hasPort = name === '127.0.0.1' || name.includes(':');
    const headers = { host: hasPort ? name : `${name}:${port}` };
    for (const path of ['/', '/window/main.js', '/window/state']) {
      const answer = await page.send({ path, headers });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.text).toContain('not under another name');
    }
    expect((await clear({ ...headers, ...JSON_TYPE })).status).toBe(403);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['a site without a name', { origin: 'null' }],
    ['the app on another port', { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' }],
    ['the same address by another scheme', { origin: 'https://127.0.0.1:PORT' }],
    ['another name for this machine', { origin: 'http://localhost:PORT' }],
    ['a cross-site request without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site request without an origin', { 'sec-fetch-site': 'same-site' }],
  ])('not %s', async (_, given) => {
    await fill();
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace('PORT', port)]),
    );
    const read = await page.send({ path: '/window/state', headers });
    expect(read.status).toBe(403);
    expect(read.text).not.toContain('+6421777001');
    expect(read.headers['access-control-allow-origin']).toBeUndefined();
    expect((await clear({ ...JSON_TYPE, ...headers })).status).toBe(403);
    expect(emulator.inbox.messages()).not.toEqual([]);
    emulator.inbox.clear();
  });

  it('itself, and somebody who typed the address', async () => {
    for (const headers of [
      { origin: own, 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ]) {
      expect((await page.send({ path: '/window/state', headers })).status).toBe(200);
      expect((await clear({ ...JSON_TYPE, ...headers })).status).toBe(200);
    }
    // A link in a README leads to the page from another site; the page shows nothing by itself.
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await page.send({ path: '/', headers })).status).toBe(200);
  });

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/plain; application/json',
  ])('no change with the content type %s', async (type) => {
    await fill();
    const answer = await clear(type === undefined ? {} : { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(answer.text).toContain('The content-type must be application/json.');
    expect(emulator.inbox.messages()).not.toEqual([]);
    expect((await clear({ 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
    expect(emulator.inbox.messages()).toEqual([]);
  });

  it('no change by GET, and no preflight for anybody', async () => {
    expect((await page.send({ path: '/window/commands/clear-inbox' })).status).toBe(404);
    const preflight = await page.send({
      method: 'OPTIONS',
      path: '/window/commands/clear-inbox',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(404);
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('a body that is no object, or too large, is refused in words', async () => {
    const send = (body: string) =>
      page.send({
        method: 'POST',
        path: '/window/commands/clear-inbox',
        headers: JSON_TYPE,
        body,
      });
    expect((await send('[]')).status).toBe(400);
    expect((await send('{"half')).status).toBe(400);
    expect((await send(`{"x":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
  });
});

describe('the option "window"', () => {
  let other: Emulator | undefined;
  afterEach(() => other?.stop());

  it('switches it off: nothing below it answers', async () => {
    other = await startEmulator({ window: false });
    const client = new WindowClient(other);
    expect(other.windowUrl).toBeUndefined();
    for (const path of ['/', '/window/main.js', '/window/state']) {
      expect([path, (await client.send({ path })).status]).toEqual([path, 404]);
    }
    expect((await client.command('clear-inbox', {})).status).toBe(404);
  });

  it('is on by itself for loopback alone', async () => {
    other = await startEmulator({ host: 'localhost' });
    expect(other.windowUrl).toBe(`${other.url}/`);
    await other.stop();
    other = await startEmulator({ host: '0.0.0.0' });
    expect(other.windowUrl).toBeUndefined();
    expect((await new WindowClient(other).send({ path: '/' })).status).toBe(404);
  });

  it('answers under the host that was asked for too, if it is switched on', async () => {
    other = await startEmulator({ host: '0.0.0.0', window: true });
    const client = new WindowClient(other);
    const { port: otherPort } = new URL(other.url);
    const statusFor = async (host: string) =>
      (await client.send({ path: '/window/state', headers: { host: `${host}:${otherPort}` } }))
        .status;
    expect(await statusFor('127.0.0.1')).toBe(200);
    expect(await statusFor('0.0.0.0')).toBe(200);
    expect(await statusFor('192.168.1.2')).toBe(200);
    expect(await statusFor('[fe80::1]')).toBe(200);
    // Rebinding needs a name, and these are names to a browser.
    for (const name of [
      'evil.example',
      '192.168.1.2.evil.example',
      '192.168.1',
      '[dead]',
      '1.2.3.999',
    ]) {
      expect([name, await statusFor(name)]).toEqual([name, 403]);
    }
    const headers = { host: `192.168.1.2:${otherPort}`, origin: `http://192.168.1.3:${otherPort}` };
    expect((await client.send({ path: '/window/state', headers })).status).toBe(403);
  });

  it('must be true or false', async () => {
    const options: object = { window: 'yes' };
    await expect(startEmulator(options)).rejects.toMatchObject({
      code: 'option_invalid',
      message: 'window must be true or false.',
    });
  });
});

describe('the command', () => {
  let command: CompiledCommand;
  beforeAll(() => {
    command = new CompiledCommand();
  });
  afterAll(() => command.remove());

  it('names the window’s address', async () => {
    const running = command.run('--port', '0');
    const address = await running.printed(/window +(http:\S+\/)\n/);
    expect((await fetch(address)).status).toBe(200);
    running.child.kill('SIGTERM');
    await running.exited;
  });

  it.each([
    [['--no-window'], false],
    [['--host', '0.0.0.0'], false],
    [['--host', '0.0.0.0', '--window'], true],
  ])('%j', async (flags, isShown) => {
    const running = command.run('--port', '0', ...flags);
    const apiUrl = await running.apiUrl();
    expect(/^ {2}window /m.test(running.stdout)).toBe(isShown);
    expect((await fetch(new URL('/', apiUrl))).status).toBe(isShown ? 200 : 404);
    running.child.kill('SIGTERM');
    await running.exited;
  });
});
