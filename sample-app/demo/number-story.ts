import { Customer, type Stage } from './customer.js';
import { LARGE, SMALL } from './demo-payments.js';
import { type Answer, REFUSED, textIn } from './outcome.js';

const OK = { status: 200 } as const;
const ENROLLED = { status: 200, enrolled: true } as const;
const UNENROLLED = { status: 403, code: 'step_up_enrollment_required' } as const;
const PAID = { status: 201, approvedBy: 'challenge' } as const;

/** As people write them. */
const NUMBER = {
  oldOfAnn: '+61 491 570 006',
  newOfAnn: '+61 491 570 159',
  bob: '+61 491 570 156',
  cleo: '+61 491 570 158',
  dora: '+61 491 570 157',
} as const;

/** What the bank must have sent by letter at the end. */
export const LETTERS = [
  { username: 'cleo', text: 'Codes now go to •••158. Was that not you? Call us.' },
  { username: 'ann', text: 'Codes now go to •••159. Was that not you? Call us.' },
  { username: 'dora', text: 'Codes now go to •••157. Was that not you? Call us.' },
];

export interface Cast {
  /** Signed in. */
  readonly ann: Customer;
  /** Has no phone yet. */
  readonly cleo: Customer;
  /** Has shown her phone at a branch. */
  readonly dora: Customer;
}

/** The part of the story that is about phones. */
export async function numbers(stage: Stage, { ann, cleo, dora }: Cast): Promise<void> {
  await enrolling(stage, cleo);
  await changing(stage, ann);
  await signingInByNumber(stage);
  await enrollingKnownNumber(stage, dora);
}

async function enrolling({ program }: Stage, cleo: Customer): Promise<void> {
  program.step('Cleo, who has no phone yet, signs in with her password alone ...');
  await cleo.signIn(OK);
  program.step('... and cannot pay anything');
  await cleo.pay(SMALL, UNENROLLED);
  program.step('She asks for a code to her first number');
  const sent = await cleo.askForCode('enrollment', NUMBER.cleo, OK);
  program.step('She asks for another one at once');
  await cleo.askAgain(sent, { status: 429, code: 'otp_send_limited' });
  program.step('She mistypes the code');
  const code = await cleo.read(NUMBER.cleo);
  const wrong = code === '000000' ? '111111' : '000000';
  await cleo.enterCode('enrollment', sent, wrong, { status: 400, code: 'otp_invalid' });
  program.step('She enters the right one');
  await cleo.enterCode('enrollment', sent, code, ENROLLED);
  program.step('Now she can pay NZD 2500.00, with a code');
  const proof = await cleo.prove(await cleo.pay(LARGE, REFUSED), NUMBER.cleo);
  await cleo.pay(LARGE, PAID, proof);
}

async function changing({ program }: Stage, ann: Customer): Promise<void> {
  program.step('Ann changes her number');
  const refusal = await ann.askForCode('phone-number', NUMBER.newOfAnn, REFUSED);
  program.step('Her old number confirms it ...');
  const proof = await ann.prove(refusal, NUMBER.oldOfAnn);
  program.step('... but not for another number');
  const other = { ...REFUSED, reason: 'binding_mismatch' };
  await ann.askForCode('phone-number', NUMBER.bob, other, proof);
  program.step('With the proof, a code goes to the new number');
  const sent = await ann.askForCode('phone-number', NUMBER.newOfAnn, OK, proof);
  program.step('She enters it');
  await ann.enterCode('phone-number', sent, await ann.read(NUMBER.newOfAnn), ENROLLED);
}

async function signingInByNumber(stage: Stage): Promise<void> {
  const { program } = stage;
  program.step('Bob signs in by his number, in another browser');
  program.expect('bob', await nameBehind(stage, NUMBER.bob));
  program.step('Somebody signs in by the number that Ann gave up: a new account, not hers');
  const name = await nameBehind(stage, NUMBER.oldOfAnn);
  program.expect(true, /^customer-[0-9a-f]{8}$/.test(name ?? ''));
}

async function enrollingKnownNumber({ program }: Stage, dora: Customer): Promise<void> {
  program.step('Dora, whose number a branch has verified, needs more than her password');
  await dora.signIn(UNENROLLED);
  program.step('She signs in by this number');
  await signInByNumber(dora, NUMBER.dora);
  program.step('The bank enrolls the number that it knows; no code is sent');
  await dora.enrollKnownNumber(ENROLLED);
  program.step('She pays NZD 2500.00, with a code');
  await dora.pay(LARGE, PAID, await dora.prove(await dora.pay(LARGE, REFUSED)));
}

/** Signs in with nothing but a phone; the username that the bank answers. */
async function nameBehind(stage: Stage, phoneNumber: string): Promise<string | undefined> {
  const { body } = await signInByNumber(new Customer(stage), phoneNumber);
  const name = textIn(body, 'username');
  stage.program.line(`* signed in as ${name}`);
  return name;
}

async function signInByNumber(customer: Customer, phoneNumber: string): Promise<Answer> {
  const sent = await customer.askForCode('sign-in', phoneNumber, OK);
  return customer.enterCode('sign-in', sent, await customer.read(phoneNumber), OK);
}
