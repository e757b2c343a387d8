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
import type { Browser, Locator, Page } from 'playwright-core';
import { CHROMIUM_START_MS, startChromium } from '../../support/chromium.js';
import { type Arrived, type BankSite, startBankSite } from './bank-site.js';

/** Six prompts, one after another, on a machine that is busy. */
jest.setTimeout(240_000);

const PHONE = '+64217000001';
const PLENTY = { max: 1000, windowMs: 1000 };
const JSON_BODY = { 'content-type': 'application/json' };

let emulator: Emulator;
let site: BankSite;
let browser: Browser;
let page: Page;
let uncaught: string[] = [];

/** What the page tells of a request. */
interface Told {
  readonly status?: number;
  readonly body?: { readonly by?: string; readonly proofId?: string; readonly id?: string };
  readonly error?: { readonly name: string; readonly code?: string; readonly message: string };
  readonly requestUsed?: boolean;
}

beforeAll(async () => {
  const outcome = { outcome: 'CHALLENGE' } as const;
  emulator = await startEmulator({
    actions: { createPayment: outcome, closeAccount: outcome, blocked: { outcome: 'BLOCK' } },
    limits: { sends: PLENTY, verifies: PLENTY },
  });
  emulator.users.enroll('ann', { phoneNumber: PHONE });
  site = await startBankSite(emulator);
  browser = await startChromium();
}, CHROMIUM_START_MS);

afterAll(async () => {
  await browser.close();
  await site.stop();
  await emulator.stop();
});

beforeEach(async () => {
  site.arrived.length = 0;
  emulator.inbox.clear();
  for (const action of ['createPayment', 'closeAccount']) {
    emulator.actions.set(action, { outcome: 'CHALLENGE' });
  }
  page = await (await browser.newContext()).newPage();
  uncaught = [];
  page.on('pageerror', (error) => uncaught.push(error.stack ?? error.message));
});

afterEach(async () => {
  await page.context().close();
  expect(uncaught).toEqual([]);
});

/** Opens the bank's page, with that way to answer challenges. */
async function visit(challenge: string): Promise<void> {
  await page.goto(`${site.pageUrl}/?challenge=${challenge}`);
  await started();
}

async function started(): Promise<void> {
  await page.waitForFunction('globalThis.bank !== undefined');
}

const call = <T>(name: string, ...given: readonly unknown[]): Promise<T> =>
  page.evaluate(`bank.${name}(...${JSON.stringify(given)})`);

const send = (url: string, asked: object = {}): Promise<Told> => call('send', url, asked);

const pay = (id: number, more: object = {}): Promise<Told> =>
  send(`/api/createPayment?id=${id}`, {
    method: 'POST',
    kind: 'text',
    headers: JSON_BODY,
    ...more,
  });

const codeOnPhone = (): Promise<string> => emulator.inbox.waitForCode(PHONE, { timeoutMs: 30_000 });

const dialog = (action = 'createPayment'): Locator =>
  page.getByRole('dialog', { name: `Confirm ${action}` });

async function type(code: string, into = dialog()): Promise<void> {
  await into.getByLabel('Code').fill(code);
  await into.getByRole('button', { name: 'Confirm' }).click();
}

async function confirm(action = 'createPayment'): Promise<void> {
  await dialog(action).waitFor();
  await type(await codeOnPhone(), dialog(action));
}

const shown = (): Promise<{ actions: string[]; open: number; mostOpen: number }> => call('shown');

const without = ({ proven: _proven, ...rest }: Arrived) => rest;

/** Refused, then let through, and alike but for the proof. */
function expectRepeated(): void {
  expect(site.arrived.map(({ proven }) => proven)).toEqual([false, true]);
  const [first, second] = site.arrived.map(without);
  expect(second).toEqual(first);
}

describe('a page with own UI', () => {
  beforeEach(() => visit('own'));

  it('pays with a code, after another message and a wrong code', async () => {
    const answer = pay(1);
    await dialog().waitFor();
    const old = await codeOnPhone();
    await dialog().getByRole('button', { name: 'Send again' }).click();
    await dialog().getByText('Sent again.').waitFor();
    const fresh = await codeOnPhone();
    await type(old);
    await dialog().getByText('CODE_INVALID_OR_EXPIRED').waitFor();
    await type(fresh);
    expect(await answer).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
    expect(emulator.inbox.messages(PHONE)).toHaveLength(2);
    expect(await shown()).toEqual({ actions: ['createPayment'], open: 0, mostOpen: 1 });
  });

  it('runs nothing when the user cancels, and asks anew the next time', async () => {
    const answer = pay(1);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(await answer).toMatchObject({
      error: { name: 'StepUpCancelledError', code: 'ERR_STEP_UP_CANCELLED' },
    });
    expect(site.arrived.map(({ proven }) => proven)).toEqual([false]);
    const again = pay(1);
    await confirm();
    expect(await again).toMatchObject({ status: 200 });
  });

  it('closes the prompt of a request that is aborted, and goes on with the next', async () => {
    const aborted = pay(1, { abort: 'first' });
    await dialog().waitFor();
    const next = pay(2);
    await expectArrived(2);
    await call('abort', 'first');
    expect(await aborted).toMatchObject({ error: { message: 'The user went elsewhere.' } });
    await confirm();
    expect(await next).toMatchObject({ status: 200 });
    expect(await shown()).toEqual({
      actions: ['createPayment', 'createPayment'],
      open: 0,
      mostOpen: 1,
    });
    expect(site.arrived.filter(({ proven }) => proven)).toHaveLength(1);
  });
});

async function expectArrived(count: number): Promise<void> {
  while (site.arrived.length < count) {
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
}

/** Six requests at once, of two actions. */
const six = (): readonly Promise<Told>[] =>
  [1, 2, 3, 4, 5, 6].map((id) =>
    send(`/api/${id % 2 === 0 ? 'createPayment' : 'closeAccount'}?id=${id}`, {
      method: 'POST',
      headers: JSON_BODY,
      kind: 'text',
    }),
  );

describe('six guarded requests at once, of two actions', () => {
  beforeEach(() => visit('own'));

  it('show one prompt per action where a challenge that was met is enough', async () => {
    const answers = six();
    await expectArrived(6);
    for (const _action of [1, 2]) {
      const name = await page.getByRole('dialog').getAttribute('aria-label');
      const action = String(name).replace('Confirm ', '');
      // A rule such as "not if challenged a minute ago", from now on.
      emulator.actions.set(action, { outcome: 'ALLOW' });
      await confirm(action);
      await dialog(action).waitFor({ state: 'detached' });
    }
    const told = await Promise.all(answers);
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const by = told.map(({ body }) => body?.by).toSorted();
    expect(by).toEqual(['challenge', 'challenge', 'rules', 'rules', 'rules', 'rules']);
    const { actions, mostOpen } = await shown();
    expect(actions.toSorted()).toEqual(['closeAccount', 'createPayment']);
    expect(mostOpen).toBe(1);
    expect(emulator.inbox.messages(PHONE)).toHaveLength(2);
  });

  it('show one prompt at a time where each is challenged, and each has a proof of its own', async () => {
    const answers = six();
    for (let prompts = 1; prompts <= 6; prompts += 1) {
      await page.waitForFunction(`bank.shown().actions.length === ${prompts} && bank.shown().open`);
      await type(await codeOnPhone(), page.getByRole('dialog'));
    }
    const told = await Promise.all(answers);
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(told.map(({ body }) => body?.id)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(new Set(told.map(({ body }) => body?.proofId)).size).toBe(6);
    const { actions, mostOpen } = await shown();
    expect(actions.filter((action) => action === 'closeAccount')).toHaveLength(3);
    expect(actions).toHaveLength(6);
    expect(mostOpen).toBe(1);
    expect(site.arrived.filter(({ proven }) => proven)).toHaveLength(6);
  });
});

describe('what is sent twice', () => {
  beforeEach(() => visit('own'));

  it.each([
    ['text', 'text/plain;charset=UTF-8', '{"amount":5}'],
    ['blob', 'image/png', '\0\r\n\xffpng'],
    ['search', 'application/x-www-form-urlencoded;charset=UTF-8', 'to=Ann+%26+Bob&to=%C3%BC'],
    ['buffer', undefined, '\0\r\n\xffpng'],
    ['view', undefined, '\n\xffp'],
  ])('is bound and repeated byte for byte: %s', async (kind, contentType, body) => {
    const answer = send('/api/bytes', { method: 'POST', kind });
    await confirm();
    expect(await answer).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
    expect(site.arrived[0]).toMatchObject({ type: contentType, body });
  });

  it('is a form with its files', async () => {
    const answer = send('/api/form', { method: 'POST', kind: 'form' });
    await confirm();
    expect(await answer).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
    expect(site.arrived[0]?.body).toEqual({
      amount: '5',
      files: ['scan scan.pdf application/pdf 000d0aff', 'note blob text/plain 706c61696e'],
    });
  });

  it('is a Request, which stays unread', async () => {
    const answer = pay(1, { asRequest: true });
    await confirm();
    expect(await answer).toMatchObject({ status: 200, requestUsed: false });
    expectRepeated();
    expect(site.arrived[0]?.body).toEqual({ amount: 5 });
  });

  it('keeps `keepalive`', async () => {
    const answer = pay(1, { keepalive: true });
    await confirm();
    expect(await answer).toMatchObject({ status: 200 });
    expect(await page.evaluate('bank.keepalives()')).toEqual([true, true]);
    expectRepeated();
  });

  it('goes to another origin with the cookie, if CORS allows the header', async () => {
    const answer = send(`${site.apiUrl}/createPayment`, {
      method: 'POST',
      headers: JSON_BODY,
      kind: 'text',
      credentials: 'include',
    });
    await confirm();
    expect(await answer).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
    expect(site.arrived[0]?.session).toContain('sid=ann');
  });

  it('is not answered by the HTTP cache, even where that is preferred', async () => {
    const answer = send('/api/balance', { cache: 'force-cache' });
    await confirm();
    expect(await answer).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
  });
});

describe('what is not sent', () => {
  beforeEach(() => visit('own'));

  it('is a stream, and the error says what to give', async () => {
    const { error } = await send('/api/bytes', { method: 'POST', kind: 'stream' });
    expect(error).toMatchObject({ name: 'StepUpFetchError', code: 'ERR_STEP_UP_BODY' });
    expect(error?.message).toContain('new Response(stream).blob()');
    expect(site.arrived).toEqual([]);
  });
});

describe('a 403 that asks for no challenge', () => {
  beforeEach(() => visit('own'));

  it.each([
    ['/api/forbidden', { code: 'not_yours' }],
    ['/api/blocked', { code: 'step_up_blocked' }],
  ])('comes back whole, and nobody is asked: %s', async (path, body) => {
    const told = await send(path, { method: 'POST', kind: 'text', headers: JSON_BODY });
    expect(told).toMatchObject({ status: 403, body });
    expect(site.arrived).toHaveLength(1);
    expect((await shown()).actions).toEqual([]);
  });
});

/** The pre-built UI, in its frame. */
const popup = () => page.frameLocator('iframe');

async function confirmIn(where: Page | ReturnType<typeof popup>): Promise<void> {
  await where.getByLabel('Code').waitFor();
  await where.getByLabel('Code').fill(await codeOnPhone());
  await where.getByRole('button', { name: 'Confirm' }).click();
}

const popups = (): Locator => page.locator('iframe');

describe('the pre-built UI in a popup', () => {
  beforeEach(() => visit('popup'));

  it('brings the proof', async () => {
    const answer = pay(1);
    await confirmIn(popup());
    expect(await answer).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
    await popups().waitFor({ state: 'detached' });
  });

  it('opens once at a time, of whatever action', async () => {
    const answers = six();
    for (let prompts = 1; prompts <= 6; prompts += 1) {
      await confirmIn(popup());
      await page.waitForFunction(`bank.answered() === ${prompts}`);
    }
    const told = await Promise.all(answers);
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(told.map(({ body }) => body?.id)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(new Set(told.map(({ body }) => body?.proofId)).size).toBe(6);
  });

  it.each([
    ['its own button', () => popup().getByRole('button', { name: 'Cancel' }).click()],
    ['Escape', () => popup().getByLabel('Code').press('Escape')],
  ])('is given up by %s', async (_name, giveUp) => {
    const answer = pay(1);
    await popup().getByLabel('Code').waitFor();
    await giveUp();
    expect(await answer).toMatchObject({ error: { code: 'ERR_STEP_UP_CANCELLED' } });
    expect(site.arrived.map(({ proven }) => proven)).toEqual([false]);
  });

  it('tells why it failed, when the user closes it after an error', async () => {
    const answer = pay(1);
    await popup().getByLabel('Code').waitFor();
    emulator.clock.advance(11 * 60_000);
    await confirmIn(popup());
    await popup().getByRole('button', { name: 'Close' }).click();
    expect(await answer).toMatchObject({
      error: { code: 'ERR_STEP_UP_CHALLENGE', reason: 'expired_token' },
    });
  });

  it('stays after an abort until the user closes it, and the next waits for that', async () => {
    const aborted = pay(1, { abort: 'first' });
    await popup().getByLabel('Code').waitFor();
    const next = send('/api/closeAccount', { method: 'POST', kind: 'text', headers: JSON_BODY });
    await expectArrived(2);
    await call('abort', 'first');
    expect(await aborted).toMatchObject({ error: { message: 'The user went elsewhere.' } });
    await popup().getByRole('heading', { name: 'Create payment' }).waitFor();
    await popup().getByRole('button', { name: 'Cancel' }).click();
    await popup().getByRole('heading', { name: 'Close account' }).waitFor();
    await confirmIn(popup());
    expect(await next).toMatchObject({ status: 200 });
  });
});

describe('the pre-built UI in place of the page', () => {
  const proof = () => page.evaluate<string | undefined>('bank.proof');

  /** Leaves the page by a payment, which is lost with it. */
  async function leave(): Promise<void> {
    const sending = pay(1).catch(() => undefined);
    await page.waitForURL(`${emulator.url}/**`);
    await sending;
    await page.getByLabel('Code').waitFor();
  }

  async function returned(): Promise<void> {
    await page.waitForURL(`${site.pageUrl}/**`);
    await started();
  }

  beforeEach(() => visit('redirect'));

  it('brings the proof back, off the address bar, and the same request runs with it', async () => {
    expect(await proof()).toBeUndefined();
    await leave();
    await confirmIn(page);
    await returned();
    const brought = await proof();
    expect(brought).toEqual(expect.any(String));
    expect(page.url()).toBe(`${site.pageUrl}/?challenge=redirect#paying`);
    const headers = { ...JSON_BODY, 'Step-Up-Proof': brought };
    expect(await pay(1, { headers })).toMatchObject({ status: 200, body: { by: 'challenge' } });
    expectRepeated();
    await page.reload();
    await returned();
    expect(await proof()).toBeUndefined();
  });

  it('brings a token that proves nothing when the user gives up', async () => {
    await leave();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await returned();
    const headers = { ...JSON_BODY, 'Step-Up-Proof': await proof() };
    await visit('redirectOnce');
    expect(await pay(1, { headers })).toMatchObject({ error: { code: 'ERR_STEP_UP_CANCELLED' } });
    expect(site.arrived.map(({ proven }) => proven)).toEqual([false, true]);
  });

  it('is left by the back button, and brings nothing', async () => {
    await leave();
    await page.goBack();
    await returned();
    expect(await proof()).toBeUndefined();
  });
});
