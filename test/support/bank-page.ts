import type { Emulator } from 'authsignal-guard/emulator';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from 'playwright-core';
import { DEMO_USERS } from '../../sample-app/bank/demo-users.js';
import type { RunningBank } from '../../sample-app/server/running-bank.js';
import { AuthsignalPopup } from './authsignal-popup.js';

/** Where a user enters codes. */
export type Place = 'this page' | 'popup';

export type Section = 'Pay' | 'History' | 'Your number';

export interface PaymentEntry {
  readonly payee: string;
  readonly amount: string;
}

/** The sample app's page as its users see it: what they can press, and what they read. */
export class BankPage {
  readonly page: Page;
  readonly emulator: Emulator;
  readonly popup: AuthsignalPopup;
  /** What the browser complained about: errors of scripts, of the policy, of the console. */
  readonly complaints: string[] = [];
  readonly #url: string;
  #place: Place = 'this page';

  private constructor(page: Page, url: string, emulator: Emulator) {
    this.page = page;
    this.emulator = emulator;
    this.popup = new AuthsignalPopup(page, emulator);
    this.#url = url;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // The browser reports each refused request, too; those are what the tests are about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
  }

  /** In a browser profile of its own: nobody is signed in, the device is new. */
  static async open(
    browser: Browser,
    bank: RunningBank,
    options: BrowserContextOptions = {},
  ): Promise<BankPage> {
    return BankPage.openTab(await browser.newContext(options), bank);
  }

  /** A further tab shares cookies with the others of its profile. */
  static async openTab(profile: BrowserContext, bank: RunningBank, hash = ''): Promise<BankPage> {
    const { emulator } = bank.authsignal;
    if (emulator === undefined) throw new Error('The page is tested with a stand-in.');
    const opened = new BankPage(await profile.newPage(), bank.url, emulator);
    await opened.goTo(hash);
    return opened;
  }

  async goTo(hash = ''): Promise<void> {
    await this.page.goto(`${this.#url}/${hash}`);
    await this.heading().waitFor();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** The title of the section that is seen. */
  heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  async turnTo(section: Section): Promise<void> {
    await this.page.getByRole('link', { name: section, exact: true }).click();
  }

  async username(): Promise<string | null> {
    return this.page.locator('#who-name').textContent();
  }

  /** Where the keyboard is. */
  focused(): Locator {
    return this.page.locator(':focus');
  }

  async selectedText(): Promise<string> {
    return String(await this.page.evaluate('String(getSelection())'));
  }

  /** By how many pixels the page is wider than the screen. */
  async overflow(): Promise<number> {
    const width = 'document.documentElement.scrollWidth - innerWidth';
    return Number(await this.page.evaluate(width));
  }

  /** What is said to the whole page. */
  notice(): Locator {
    return this.page.locator('#notice');
  }

  /** How the last thing went that a form of this section did. */
  result(): Locator {
    return this.page.locator('section.view:visible .result').filter({ hasText: /./ });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async confirmIn(place: Place): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(place) }).check();
    this.#place = place;
  }

  /** Answers a step-up, in the place that was chosen for that. */
  confirmAs(phoneNumber: string): Promise<void> {
    return this.#place === 'popup'
      ? this.popup.enterCodeOf(phoneNumber)
      : this.enterCodeOf(phoneNumber);
  }

  async stepUpShown(): Promise<void> {
    const input = this.#place === 'popup' ? this.popup.codeInput() : this.codeInput();
    await input.waitFor();
  }

  /** The dialog that asks for a code. */
  dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  codeInput(): Locator {
    return this.dialog().getByLabel('Code', { exact: true });
  }

  async enterCode(code: string): Promise<void> {
    await this.codeInput().fill(code);
    await this.dialog().getByRole('button', { name: 'Confirm' }).click();
  }

  /** Reads the newest message on the phone with this number and enters its code. */
  async enterCodeOf(phoneNumber: string): Promise<void> {
    await this.codeInput().waitFor();
    await this.enterCode(await this.emulator.inbox.waitForCode(phoneNumber));
  }

  async enterWrongCode(phoneNumber: string): Promise<void> {
    await this.codeInput().waitFor();
    const right = this.emulator.inbox.latest(phoneNumber)?.code;
    await this.enterCode(right === '000000' ? '111111' : '000000');
  }

  async askForCodeTo(phoneNumber: string): Promise<void> {
    await this.page.getByRole('textbox', { name: /^(Phone|WhatsApp) number$/ }).fill(phoneNumber);
    await this.button('Send me a code').click();
  }

  /** An unknown number opens an account. */
  async signInByPhone(phoneNumber: string): Promise<void> {
    await this.askForCodeTo(phoneNumber);
    await this.enterCodeOf(phoneNumber);
    await this.page.getByRole('navigation').waitFor();
  }

  /** Chooses a demo user and signs in; a challenge may follow. */
  async submitPassword(username: string): Promise<void> {
    await this.button(new RegExp(`^${username} `)).click();
    await this.button('Sign in').click();
  }

  async signInByPassword(username: string): Promise<void> {
    const user = DEMO_USERS.find((each) => each.username === username);
    await this.submitPassword(username);
    if (user?.isEnrolled) await this.confirmAs(user.phoneNumber ?? '');
    await this.page.getByRole('navigation').waitFor();
  }

  /** Of somebody whose number the bank has verified. */
  async enrollVerified(): Promise<void> {
    await this.turnTo('Your number');
    await this.button('Send codes to this number').click();
    await this.button('I have kept them').click();
    await this.turnTo('Pay');
  }

  async signOut(): Promise<void> {
    await this.button('Sign out').click();
    await this.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
  }

  async pay({ payee, amount }: PaymentEntry): Promise<void> {
    await this.page.getByLabel('Pay to').fill(payee);
    await this.page.getByLabel('Amount').fill(amount);
    await this.button('Pay').click();
  }

  /** A line for each payment of the history, newest first. */
  async payments(): Promise<readonly string[]> {
    await this.turnTo('History');
    await this.page.getByRole('heading', { name: 'History' }).waitFor();
    await this.page.locator('#history-form[aria-busy=false]').waitFor({ state: 'attached' });
    const lines = await this.page.locator('#payments li').all();
    return Promise.all(lines.map(async (line) => (await line.innerText()).replace(/\s+/g, ' ')));
  }
}
