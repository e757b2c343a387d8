import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;

/** Opens the built page in Chromium. @returns {Promise<string>} what the page tells of its story. */
export async function tryPage(project) {
  const server = spawn(process.execPath, ['server.mjs'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface(server.stdout), 'line');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url);
    const story = page.getByRole('status');
    await story.filter({ hasText: /./ }).waitFor({ timeout: 20_000 });
    return errors.length > 0 ? errors.join('\n') : await story.innerText();
  } finally {
    await browser.close();
    server.kill();
  }
}
