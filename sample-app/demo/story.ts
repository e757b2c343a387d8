import type { NewUser } from '../bank/users.js';
import { Customer, type Stage } from './customer.js';
import { LARGE, SMALL } from './demo-payments.js';
import type { Ledger } from './ledger.js';
import { LETTERS, numbers } from './number-story.js';
import { REFUSED } from './outcome.js';

/** The whole story. @throws StepDiffersError at the first step that ends otherwise */
export async function play(stage: Stage, users: readonly NewUser[], ledger: Ledger): Promise<void> {
  const [ann, bob, cleo, dora] = users.map((user) => new Customer(stage, user));
  if (ann === undefined || bob === undefined || cleo === undefined || dora === undefined) {
    throw new Error('The story needs four users.');
  }
  await signingIn(stage, ann);
  await paying(stage, ann);
  await cheating(stage, ann, bob);
  await refusing(stage, ann);
  await numbers(stage, { ann, cleo, dora });
  await switchingOff(stage, ann);
  lookingBack(stage, ledger);
}

async function signingIn({ program }: Stage, ann: Customer): Promise<void> {
  program.step('Ann mistypes her password');
  await ann.signIn({ status: 401 }, undefined, 'ann likes long talks');
  program.step('Ann signs in, in a browser that the bank does not know');
  const refusal = await ann.signIn(REFUSED);
  program.step('She answers the challenge on WhatsApp');
  const proof = await ann.prove(refusal);
  program.step('She signs in with the proof');
  await ann.signIn({ status: 200 }, proof);
  program.step('She signs in again: now the browser is known');
  await ann.signIn({ status: 200 });
}

async function paying({ program }: Stage, ann: Customer): Promise<void> {
  program.step('Ann pays NZD 25.00, which the rules allow');
  await ann.pay(SMALL, { status: 201, approvedBy: 'rules' });
  program.step('Ann pays NZD 2500.00');
  const refusal = await ann.pay(LARGE, REFUSED);
  program.step('She answers the challenge on WhatsApp');
  const proof = await ann.prove(refusal);
  program.step('She sends the same payment with the proof');
  await ann.pay(LARGE, { status: 201, approvedBy: 'challenge' }, proof);
  program.step('She sends it once more');
  await ann.pay(LARGE, { status: 409, code: 'step_up_consumed' }, proof);
}

async function cheating({ program }: Stage, ann: Customer, bob: Customer): Promise<void> {
  program.step('With a fresh proof for NZD 2500.00 ...');
  const proof = await ann.prove(await ann.pay(LARGE, REFUSED));
  program.step('... somebody changes the amount to NZD 9500.00');
  await ann.pay({ ...LARGE, amount: 950_000 }, { ...REFUSED, reason: 'binding_mismatch' }, proof);
  program.step('Bob signs in');
  await bob.signIn({ status: 200 }, await bob.prove(await bob.signIn(REFUSED)));
  program.step('Bob proves a payment of his own ...');
  const proofOfBob = await bob.prove(await bob.pay(LARGE, REFUSED));
  program.step('... and Ann sends his proof with the same payment');
  await ann.pay(LARGE, { ...REFUSED, reason: 'proof_invalid' }, proofOfBob);
}

async function refusing({ program }: Stage, ann: Customer): Promise<void> {
  program.step('Ann pays NZD 10000.01: too much');
  await ann.pay({ ...LARGE, amount: 1_000_001 }, { status: 403, code: 'step_up_blocked' });
  program.step('Ann pays somebody on the watch list');
  const watched = { ...SMALL, payee: 'REVIEW ME' };
  await ann.pay(watched, { status: 403, code: 'step_up_review_pending' });
}

async function switchingOff({ program, emulator }: Stage, ann: Customer): Promise<void> {
  program.step('Authsignal is switched off, and Ann pays NZD 25.00');
  await emulator.stop();
  await ann.pay(SMALL, { status: 503, code: 'step_up_unavailable' });
}

function lookingBack({ program }: Stage, ledger: Ledger): void {
  program.step('The database has each payment once');
  const entries = ledger.entries();
  for (const { times, payment } of entries) {
    program.line(`${times} x ${payment}`);
  }
  program.expect(
    [
      { payment: 'ann: NZD 25.00 to Corner Cafe, approved by rules', times: 1 },
      { payment: 'ann: NZD 2500.00 to Power Company, approved by challenge', times: 1 },
      { payment: 'cleo: NZD 2500.00 to Power Company, approved by challenge', times: 1 },
      { payment: 'dora: NZD 2500.00 to Power Company, approved by challenge', times: 1 },
    ],
    entries,
  );
  program.step('Each change of a number has gone to its owner by letter');
  const letters = ledger.letters();
  for (const { username, text } of letters) {
    program.line(`${username}: ${text}`);
  }
  program.expect(LETTERS, letters);
}
