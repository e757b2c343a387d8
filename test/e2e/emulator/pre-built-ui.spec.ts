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
import { type EmulatedActionState, type Emulator, startEmulator } from 'authsignal-guard/emulator';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import {
  barriersOn,
  CHROMIUM_START_MS,
  keepPicture,
  startChromium,
} from '../../support/chromium.js';
import { RawClient, type Tracked } from '../../unit/emulator/raw-client.js';
import { type AppSite, startAppSite } from './app-site.js';

const ACTION = 'createPayment';
const PLENTY = { max: 1_000, windowMs: 1_000 };

let emulator: Emulator;
let api: RawClient;
let app: AppSite;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let users = 0;
let userId = '';
let phoneNumber = '';
const uncaught: string[] = [];
jest.setTimeout(240_000);

beforeAll(async () => {
  emulator = await startEmulator({
    actions: { [ACTION]: { outcome: 'CHALLENGE' } },
    limits: { verifies: PLENTY, attemptsPerChallenge: 3 },
  });
  api = new RawClient(emulator);
  app = await startAppSite(emulator);
  browser = await startChromium();
}, CHROMIUM_START_MS);
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await emulator?.stop();
});

beforeEach(async () => {
  users += 1;
  userId = `user-${users}`;
  phoneNumber = `+6421${String(8_000_000 + users)}`;
  context = await browser.newContext({ viewport: { width: 1_000, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => uncaught.push(String(error)));
  uncaught.length = 0;
});
afterEach(async () => {
  emulator.faults.clear();
  emulator.actions.set(ACTION, { outcome: 'CHALLENGE', rules: [] });
  await context.close();
  expect(uncaught).toEqual([]);
});

const enrolled = (verificationMethod: 'WHATSAPP' | 'SMS' = 'WHATSAPP') =>
  emulator.users.enroll(userId, { phoneNumber, verificationMethod });
const codeSent = () => emulator.inbox.waitForCode(phoneNumber);
const trackUrl = (tracked: Tracked) => String(tracked.body.url);
const track = (more: object = {}) => api.track(userId, ACTION, more);
const wrong = (code: string) => (code.startsWith('1') ? '2' : '1') + code.slice(1);

/** The page as it is, for axe and for whoever looks at the pictures. */
async function inspect(name: string): Promise<void> {
  await keepPicture(page, `challenge-${name}`);
  const framed = page.frames().find((frame) => frame.url().includes('&mode=popup'));
  expect(await barriersOn(framed ?? page)).toEqual([]);
}

async function open(more: object = {}): Promise<Tracked> {
  const tracked = await track(more);
  await page.goto(trackUrl(tracked));
  return tracked;
}

async function launch(mode: 'popup' | 'window' | 'redirect', tracked: Tracked): Promise<void> {
  await page.goto(`${app.url}/?url=${encodeURIComponent(trackUrl(tracked))}`);
  await page.getByRole('button', { name: mode }).click();
}

async function enter(code: string, where: Page | FrameLocator = page): Promise<void> {
  await where.getByLabel('Code').fill(code);
  await where.getByRole('button', { name: 'Confirm' }).click();
}

const popup = () => page.frameLocator('#__authsignal-popup-iframe');
const result = async (): Promise<{ token?: string }> => {
  const output = page.locator('#result');
  await output.filter({ hasText: '{' }).waitFor();
  return JSON.parse((await output.textContent()) ?? '');
};
const errors = async () => JSON.parse((await page.locator('#errors').textContent()) ?? '');
const stateOf = async (token: string | undefined) =>
  (await api.validate(String(token), { userId, action: ACTION })).body.state;

describe('in the popup of the SDK', () => {
  it('sends the code, checks it and closes with a proof', async () => {
    enrolled();
    await launch('popup', await track());
    const code = await codeSent();
    const ui = popup();
    await ui.getByRole('heading', { name: 'Create payment' }).waitFor();
    expect(await ui.getByText('We sent a').innerText()).toContain(
      `by WhatsApp to +64 ••• ${phoneNumber.slice(-3)}`,
    );
    expect(await ui.locator('body').textContent()).not.toContain(phoneNumber);
    await ui.locator('#code:focus').waitFor();
    await inspect('popup');
    await enter(code, ui);
    const { token } = await result();
    expect(await stateOf(token)).toBe('CHALLENGE_SUCCEEDED');
    expect(await errors()).toEqual([]);
    await page.locator('#__authsignal-popup-container').waitFor({ state: 'detached' });
  });

  it('is as high as what it shows', async () => {
    enrolled();
    await launch('popup', await track());
    await popup().getByLabel('Code').waitFor();
    const heightOf = async (what: Locator) => Math.ceil((await what.boundingBox())?.height ?? 0);
    const frame = page.locator('#__authsignal-popup-iframe');
    const card = popup().locator('#card');
    const fits = async () => {
      await page.locator('.as-popup-visible').waitFor();
      await page.waitForFunction('document.getAnimations().length === 0');
      const height = await heightOf(card);
      await page.locator(`#__authsignal-popup-iframe[style*="height: ${height}px"]`).waitFor();
      expect(await heightOf(frame)).toBe(height);
      return height;
    };
    const before = await fits();
    await enter('123', popup());
    await popup().getByText('Enter the 6 digits').waitFor();
    expect(await fits()).toBeGreaterThan(before);
  });

  it.each([
    ['the cancel button', () => popup().getByRole('button', { name: 'Cancel' }).click()],
    ['Escape in the page', () => popup().getByLabel('Code').press('Escape')],
    [
      'Escape outside of it',
      async () => {
        await page.locator('#__authsignal-popup-container').focus();
        await page.keyboard.press('Escape');
      },
    ],
    ['a click beside it', () => page.mouse.click(5, 5)],
  ])('gives up by %s without a token', async (_what, give) => {
    enrolled();
    const tracked = await track();
    await launch('popup', tracked);
    await popup().getByLabel('Code').waitFor();
    await give();
    expect(await result()).toEqual({});
    expect(await stateOf(tracked.token)).toBe('CHALLENGE_REQUIRED');
  });

  it('takes nothing back once it is confirmed, by Escape while it closes', async () => {
    enrolled();
    await page.goto(app.url);
    await page.evaluate(`{
      globalThis.heard = [];
      addEventListener('message', ({ data }) => heard.push(data));
      const frame = document.createElement('iframe');
      frame.src = ${JSON.stringify(`${trackUrl(await track())}&mode=popup`)};
      document.body.append(frame);
    }`);
    const ui = page.frameLocator('iframe');
    await ui.getByLabel('Code').waitFor();
    await enter(await codeSent(), ui);
    await ui.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await ui.getByRole('heading', { name: 'Confirmed' }).press('Escape');
    await ui.locator('body').evaluate("parent.postMessage('over', '*')");
    await page.waitForFunction("heard.includes('over')");
    const heard: unknown[] = await page.evaluate('heard');
    const closings = heard
      .filter((said) => typeof said === 'string' && said.includes('CLOSE_POPUP'))
      .map((said) => JSON.parse(String(said)));
    expect(closings).toEqual([{ event: 'AUTHSIGNAL_CLOSE_POPUP', token: expect.any(String) }]);
    expect(await ui.getByRole('heading').textContent()).toBe('Confirmed');
  });

  it('names the window only where there is one', async () => {
    enrolled();
    await page.goto(`${trackUrl(await track())}`);
    await page.getByLabel('Code').waitFor();
    const link = page.getByRole('link', { name: 'See what it sent' });
    expect(await link.isVisible()).toBe(true);
    const other = await startEmulator({
      actions: { [ACTION]: { outcome: 'CHALLENGE' } },
      window: false,
    });
    other.users.enroll(userId, { phoneNumber });
    const { body } = await new RawClient(other).track(userId, ACTION);
    await page.goto(String(body.url));
    await page.getByLabel('Code').waitFor();
    expect(await link.isVisible()).toBe(false);
    await other.stop();
  });

  it('tells the app and the user that the token has expired', async () => {
    enrolled();
    const tracked = await track();
    emulator.clock.advance(600_001);
    await launch('popup', tracked);
    await popup().getByRole('heading', { name: 'This page has expired' }).waitFor();
    expect(await errors()).toEqual([{ errorCode: 'expired_token', statusCode: 401 }]);
    await inspect('popup-expired');
    await popup().getByRole('button', { name: 'Close' }).click();
    expect(await result()).toEqual({});
  });

  it('enrolls the first number and gives the proof back', async () => {
    await launch('popup', await track());
    const ui = popup();
    await ui.getByLabel('Phone number').fill(phoneNumber);
    await ui.getByRole('button', { name: 'Send code' }).click();
    await ui.getByLabel('Code').waitFor();
    await enter(await codeSent(), ui);
    expect((await result()).token).toEqual(expect.any(String));
    expect(emulator.users.get(userId)?.authenticators).toMatchObject([
      { verificationMethod: 'WHATSAPP', phoneNumber },
    ]);
  });
});

describe('in a window of the SDK', () => {
  it('sends its proof to the opener, which closes it', async () => {
    enrolled();
    const opened = context.waitForEvent('page');
    await launch('window', await track());
    const ui = await opened;
    await ui.getByLabel('Code').waitFor();
    await ui.screenshot({ path: 'reports/screenshots/challenge-window.png' });
    const closed = ui.waitForEvent('close');
    await enter(await codeSent(), ui);
    await closed;
    expect(await stateOf((await result()).token)).toBe('CHALLENGE_SUCCEEDED');
  });

  it('closes without a token if the user gives up', async () => {
    enrolled();
    const opened = context.waitForEvent('page');
    await launch('window', await track());
    const ui = await opened;
    await ui.getByRole('button', { name: 'Cancel' }).click();
    expect(await result()).toEqual({});
  });
});

describe('by redirect', () => {
  const returned = async () => {
    await page.waitForURL(`${app.url}/**`);
    return new URL(page.url());
  };

  it('returns with the proof, and the app’s own query and fragment', async () => {
    enrolled();
    const redirectUrl = `${app.url}/done?order=1&token=old&note=a+b%20c&flag#/paid?x=1`;
    await launch('redirect', await track({ redirectUrl }));
    await page.getByLabel('Code').waitFor();
    await enter(await codeSent());
    const url = await returned();
    const token = url.searchParams.get('token') ?? '';
    expect(url.href).toBe(
      `${app.url}/done?order=1&note=a+b%20c&flag&token=${encodeURIComponent(token)}#/paid?x=1`,
    );
    expect(await stateOf(token)).toBe('CHALLENGE_SUCCEEDED');
  });

  it('returns a token that proves nothing if the user gives up', async () => {
    enrolled();
    await launch('redirect', await track({ redirectUrl: `${app.url}/done` }));
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await stateOf((await returned()).searchParams.get('token') ?? '')).toBe(
      'CHALLENGE_REQUIRED',
    );
  });

  it('can be come back to by the back button, before and after', async () => {
    enrolled();
    await launch('redirect', await track({ redirectUrl: `${app.url}/done` }));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await returned();
    await page.goBack();
    await page.getByLabel('Code').waitFor();
    expect(emulator.inbox.messages(phoneNumber)).toHaveLength(1);
    await enter(await codeSent());
    await returned();
    await page.goBack();
    await page.getByRole('heading', { name: 'Already confirmed' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await stateOf((await returned()).searchParams.get('token') ?? '')).toBe(
      'CHALLENGE_SUCCEEDED',
    );
  });

  it.each(['javascript:alert(1)', '/nowhere'])('goes nowhere for %j', async (redirectUrl) => {
    enrolled();
    await open({ redirectUrl });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Nothing was confirmed. You can close this page.').waitFor();
    expect(page.url()).toContain(`${emulator.url}/challenge?token=`);
  });

  it('says so if the token expires meanwhile, and goes back all the same', async () => {
    enrolled();
    await open({ redirectUrl: `${app.url}/done` });
    const code = await codeSent();
    await page.getByLabel('Code').waitFor();
    emulator.clock.advance(600_001);
    await enter(code);
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor();
    await page.getByRole('button', { name: 'Go back' }).click();
    await returned();
  });
});

describe('on the page', () => {
  const submit = (name: string) => page.getByRole('button', { name }).click();

  it('tells a wrong code in words, and the right one still counts', async () => {
    enrolled();
    const { token } = await open();
    const code = await codeSent();
    await page.getByLabel('Code').waitFor();
    await inspect('code');
    await enter('12');
    await page.getByText('Enter the 6 digits of the code.').waitFor();
    await enter(wrong(code));
    await page.getByText('That code is not right, or it has expired.').waitFor();
    expect(await page.getByLabel('Code').getAttribute('aria-invalid')).toBe('true');
    await inspect('wrong-code');
    // As it is pasted from a message.
    await enter(`${code.slice(0, 3)} ${code.slice(3)} `);
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await page.getByText('You can close this page.').waitFor();
    await inspect('confirmed');
    expect(await stateOf(token)).toBe('CHALLENGE_SUCCEEDED');
  });

  it('tells that the attempts are used up, and a new code counts', async () => {
    enrolled();
    const { token } = await open();
    const code = await codeSent();
    for (const told of ['That code is not right', 'That code is not right', 'too many wrong']) {
      await enter(wrong(code));
      await page.getByRole('alert').filter({ hasText: told }).waitFor();
    }
    await inspect('attempts-exceeded');
    await submit('Send a new code');
    await page.getByText('A new code is on its way').waitFor();
    await enter(await codeSent());
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(await stateOf(token)).toBe('CHALLENGE_SUCCEEDED');
  });

  it('offers another code after a countdown; the one before is dead', async () => {
    enrolled();
    await page.clock.install();
    await open();
    const old = await codeSent();
    const resend = page.getByRole('button', { name: 'Send a new code' });
    await resend.filter({ hasText: /in 0:\d\d/ }).waitFor();
    await page.clock.runFor(10_000);
    await resend.filter({ hasText: 'in 0:20' }).waitFor();
    await resend.dispatchEvent('click');
    expect(emulator.inbox.messages(phoneNumber)).toHaveLength(1);
    await page.clock.runFor(21_000);
    await page.getByRole('button', { name: 'Send a new code', exact: true }).click();
    await page.getByText('A new code is on its way').waitFor();
    await inspect('resent');
    const fresh = await codeSent();
    await enter(old);
    await page.getByText('That code is not right').waitFor();
    await enter(fresh);
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it('can be reloaded in the middle without another message', async () => {
    enrolled();
    await open();
    const code = await codeSent();
    await page.getByLabel('Code').waitFor();
    emulator.clock.advance(12_000);
    await page.reload();
    await page.getByRole('button', { name: /Send a new code in 0:1[78]/ }).waitFor();
    expect(emulator.inbox.messages(phoneNumber)).toHaveLength(1);
    await enter(code);
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it('tells how long to wait when too many codes were sent', async () => {
    enrolled();
    for (let sent = 0; sent < 6; sent += 1) await api.challenge((await track()).token);
    emulator.clock.advance(400_000);
    await open();
    await page.getByText('Too many attempts. Wait 4 minutes, then try again.').waitFor();
    await page.getByRole('button', { name: /Try again in 3:\d\d/ }).waitFor();
    await inspect('rate-limit');
  });

  it('tells it of another code too, and the one that was sent still counts', async () => {
    enrolled();
    const tracked = await track();
    for (let sent = 0; sent < 6; sent += 1) await api.challenge(tracked.token);
    emulator.clock.advance(60_000);
    await page.goto(trackUrl(tracked));
    await submit('Send a new code');
    await page.getByText('No new code was sent. Too many attempts. Wait 9 minutes').waitFor();
    await page.getByRole('button', { name: /Send a new code in [89]:\d\d/ }).waitFor();
    await inspect('resend-rate-limit');
    await enter(await codeSent());
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it('sends by SMS where that is what is enrolled', async () => {
    enrolled('SMS');
    const { token } = await open();
    await page.getByText('code by SMS to').waitFor();
    const code = await codeSent();
    expect(emulator.inbox.latest(phoneNumber)?.channel).toBe('SMS');
    await enter(code);
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect((await api.validate(token)).body).toMatchObject({ verificationMethod: 'SMS' });
  });

  it('sends by e-mail where that is what is enrolled', async () => {
    const email = `${userId}@bank.test`;
    emulator.users.enroll(userId, { verificationMethod: 'EMAIL_OTP', email });
    await open();
    await page.getByText('by e-mail to u•••@bank.test').waitFor();
    await enter(await emulator.inbox.waitForCode(email));
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it('lets the user choose where both are enrolled, and change the mind', async () => {
    enrolled();
    enrolled('SMS');
    await open();
    await page.getByRole('button', { name: /^WhatsApp/ }).waitFor();
    await inspect('choice');
    expect(emulator.inbox.messages(phoneNumber)).toEqual([]);
    await page.getByRole('button', { name: /^WhatsApp/ }).click();
    await submit('Send it another way');
    await page.getByRole('button', { name: /^SMS/ }).click();
    await page.getByText('code by SMS to').waitFor();
    await inspect('two-ways');
    expect(emulator.inbox.messages(phoneNumber).map(({ channel }) => channel)).toEqual([
      'WHATSAPP',
      'SMS',
    ]);
    await enter(await codeSent());
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it('does not offer what the rule does not allow', async () => {
    enrolled();
    enrolled('SMS');
    const rule = { name: 'r', conditions: true, outcome: 'CHALLENGE' } as const;
    emulator.actions.set(ACTION, { rules: [{ ...rule, verificationMethods: ['SMS'] }] });
    await open();
    await page.getByText('code by SMS to').waitFor();
    emulator.actions.set(ACTION, { rules: [{ ...rule, verificationMethods: ['PASSKEY'] }] });
    await open();
    await page.getByRole('heading', { name: 'No code can be sent' }).waitFor();
    await inspect('no-method');
  });

  it('enrolls the first number, offered as it was tracked', async () => {
    await open({ phoneNumber });
    const number = page.getByLabel('Phone number');
    await number.waitFor();
    expect(await number.inputValue()).toBe(phoneNumber);
    await inspect('enrolment');
    await number.fill('021 123');
    await submit('Send code');
    await page.getByText('It starts with + and the country code').waitFor();
    await inspect('enrolment-wrong');
    await number.fill(
      `00${phoneNumber.slice(1, 3)} (${phoneNumber.slice(3, 5)}) ${phoneNumber.slice(5)}`,
    );
    await page.getByLabel('SMS').check();
    await submit('Send code');
    await page.getByText(`code by SMS to ${phoneNumber}`).waitFor();
    await inspect('enrolment-code');
    expect(emulator.users.get(userId)?.authenticators).toEqual([]);
    await page.reload();
    await enter(await codeSent());
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(emulator.users.get(userId)).toMatchObject({
      phoneNumberVerified: true,
      authenticators: [{ verificationMethod: 'SMS', phoneNumber }],
    });
  });

  it('lets the first number be another one, and the code to the first is dead', async () => {
    await open();
    const first = `${phoneNumber}9`;
    await page.getByLabel('Phone number').fill(first);
    await submit('Send code');
    await page.getByLabel('Code').waitFor();
    const old = await emulator.inbox.waitForCode(first);
    await submit('Use another number');
    await page.getByLabel('Phone number').fill(phoneNumber);
    await submit('Send code');
    await page.getByText(`by WhatsApp to ${phoneNumber}`).waitFor();
    const code = await codeSent();
    await enter(old);
    await page.getByText('That code is not right').waitFor();
    await enter(code);
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    expect(emulator.users.get(userId)?.authenticators).toMatchObject([{ phoneNumber }]);
  });

  it.each<[EmulatedActionState, string, string]>([
    ['ALLOW', 'Nothing to confirm', 'ALLOW'],
    ['BLOCK', 'This was stopped', 'BLOCK'],
    ['REVIEW_REQUIRED', 'Under review', 'REVIEW_REQUIRED'],
    ['REVIEW_SUCCEEDED', 'Approved', 'REVIEW_SUCCEEDED'],
    ['REVIEW_FAILED', 'Not approved', 'REVIEW_FAILED'],
    ['CHALLENGE_FAILED', 'Not confirmed', 'CHALLENGE_FAILED'],
  ])('says what %s means, and leads on', async (state, heading, returned) => {
    enrolled();
    const tracked = await track({ redirectUrl: `${app.url}/done` });
    const { idempotencyKey } = tracked;
    emulator.actions.setState({ userId, action: ACTION, idempotencyKey }, state);
    await page.goto(trackUrl(tracked));
    await page.getByRole('heading', { name: heading }).waitFor();
    await inspect(`state-${state.toLowerCase()}`);
    await page.getByRole('button', { name: /Continue|Go back/ }).click();
    await page.waitForURL(`${app.url}/done?token=*`);
    expect(await stateOf(new URL(page.url()).searchParams.get('token') ?? '')).toBe(returned);
    expect(emulator.inbox.messages(phoneNumber)).toEqual([]);
  });

  it.each(['', '?token=nonsense'])('says that the link %j is none', async (query) => {
    await page.goto(`${emulator.url}/challenge${query}`);
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
  });

  it.each(['light', 'dark'] as const)('fits a phone of 360 px, %s', async (colorScheme) => {
    await page.setViewportSize({ width: 360, height: 640 });
    await page.emulateMedia({ colorScheme });
    enrolled();
    enrolled('SMS');
    await open();
    await page.getByRole('button', { name: /^WhatsApp/ }).click();
    await page.getByLabel('Code').waitFor();
    await inspect(`phone-code-${colorScheme}`);
    await enter('1');
    await page.getByText('Enter the 6 digits').waitFor();
    await inspect(`phone-error-${colorScheme}`);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).toBe(360);
  });

  it('knows a code that another tab has handed in', async () => {
    enrolled();
    const { token } = await open();
    const code = await codeSent();
    await page.getByLabel('Code').waitFor();
    await api.verify(token, code);
    await enter(code);
    await page.getByRole('heading', { name: 'Already confirmed' }).waitFor();
  });

  it('works with the keyboard alone', async () => {
    enrolled();
    await open();
    const code = await codeSent();
    await page.getByLabel('Code').waitFor();
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it('asks nobody but the emulator', async () => {
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    enrolled();
    await open();
    await page.getByLabel('Code').waitFor();
    expect([...asked].filter((origin) => origin !== 'null')).toEqual([emulator.url]);
  });
});

// Chromium sends a request again that a kept connection was reset under: faults stay until they were seen.
describe('while something fails', () => {
  const tryAgain = () => page.getByRole('button', { name: 'Try again' }).click();

  it.each([
    ['a 500', { kind: 'status' }, 'Something went wrong on our side'],
    ['a reset', { kind: 'reset-before' }, 'We got no answer'],
    ['a page of a proxy', { kind: 'html' }, 'We got no answer'],
    ['no fields', { kind: 'missing-fields' }, 'We got no answer'],
  ] as const)('starts after %s', async (_what, fault, told) => {
    enrolled();
    const remove = emulator.faults.add({ ...fault, match: { call: 'pageSession' } });
    await open();
    await page.getByText(told).waitFor();
    if (fault.kind === 'status') await inspect('trouble');
    remove();
    await tryAgain();
    await enter(await codeSent());
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
  });

  it.each(['status', 'reset-before', 'truncated'] as const)(
    'sends the code after %s',
    async (kind) => {
      enrolled();
      const remove = emulator.faults.add({ kind, match: { call: 'clientChallenge' } });
      await open();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      remove();
      await tryAgain();
      await page.getByLabel('Code').waitFor();
      await enter(emulator.inbox.latest(phoneNumber)?.code ?? '');
      await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    },
  );

  it.each(['status', 'reset-before', 'missing-fields', 'html'] as const)(
    'tells that the check went wrong by %s; again it counts',
    async (kind) => {
      enrolled();
      const { token } = await open();
      const code = await codeSent();
      const remove = emulator.faults.add({ kind, match: { call: 'clientVerify' } });
      await enter(code);
      await page.getByRole('alert').filter({ hasText: 'try again' }).waitFor();
      if (kind === 'reset-before') await inspect('no-answer');
      remove();
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByRole('heading', { name: /confirmed/i }).waitFor();
      expect(await stateOf(token)).toBe('CHALLENGE_SUCCEEDED');
    },
  );

  it('knows that a code has counted whose answer was lost', async () => {
    enrolled();
    const { token } = await open({ redirectUrl: `${app.url}/done` });
    const code = await codeSent();
    const remove = emulator.faults.add({ kind: 'reset-after', match: { call: 'clientVerify' } });
    await enter(code);
    await page.getByRole('alert').filter({ hasText: 'We got no answer' }).waitFor();
    expect(await stateOf(token)).toBe('CHALLENGE_SUCCEEDED');
    remove();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'Already confirmed' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${app.url}/done?token=*`);
  });

  it('shows that it is at work, and takes no second press', async () => {
    enrolled();
    await open();
    const code = await codeSent();
    await page.getByLabel('Code').waitFor();
    const before = emulator.requests.count('clientVerify');
    const remove = emulator.faults.add({ kind: 'hang', match: { call: 'clientVerify' } });
    await enter(code);
    const busy = page.getByRole('button', { name: 'Confirming…' });
    await busy.waitFor();
    await busy.dispatchEvent('click');
    await page.getByLabel('Code').press('Enter');
    await inspect('busy');
    expect(emulator.requests.count('clientVerify')).toBe(before + 1);
    remove();
  });

  it('tells the app of refusals, and is still there', async () => {
    enrolled();
    emulator.faults.add({ kind: 'status', match: { call: 'clientChallenge' }, times: 1 });
    await launch('popup', await track());
    await popup().getByRole('button', { name: 'Try again' }).waitFor();
    expect(await errors()).toEqual([{ errorCode: 'internal_error', statusCode: 500 }]);
    await inspect('popup-trouble');
    await popup().getByRole('button', { name: 'Try again' }).click();
    await popup().getByLabel('Code').waitFor();
    await enter(await codeSent(), popup());
    expect(await stateOf((await result()).token)).toBe('CHALLENGE_SUCCEEDED');
  });

  it('keeps its files when a fault names nothing', async () => {
    enrolled();
    const tracked = await track();
    emulator.faults.add({ kind: 'status', status: 503 });
    await page.goto(trackUrl(tracked));
    await page.getByRole('heading', { name: 'That did not work' }).waitFor();
  });
});
