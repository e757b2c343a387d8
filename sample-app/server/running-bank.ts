import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Message } from 'authsignal-guard/emulator';
import type { WhatsAppLimits } from 'authsignal-guard/express';
import { type Bank, openBank } from '../bank/bank.js';
import { type AuthsignalConnection, connectAuthsignal } from './authsignal-connection.js';
import type { Configuration } from './configuration.js';

export interface RunningBank {
  /** Without a trailing slash. */
  readonly url: string;
  readonly authsignal: AuthsignalConnection;
  stop(): Promise<void>;
}

export type StartBank = (
  configuration: Configuration,
  onMessage: (message: Message) => void,
) => Promise<RunningBank>;

/** The web application of one framework. */
export interface WebApp {
  readonly server: Server;
  /** Lets running requests end, and closes the gate. */
  close(): Promise<void>;
}

/** How to start the bank with the given web application. If it fails, nothing is left running. */
export function bankStarter(
  createApp: (
    bank: Bank,
    authsignal: AuthsignalConnection,
    limits: WhatsAppLimits | undefined,
  ) => Promise<WebApp>,
): StartBank {
  return async (configuration, onMessage) => {
    const { databaseFile, limits } = configuration;
    const bank = await openBank(databaseFile);
    const closers = [async () => bank.close()];
    const stop = async (): Promise<void> => {
      for (const close of closers.splice(0).reverse()) {
        await close();
      }
    };
    try {
      const authsignal = await connectAuthsignal(configuration, onMessage);
      closers.push(async () => authsignal.emulator?.stop());
      const app = await createApp(bank, authsignal, limits);
      closers.push(() => app.close());
      return { url: await listen(app.server, configuration), authsignal, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  };
}

async function listen(server: Server, { host, port }: Configuration): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken
      ? new Error(`Port ${port} on ${host} is in use; set PORT to another one.`)
      : error;
  }
  const address = server.address();
  const chosen = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}
