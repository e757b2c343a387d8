// The two pictures of the README, from the built sample app in a real Chromium: `npm run pictures`.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const FOLDER = 'docs/images';
const NUMBER = '+64 21 555 0123';

const bank = spawn(process.execPath, ['.sample/nest/main.js'], {
  env: { ...process.env, PORT: '0', EMULATOR_PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
// Read before anything else is waited for: of a bank that has ended already nothing would come.
const addresses = await addressesOf(bank);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  mkdirSync(FOLDER, { recursive: true });
  await takePictures(addresses);
} finally {
  await browser.close();
  bank.kill();
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, null>} child */
async function addressesOf(child) {
  /** @type {Record<string, string>} */
  const found = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, url] = /^ {2}(The bank|Emulator's window) +(\S+)/.exec(line) ?? [];
    if (name !== undefined && url !== undefined) found[name] = url;
    if (Object.keys(found).length === 2) break;
  }
  child.stdout.resume();
  const { 'The bank': bankUrl, "Emulator's window": windowUrl } = found;
  if (bankUrl === undefined || windowUrl === undefined) {
    throw new Error(
      'The bank did not start; why it says above. It is run as `npm start` builds it.',
    );
  }
  return { bankUrl, windowUrl };
}

/** @param {{ readonly bankUrl: string, readonly windowUrl: string }} addresses */
async function takePictures({ bankUrl, windowUrl }) {
  const context = await browser.newContext({
    viewport: { width: 1160, height: 700 },
    reducedMotion: 'reduce',
  });
  const inbox = await context.newPage();
  await inbox.goto(windowUrl);
  const page = await context.newPage();
  await page.goto(bankUrl);

  await page.getByLabel('Phone number').fill(NUMBER);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page
    .getByRole('dialog')
    .getByLabel('Code')
    .fill(await codeFor('signInWithWhatsApp', inbox));
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('link', { name: 'Your number', exact: true }).click();
  await page.getByRole('button', { name: 'Send codes to this number' }).click();
  await page.getByText('By WhatsApp, whenever').waitFor();
  await page.getByRole('link', { name: 'Pay', exact: true }).click();
  await page.getByRole('button', { name: /paid at once/ }).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByText(/paid/i).first().waitFor();
  await page.getByRole('button', { name: /needs a code/ }).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  const code = await codeFor('createPayment', inbox);
  await page.getByRole('dialog').getByLabel('Code').pressSequentially(code.slice(0, 4));
  await page.evaluate('scrollTo(0, 0)');
  await page.screenshot({ path: `${FOLDER}/bank.jpg`, type: 'jpeg', quality: 70 });
  await inbox.bringToFront();
  await inbox.screenshot({ path: `${FOLDER}/emulator.jpg`, type: 'jpeg', quality: 70 });
}

/**
 * @param {string} action
 * @param {import('playwright-core').Page} inbox
 */
function codeFor(action, inbox) {
  return inbox.locator('.bubble', { hasText: action }).last().locator('.code').innerText();
}
