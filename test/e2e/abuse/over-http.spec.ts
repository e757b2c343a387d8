import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createStepUpGate, MemoryReplayStore, type StepUpGate } from 'authsignal-guard';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { whatsAppRouter } from 'authsignal-guard/express';
import express from 'express';
import { addressAt, blockNumber, DAY } from './besieged.js';

const STARTS = 10_000;

interface Service {
  readonly url: string;
  readonly emulator: Emulator;
  readonly gate: StepUpGate;
  readonly server: Server;
}

/** Sign-in by number as an application has it, behind a proxy that tells who asks. */
async function serve(): Promise<Service> {
  const plenty = { max: 1_000_000, windowMs: 60_000 };
  const emulator = await startEmulator({ limits: { sends: plenty, verifies: plenty } });
  const gate = createStepUpGate({
    apiSecretKey: emulator.secret,
    apiUrl: emulator.apiUrl,
    replayStore: new MemoryReplayStore(),
  });
  const app = express().set('trust proxy', 'loopback');
  app.use(
    '/whatsapp',
    whatsAppRouter(gate, {
      countries: ['NZ'],
      signIn: {
        findOrCreateUser: ({ phoneNumber }) => `user-of-${phoneNumber}`,
        signedIn: ({ userId }) => ({ userId }),
      },
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/whatsapp`, emulator, gate, server };
}

async function close({ emulator, gate, server }: Service): Promise<void> {
  server.closeAllConnections();
  server.close();
  await gate.close();
  await emulator.stop();
}

async function post(
  { url }: Service,
  path: string,
  body: object,
  ip: string,
): Promise<{ readonly status: number; readonly body: { readonly handle?: string } }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': ip },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function signsIn(service: Service, phoneNumber: string, ip: string): Promise<boolean> {
  const { status, body } = await post(service, '/sign-in', { phoneNumber }, ip);
  if (status !== 200) {
    return false;
  }
  const code = await service.emulator.inbox.waitForCode(phoneNumber);
  const { handle } = body;
  return (await post(service, '/sign-in/verify', { handle, code }, ip)).status === 200;
}

describe('10,000 sign-in starts over HTTP', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('send no more messages than the limits allow, and an honest user still gets in', async () => {
    jest.useFakeTimers({
      doNotFake: [
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
    const service = await serve();
    const seen = new Map<number, number>();
    let honest = 0;
    for (let index = 0; index < STARTS; index += 1) {
      const phoneNumber = blockNumber(index);
      const { status } = await post(service, '/sign-in', { phoneNumber }, addressAt(index % 500));
      seen.set(status, (seen.get(status) ?? 0) + 1);
      if (index % 1_000 === 999) {
        const own = blockNumber(index, '+6422456');
        const ip = `203.0.113.${Math.floor(index / 1_000)}`;
        honest += (await signsIn(service, own, ip)) ? 1 : 0;
      }
      jest.setSystemTime(Date.now() + DAY / STARTS);
    }
    const sends = service.emulator.inbox.messages().length - honest;
    await close(service);
    console.log(`Over HTTP: ${STARTS} starts, ${sends} messages, ${honest} of 10 honest users in`);
    expect(sends).toBe(50);
    expect(seen).toEqual(
      new Map([
        [200, 50],
        [429, STARTS - 50],
      ]),
    );
    expect(honest).toBe(10);
  }, 240_000);
});
