import type { Message } from 'authsignal-guard/emulator';
import { checkTenant } from './check-tenant.js';
import { readConfiguration } from './configuration.js';
import type { StartBank } from './running-bank.js';
import { startMessage } from './start-message.js';

const CHANNELS: Readonly<Record<Message['channel'], string>> = {
  WHATSAPP: 'WhatsApp',
  SMS: 'SMS',
  EMAIL: 'E-mail',
};

/** Runs until SIGINT or SIGTERM. What keeps it from starting is one sentence, and exit code 1. */
export async function run(framework: string, start: StartBank): Promise<void> {
  try {
    const configuration = readConfiguration(process.env);
    if (configuration.tenant !== undefined) {
      await checkTenant(configuration.tenant);
    }
    const running = await start(configuration, ({ channel, to, text }) =>
      console.log(`${CHANNELS[channel]} to ${to}: ${text}`),
    );
    console.log(startMessage(framework, running));
    const stop = (): void => {
      running.stop().then(() => console.log('Stopped.'), fail);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
