import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Emulator } from 'authsignal-guard/emulator';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type BankDatabase, openDatabase } from '../../../sample-app/bank/bank-database.js';
import type { Configuration } from '../../../sample-app/server/configuration.js';
import type { RunningBank, StartBank } from '../../../sample-app/server/running-bank.js';
import { BankPage } from '../../support/bank-page.js';
import { barriersOn, keepPicture } from '../../support/chromium.js';

const DESK = { viewport: { width: 1200, height: 900 } };
/** For what a person would see, on a busy machine. */
const PATIENCE_MS = 15_000;

interface PaymentRow {
  readonly payee: string;
  readonly amount: number;
  readonly approvedBy: string;
}

export interface Enrolled {
  readonly page: BankPage;
  readonly number: string;
}

/**
 * A bank with its stand-in, the browsers of its users, and its books: what was paid is read from the
 * database, not from what a page says. Each test names what must have been paid; nothing else may.
 */
export class PageStage {
  readonly bank: RunningBank;
  readonly emulator: Emulator;
  /** Lines of the books that this test must leave, as `Payee 20.00 rules` or `Payee 2000.00 challenge`. */
  readonly due: string[] = [];
  readonly #browser: Browser;
  readonly #startAt: (port: number) => Promise<RunningBank>;
  readonly #database: BankDatabase;
  readonly #folder: string;
  readonly #opened: BankPage[] = [];
  #numbers = 0;

  private constructor(
    browser: Browser,
    startAt: (port: number) => Promise<RunningBank>,
    bank: RunningBank,
    folder: string,
  ) {
    const { emulator } = bank.authsignal;
    if (emulator === undefined) throw new Error('The page is tested with a stand-in.');
    this.#browser = browser;
    this.#startAt = startAt;
    this.bank = bank;
    this.emulator = emulator;
    this.#folder = folder;
    this.#database = openDatabase(fileIn(folder));
  }

  static async set(
    browser: Browser,
    start: StartBank,
    limits: Configuration['limits'] = { ip: false, prefix: false, waitsMs: false },
  ): Promise<PageStage> {
    const folder = mkdtempSync(join(tmpdir(), 'bank-'));
    const startAt = (port: number) =>
      start(
        { host: '127.0.0.1', port, databaseFile: fileIn(folder), tenant: undefined, limits },
        () => undefined,
      );
    return new PageStage(browser, startAt, await startAt(0), folder);
  }

  /** A bank that was stopped comes back with its books under the same address, with another stand-in. */
  restartBank(): Promise<RunningBank> {
    return this.#startAt(Number(new URL(this.bank.url).port));
  }

  /** E.164; of nobody yet. */
  freshNumber(): string {
    this.#numbers += 1;
    return `+64212${200_000 + this.#numbers}`;
  }

  /** In a browser of its own. */
  async open(options: BrowserContextOptions = {}): Promise<BankPage> {
    const settings: BrowserContextOptions = { reducedMotion: 'reduce', ...DESK, ...options };
    return this.#keep(await BankPage.open(this.#browser, this.bank, settings));
  }

  /** In the same browser as another page. */
  async openTab(beside: BankPage, hash = ''): Promise<BankPage> {
    return this.#keep(await BankPage.openTab(beside.page.context(), this.bank, hash));
  }

  /** Somebody who has signed in, and whom Authsignal can send codes to. */
  async openEnrolled(options: BrowserContextOptions = {}): Promise<Enrolled> {
    const number = this.freshNumber();
    const page = await this.open(options);
    await page.signInByPhone(number);
    await page.enrollVerified();
    return { page, number };
  }

  /** What the books say was paid, in this order of time. */
  paid(): readonly string[] {
    return this.#database
      .prepare('SELECT payee, amount, approved_by AS approvedBy FROM payments ORDER BY rowid')
      .all()
      .map((row) => lineOf(row as PaymentRow));
  }

  /** Of everybody who has an account. */
  userIds(): readonly string[] {
    return this.#database
      .prepare('SELECT id FROM users')
      .all()
      .map((row) => (row as { readonly id: string }).id);
  }

  /** The user is signed out by the bank itself, as after eight hours. */
  endSessions(): void {
    this.#database.exec('DELETE FROM sessions');
  }

  /** After each test: nothing is paid but what was due, no script failed, and the policy had nothing to stop. */
  async clear(): Promise<void> {
    const pages = this.#opened.splice(0);
    for (const page of pages) await page.close();
    this.emulator.faults.clear();
    this.emulator.clock.reset();
    const [paid, due] = [this.paid(), this.due.splice(0)];
    this.#database.exec('DELETE FROM payments');
    expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(paid).toEqual(due);
  }

  async stop(): Promise<void> {
    await this.bank.stop();
    const late = this.paid();
    this.#database.close();
    rmSync(this.#folder, { recursive: true });
    expect(late).toEqual([]);
  }

  #keep(page: BankPage): BankPage {
    page.page.setDefaultTimeout(PATIENCE_MS);
    this.#opened.push(page);
    return page;
  }
}

/** Keeps a picture, and finds nothing that shuts anybody out. */
export async function look({ page }: BankPage, name: string): Promise<void> {
  await keepPicture(page, `bank-${name}`);
  expect(await barriersOn(page)).toEqual([]);
}

/** The same inside of Authsignal's popup, once it is shown. */
export async function lookIntoPopup({ page, popup }: BankPage, name: string): Promise<void> {
  await page.locator('.as-popup-visible .as-iframe-ready').waitFor();
  await keepPicture(page, `bank-popup-${name}`);
  expect(await barriersOn(await popup.frame())).toEqual([]);
}

function fileIn(folder: string): string {
  return join(folder, 'bank.db');
}

function lineOf({ payee, amount, approvedBy }: PaymentRow): string {
  return `${payee} ${(amount / 100).toFixed(2)} ${approvedBy}`;
}
