import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { ACTIONS } from '../server/actions.js';
import type { BankRequest } from '../server/bank-request.js';
import { bankStarter } from '../server/running-bank.js';
import { expressApp } from './express-app.js';

export const startExpressBank = bankStarter(async (bank, authsignal, limits) => {
  const { apiSecretKey, apiUrl } = authsignal;
  const gate = createStepUpGate<BankRequest>({
    apiSecretKey,
    apiUrl,
    subject: ({ raw }) => raw.user?.id,
    // Nobody has a session while signing in; that challenge is bound to the device.
    session: ({ raw }) => (raw.user === undefined ? 'signing in' : raw.sessionId),
    actions: ACTIONS,
    // Enough for one process. More of them need a store that they share.
    replayStore: new MemoryReplayStore(),
  });
  const server = createServer(expressApp(bank, gate, authsignal, limits));
  return {
    server,
    close: async () => {
      if (server.listening) {
        await promisify(server.close.bind(server))();
      }
      await gate.close();
    },
  };
});
