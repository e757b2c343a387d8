import type { Emulator } from 'authsignal-guard/emulator';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

const FRAME = '#__authsignal-popup-iframe';

/** Authsignal's pre-built UI as the Web SDK shows it over a page: the stand-in's own page in a frame. */
export class AuthsignalPopup {
  readonly #page: Page;
  readonly #emulator: Emulator;

  constructor(page: Page, emulator: Emulator) {
    this.#page = page;
    this.#emulator = emulator;
  }

  ui(): FrameLocator {
    return this.#page.frameLocator(FRAME);
  }

  codeInput(): Locator {
    return this.ui().getByLabel('Code');
  }

  button(name: string | RegExp): Locator {
    return this.ui().getByRole('button', { name });
  }

  /** For axe, which looks into no frame of another origin by itself. */
  async frame(): Promise<Frame> {
    const frame = await (await this.#page.waitForSelector(FRAME)).contentFrame();
    if (frame === null) throw new Error('The popup has no frame.');
    return frame;
  }

  async enterCode(code: string): Promise<void> {
    await this.codeInput().fill(code);
    await this.button('Confirm').click();
  }

  async enterCodeOf(phoneNumber: string): Promise<void> {
    await this.codeInput().waitFor();
    await this.enterCode(await this.#emulator.inbox.waitForCode(phoneNumber));
    await this.gone();
  }

  async enterWrongCode(phoneNumber: string): Promise<void> {
    await this.codeInput().waitFor();
    const right = this.#emulator.inbox.latest(phoneNumber)?.code;
    await this.enterCode(right === '000000' ? '111111' : '000000');
  }

  /** As somebody would press it who looks for a way out: beside the window. */
  async pressBeside(): Promise<void> {
    await this.#page.mouse.click(5, 5);
  }

  async gone(): Promise<void> {
    await this.#page.locator(FRAME).waitFor({ state: 'detached' });
  }
}
