import { jest } from '@jest/globals';
import type { SendLimitName } from '../../../src/core/events.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import type { WhatsAppLimits } from '../../../src/whatsapp/options.js';
import { type FlowAnswer, flowBench } from '../../unit/whatsapp/flow-bench.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A service under attack: sign-in by number on the fake Authsignal, with time that is moved. */
export interface Besieged {
  start(phoneNumber: string, ip: string): Promise<FlowAnswer>;
  verify(handle: string | undefined, code: string): Promise<FlowAnswer>;
  /** Whether somebody honest, who reads the code on the phone, gets in. */
  signsIn(phoneNumber: string, ip: string): Promise<boolean>;
  /** Messages that Authsignal was asked to send, and codes that it was asked to check. */
  readonly calls: { readonly sends: number; readonly guesses: number };
  /** How often each limit refused a message. */
  refusals(): Readonly<Partial<Record<SendLimitName, number>>>;
  /** Entries in the memory of the counters; each has one timer, and nothing else has any. */
  counters(): number;
}

/** What `FakeAuthsignal` sends in every message. */
export const RIGHT = '123456';

/** Time stands still from here on; `jest.advanceTimersByTime` moves it. */
export function besieged(limits: WhatsAppLimits = {}): Besieged {
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance'],
    now: Date.UTC(2026, 0, 1),
  });
  const clock = { now: () => Date.now() };
  const flows = flowBench({ limits }, { clock, replayStore: new MemoryReplayStore({ clock }) });
  const count = (name: string): number =>
    flows.authsignal.calls.filter(({ call }) => call === name).length;
  const start: Besieged['start'] = (phoneNumber, ip) =>
    flows.ask('startSignIn', { phoneNumber }, ip);
  const verify: Besieged['verify'] = (handle, code) => flows.ask('verifySignIn', { handle, code });
  return {
    start,
    verify,
    signsIn: async (phoneNumber, ip) => {
      const { status, body } = await start(phoneNumber, ip);
      return status === 200 && (await verify(body.handle, RIGHT)).status === 200;
    },
    get calls() {
      return { sends: count('challenge'), guesses: count('verify') };
    },
    refusals: () => {
      const counts: Partial<Record<SendLimitName, number>> = {};
      for (const event of flows.events) {
        if (event.type === 'otp_send_limited') {
          counts[event.limit] = (counts[event.limit] ?? 0) + 1;
        }
      }
      return counts;
    },
    counters: () => jest.getTimerCount(),
  };
}

/** One of 500 addresses and more, each of another network. */
export const addressAt = (index: number): string =>
  `${11 + Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}.7`;

/** Numbers of one block. */
export const blockNumber = (index: number, block = '+6421123'): string =>
  block + String(index % 10_000).padStart(4, '0');

const AREAS = ['212', '213', '305', '310', '312', '415', '512', '617', '702', '713', '808', '916'];

/** Numbers of which each is in another block. */
export function scatteredNumber(index: number): string {
  const area = AREAS[index % AREAS.length];
  const exchange =
    220 + (Math.floor(index / AREAS.length) % 80) + 100 * (Math.floor(index / 960) % 7);
  return `+1${area}${exchange}2671`;
}

/** Rows of figures, for whoever reads the output of the tests. */
export class Figures {
  readonly #rows: (readonly [string, string])[] = [];

  note(what: string, figure: number | string): void {
    this.#rows.push([what, String(figure)]);
  }

  text(): string {
    const width = Math.max(...this.#rows.map(([what]) => what.length));
    return this.#rows.map(([what, figure]) => `${what.padEnd(width)}  ${figure}`).join('\n');
  }
}
