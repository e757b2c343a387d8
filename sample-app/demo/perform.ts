import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_USERS } from '../bank/demo-users.js';
import { maskedNumber } from '../bank/masked-number.js';
import type { RunningBank, StartBank } from '../server/running-bank.js';
import type { Stage } from './customer.js';
import { Ledger } from './ledger.js';
import { Program } from './program.js';
import { play } from './story.js';

export interface Performance {
  readonly name: string;
  readonly start: StartBank;
  /** Whether all payments are allowed, which the story must notice. */
  readonly withoutRules: boolean;
}

/**
 * Plays the story on a bank of its own, over HTTP, and takes everything down again.
 * @throws Error that names the step which ended in something else than it must
 */
export async function perform({ name, start, withoutRules }: Performance): Promise<void> {
  const program = new Program((line) => console.log(line));
  const folder = await mkdtemp(join(tmpdir(), 'authsignal-guard-demo-'));
  const databaseFile = join(folder, 'bank.db');
  const configuration = {
    host: '127.0.0.1',
    port: 0,
    databaseFile,
    tenant: undefined,
    // All users of the demo are at one address, and in a hurry.
    limits: { ip: false },
  } as const;
  const bank = await start(configuration, ({ to, text }) =>
    program.line(`* WhatsApp to ${to}: ${text}`),
  );
  const ledger = new Ledger(databaseFile);
  try {
    const stage = setStage(program, bank);
    if (withoutRules) {
      stage.emulator.actions.set('createPayment', { outcome: 'ALLOW', rules: [] });
    }
    introduce(name, stage);
    await play(stage, DEMO_USERS, ledger);
  } catch (error) {
    throw program.failure(error);
  } finally {
    ledger.close();
    await bank.stop();
    await rm(folder, { recursive: true });
  }
}

function setStage(program: Program, { url, authsignal: { emulator } }: RunningBank): Stage {
  if (emulator === undefined) {
    throw new Error('The demo plays on the stand-in alone.');
  }
  return { program, bankUrl: url, emulator };
}

function introduce(name: string, { program, bankUrl, emulator }: Stage): void {
  const facts = [
    [`The bank (${name})`, bankUrl],
    ["Authsignal's stand-in", emulator.apiUrl],
    ...DEMO_USERS.map(({ username, phoneNumber }) => [
      username,
      phoneNumber === undefined ? 'no phone' : maskedNumber(phoneNumber),
    ]),
  ];
  program.line('');
  for (const [label = '', value] of facts) {
    program.line(`${label.padEnd(23)}${value}`);
  }
}
