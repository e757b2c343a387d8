import { readConfiguration } from './configuration.js';
import type { StartBank } from './running-bank.js';
import { startMessage } from './start-message.js';

/** Runs until SIGINT or SIGTERM. What keeps it from starting is one sentence, and exit code 1. */
export async function run(framework: string, start: StartBank): Promise<void> {
  try {
    const running = await start(readConfiguration(process.env), ({ to, text }) =>
      console.log(`WhatsApp to ${to}: ${text}`),
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
