import { Authsignal } from '@authsignal/node';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  barriersOn,
  CHROMIUM_START_MS,
  keepPicture,
  startChromium,
} from '../../support/chromium.js';
import { RawClient } from '../../unit/emulator/raw-client.js';

// Real pages on a busy machine: each test waits for what a person would see, however long that takes.
jest.setTimeout(240_000);

const ANN = '+64211234567';
const LARGE = {
  name: 'Large amount',
  conditions: { '>': [{ var: 'custom.amount' }, 1000] },
  outcome: 'CHALLENGE',
} as const;
const VERY_LARGE = {
  name: 'Very large amount',
  conditions: { '>': [{ var: 'custom.amount' }, 10_000] },
  outcome: 'REVIEW',
} as const;

let browser: Browser;
let context: BrowserContext;
let emulator: Emulator;
let api: RawClient;
let sdk: Authsignal;
let page: Page;
const uncaught: string[] = [];
const elsewhere: string[] = [];

const start = (port = 0) =>
  startEmulator({
    port,
    actions: { createPayment: { outcome: 'ALLOW', rules: [VERY_LARGE, LARGE] } },
    limits: { sends: { max: 5_000, windowMs: 1_000 } },
  });

async function open(): Promise<Page> {
  const opened = await context.newPage();
  opened.setDefaultTimeout(20_000);
  opened.on('pageerror', (error) => uncaught.push(String(error)));
  opened.on('request', (request) => {
    if (!request.url().startsWith(emulator.url)) elsewhere.push(request.url());
  });
  await opened.goto(emulator.url);
  await live(opened);
  return opened;
}

const live = (opened: Page) => opened.getByText('Live', { exact: true }).waitFor();
const panel = (name: string) => page.getByRole('region', { name, exact: true });
const chat = () => page.getByRole('list', { name: /^Messages to/ }).getByRole('listitem');
const send = (phoneNumber: string, action = 'signIn', method = 'WHATSAPP') =>
  api.server('POST', '/challenge', { verificationMethod: method, action, phoneNumber });
const codeTo = (to: string) => emulator.inbox.latest(to)?.code ?? 'none';
const track = (userId: string, amount: number) =>
  sdk.track({ userId, action: 'createPayment', attributes: { custom: { amount } } });

beforeAll(async () => {
  browser = await startChromium();
}, CHROMIUM_START_MS);
afterAll(() => browser?.close());

beforeEach(async () => {
  uncaught.length = 0;
  elsewhere.length = 0;
  emulator = await start();
  api = new RawClient(emulator);
  sdk = new Authsignal({ apiSecretKey: emulator.secret, apiUrl: emulator.apiUrl });
  context = await browser.newContext({
    viewport: { width: 1_440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page = await open();
});
afterEach(async () => {
  await context.close();
  await emulator.stop();
  expect(uncaught).toEqual([]);
  expect(elsewhere).toEqual([]);
});

describe('the inbox', () => {
  it('shows a message as it arrives, announces it, and copies its code', async () => {
    await page.getByText('No message yet').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await keepPicture(page, 'window-empty');
    await send(ANN, 'signIn');
    await page.locator('.chat-to', { hasText: '+64 211 234 567' }).waitFor();
    const code = codeTo(ANN);
    await page
      .locator('#news', { hasText: `New WhatsApp message to ${ANN}: ${[...code].join(' ')}` })
      .waitFor({ state: 'attached' });
    expect(await chat().innerText()).toContain('signIn');
    await page.getByRole('button', { name: `Copy code ${code}` }).click();
    await page.getByText(`Copied ${code}.`).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(code);
  });

  it('selects the code where the clipboard is closed', async () => {
    await page.evaluate(
      'navigator.clipboard.writeText = () => Promise.reject(new Error("closed"))',
    );
    await send(ANN);
    await page.getByRole('button', { name: 'Copy code' }).click();
    await page.getByText('The code is selected').waitFor();
    expect(await page.evaluate('String(getSelection()).trim()')).toBe(codeTo(ANN));
  });

  it('follows the newest recipient until one is chosen, and can be cleared', async () => {
    const bob = '+61412345678';
    await send(ANN);
    await send(bob, 'signIn', 'SMS');
    await page.locator('.chat-to', { hasText: '+61 412 345 678' }).waitFor();
    expect(await chat().locator('.channel').allInnerTexts()).toEqual(['SMS']);
    await page.getByLabel('Messages to', { exact: true }).selectOption(ANN);
    await page.locator('.chat-to', { hasText: '+64 211 234 567' }).waitFor();
    await send(bob, 'signIn', 'SMS');
    await page.getByRole('option', { name: '+61 412 345 678 (2)' }).waitFor({ state: 'attached' });
    expect(await page.locator('.chat-to').innerText()).toBe('+64 211 234 567');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('No message yet').waitFor();
    expect(emulator.inbox.messages()).toEqual([]);
  });

  it('tells which code is still good', async () => {
    emulator.users.enroll('ann', { phoneNumber: ANN });
    const { token } = await track('ann', 2_000);
    await api.challenge(token);
    await api.challenge(token);
    await chat().getByText('replaced by a newer one').waitFor();
    await api.verify(token, codeTo(ANN));
    await chat().getByText('used', { exact: true }).waitFor();
    const next = await track('ann', 2_000);
    await api.challenge(next.token);
    await chat()
      .getByText(/^good until/)
      .waitFor();
    emulator.clock.advance(600_000);
    await chat().getByText('expired', { exact: true }).waitFor();
  });
});

describe('what is tracked and how it is decided', () => {
  it('switches an outcome, and the SDK’s next call obeys', async () => {
    expect((await track('ann', 20)).state).toBe('ALLOW');
    const group = page.getByRole('group', { name: 'createPayment', exact: true });
    await group.getByText('Large amount', { exact: true }).waitFor();
    await group.getByText('custom.amount > 1000', { exact: true }).waitFor();
    await group.getByRole('radio', { name: 'Block' }).check();
    await page.getByText('createPayment: Block.').waitFor();
    expect((await track('ann', 20)).state).toBe('BLOCK');
    const rows = panel('Tracked actions').getByRole('listitem');
    await rows.getByText('Blocked').waitFor();
    expect(await rows.locator('.badge').allInnerTexts()).toEqual(['Blocked', 'Allowed']);
    emulator.actions.set('createPayment', { outcome: 'REVIEW' });
    await group.getByRole('radio', { name: 'Review', checked: true }).waitFor();
  });

  it('ends a review', async () => {
    const tracked = await track('ann', 25_000);
    const row = panel('Tracked actions').getByRole('listitem').first();
    await row.getByText('Review required').waitFor();
    await row.getByText('Matched: Very large amount, Large amount').waitFor();
    await row.getByRole('button', { name: /^Review succeeded/ }).click();
    await row.locator('.badge', { hasText: 'Review succeeded' }).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    const { idempotencyKey } = tracked;
    expect(
      await sdk.getAction({ userId: 'ann', action: 'createPayment', idempotencyKey }),
    ).toMatchObject({ state: 'REVIEW_SUCCEEDED' });
  });

  it('enrolls and deletes by hand', async () => {
    await page.getByText('Enroll by hand').click();
    const form = page.getByRole('form', { name: 'Enroll by hand' });
    await form.getByLabel('User', { exact: true }).fill('ann');
    await form.getByLabel('Number', { exact: true }).fill('12');
    await form.getByRole('button', { name: 'Enroll' }).click();
    await page.getByText('phoneNumber must be a number with its country').waitFor();
    await form.getByLabel('Number', { exact: true }).fill('+64 21 123 4567');
    await form.getByRole('button', { name: 'Enroll' }).click();
    const row = panel('Users').getByRole('listitem').filter({ hasText: ANN }).first();
    await row.waitFor();
    expect((await track('ann', 2_000)).state).toBe('CHALLENGE_REQUIRED');
    await page.getByRole('button', { name: 'Delete WhatsApp of ann' }).click();
    await page.getByText('Nothing enrolled').waitFor();
    expect((await track('ann', 2_000)).state).toBe('ALLOW');
    await page.getByRole('button', { name: 'Delete user ann' }).click();
    expect(emulator.users.all()).toHaveLength(1);
    await page.getByRole('button', { name: 'Really: Delete user ann?' }).click();
    await page.getByText('No user yet').waitFor();
    expect(emulator.users.all()).toEqual([]);
  });
});

describe('what goes wrong and what time it is', () => {
  it('switches a fault on and off: the SDK fails, and works again', async () => {
    const form = page.getByRole('form', { name: 'Switch a fault on' });
    await form.getByLabel('What goes wrong', { exact: true }).selectOption('status');
    await form.getByLabel('On', { exact: true }).selectOption('track');
    await form.getByLabel('Status', { exact: true }).fill('403');
    await form.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('1 fault is on').waitFor();
    await panel('Faults').getByText('on track, status 403, until removed').waitFor();
    await expect(track('ann', 20)).rejects.toMatchObject({ statusCode: 403 });
    await page.getByRole('button', { name: 'Remove status on track' }).click();
    await page.getByText('None is on').waitFor();
    expect((await track('ann', 20)).state).toBe('ALLOW');
    emulator.faults.add({ kind: 'hang', match: { call: 'validate' }, times: 3 });
    await panel('Faults').getByText('on validate, 3 more times').waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByText('None is on').waitFor();
  });

  it('advances the clock until a token expires, and brings it back', async () => {
    emulator.users.enroll('ann', { phoneNumber: ANN });
    const { token } = await track('ann', 2_000);
    const clock = panel('Clock');
    await clock.getByRole('button', { name: 'Advance by 10 min' }).click();
    await clock.getByText('10 min ahead of this machine’s.').waitFor();
    expect((await api.challenge(token)).status).toBe(401);
    await clock.getByRole('button', { name: 'Back to now' }).click();
    await clock.getByText('As this machine’s.').waitFor();
    expect((await api.challenge(token)).status).toBe(200);
    await clock.getByLabel('Advance by', { exact: true }).fill('2');
    await clock.getByLabel('Unit', { exact: true }).selectOption({ label: 'days' });
    await clock.getByRole('button', { name: 'Advance', exact: true }).click();
    await clock.getByText('2 d ahead of this machine’s.').waitFor();
  });

  it('turns a switch', async () => {
    await page.getByText('Behaviour that Authsignal leaves open').click();
    await page.getByLabel('validateOnce', { exact: true }).selectOption('true');
    await page.getByText('validateOnce: true.').waitFor();
    expect(emulator.switches.validateOnce).toBe(true);
    expect(await barriersOn(page)).toEqual([]);
  });

  it('logs requests, and leaves open what was opened', async () => {
    await track('ann', 20);
    const row = panel('Requests').getByRole('listitem').first();
    await row.getByText('track', { exact: true }).click();
    await row.getByText('"amount": 20').waitFor();
    await track('bob', 21);
    await panel('Requests').getByRole('listitem').nth(1).getByText('"amount": 20').waitFor();
    expect(await page.locator('#requests details[open]').count()).toBe(1);
    expect(await page.locator('body').innerText()).not.toContain(emulator.secret);
  });
});

describe('the page itself', () => {
  it('shows the same in two windows at once', async () => {
    const second = await open();
    await page.bringToFront();
    await page.getByRole('button', { name: 'Advance by 1 h' }).click();
    for (const window of [page, second]) {
      await window.getByText('1 h ahead of this machine’s.').waitFor();
    }
    await send(ANN);
    for (const window of [page, second]) {
      await window.getByRole('button', { name: `Copy code ${codeTo(ANN)}` }).waitFor();
    }
  });

  it('says that the connection is lost, and comes back with the emulator', async () => {
    await send(ANN);
    await page.getByRole('button', { name: 'Copy code' }).waitFor();
    const { port } = new URL(emulator.url);
    await emulator.stop();
    await page.getByRole('alert').getByText('Connection lost.').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await keepPicture(page, 'window-lost');
    await page.getByRole('button', { name: 'Advance by 1 h' }).click();
    await page.getByText('The emulator does not answer; nothing was changed.').waitFor();
    emulator = await start(Number(port));
    await page.getByRole('button', { name: 'Try now' }).click();
    await live(page);
    await page.getByText('No message yet').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    api = new RawClient(emulator);
    await send(ANN);
    await page.getByRole('button', { name: `Copy code ${codeTo(ANN)}` }).waitFor();
  });

  it('comes back by itself too', async () => {
    const { port } = new URL(emulator.url);
    await emulator.stop();
    await page.getByRole('alert').getByText('Connection lost.').waitFor();
    emulator = await start(Number(port));
    await live(page);
  });

  it('shows hostile names as text', async () => {
    const names = [
      '<img src=x onerror="document.title=1">',
      '\u202Elatot fo eman\u202C שלום',
      'long'.repeat(2_500),
    ];
    for (const [index, name] of names.entries()) {
      emulator.users.enroll(name, { phoneNumber: `+6421${7_000_000 + index}` });
      await sdk.track({
        userId: name,
        action: 'createPayment',
        attributes: { custom: { [name.slice(0, 64)]: name, amount: 25_000 } },
      });
    }
    await page.locator('#users bdi.strong', { hasText: '<img src=x onerror=' }).waitFor();
    await page.locator('#actions dd', { hasText: '<img src=x onerror=' }).waitFor();
    await page.locator('#users bdi.strong', { hasText: 'longlong' }).waitFor();
    expect(await page.locator('img').count()).toBe(1);
    expect(await page.title()).toBe('Authsignal emulator');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1_440);
    await page.locator('#users li', { hasText: '<img' }).getByRole('button').first().click();
    await page.getByRole('button', { name: /^Really: Delete user <img/ }).click();
    await page.getByText('User deleted.').waitFor();
    expect(emulator.users.all()).toHaveLength(2);
    expect(await barriersOn(page)).toEqual([]);
    await keepPicture(page, 'window-hostile');
  });

  it('stays usable with a thousand of everything', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index);
    const fill = async (index: number) => {
      const phoneNumber = `+6421${1_000_000 + index}`;
      emulator.users.enroll(`user-${index}`, { phoneNumber });
      await Promise.all([send(phoneNumber), api.track(`user-${index}`, 'createPayment')]);
    };
    for (let done = 0; done < ids.length; done += 50) {
      await Promise.all(ids.slice(done, done + 50).map(fill));
    }
    await page.getByText('and 900 more users').waitFor();
    await page.getByText('and 900 more actions').waitFor();
    await page.getByText('and 800 more messages').waitFor();
    await page.getByText('and 950 more requests').waitFor();
    emulator.users.enroll('newest', { phoneNumber: ANN });
    await page.getByRole('button', { name: 'Delete user newest' }).waitFor();
    await send(ANN);
    await page.getByRole('button', { name: `Copy code ${codeTo(ANN)}` }).waitFor();
    expect(await page.locator('*').count()).toBeLessThan(10_000);
  });

  it('works with the keyboard alone, and takes nobody’s focus away', async () => {
    emulator.users.enroll('ann', { phoneNumber: ANN });
    await page.getByRole('button', { name: 'Delete user ann' }).waitFor();
    await send(ANN);
    await page.getByRole('button', { name: 'Copy code' }).waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    const tabTo = async (matches: (text: unknown) => boolean) => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        if (matches(await focused())) return;
      }
      throw new Error('Nothing like that can be reached.');
    };
    await tabTo((text) => text === 'Copy code');
    await page.keyboard.press('Enter');
    await page.getByText(`Copied ${codeTo(ANN)}.`).waitFor();
    await tabTo((text) => text === 'Enroll by hand');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('bo');
    await send(ANN);
    await track('carl', 1);
    await panel('Tracked actions').getByText('carl').waitFor();
    await page.keyboard.type('b');
    expect(await page.getByLabel('User', { exact: true }).inputValue()).toBe('bob');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('+61412345678');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete user bob' }).waitFor();
    await tabTo((text) => text === 'Delete');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Really?');
    await page.keyboard.press('Enter');
    await page.getByText('User deleted.').waitFor();
    await tabTo((text) => text === '+10 min');
    await page.keyboard.press('Space');
    await page.getByText('10 min ahead of').waitFor();
    await page.getByRole('radio', { name: 'Allow' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('createPayment: Challenge.').waitFor();
    expect(emulator.actions.get('createPayment').outcome).toBe('CHALLENGE');
  });

  it.each(['light', 'dark'] as const)('is without barriers and fits, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    emulator.users.enroll('ann', { phoneNumber: ANN });
    emulator.users.enroll('ann', { verificationMethod: 'EMAIL_OTP', email: 'ann@example.com' });
    emulator.users.enroll('bob', { verificationMethod: 'SMS', phoneNumber: '+61412345678' });
    await track('ann', 20);
    await track('bob', 25_000);
    const { token } = await track('ann', 2_000);
    await api.challenge(token);
    await api.challenge(token);
    emulator.faults.add({ kind: 'latency', delayMs: 300, match: { call: 'validate' }, times: 2 });
    await page.getByText('1 fault is on').waitFor();
    await page.getByText('Enroll by hand').click();
    await panel('Requests').getByText('track', { exact: true }).first().click();
    expect(await barriersOn(page)).toEqual([]);
    await page.evaluate('scrollTo(0, 0)');
    await keepPicture(page, `window-${colorScheme}`);
    for (const width of [1_000, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await barriersOn(page)).toEqual([]);
      await keepPicture(page, `window-${colorScheme}-${width}`);
    }
  });
});
