import type { StepUpGateOptions } from 'authsignal-guard';
import type { Emulator, EmulatorOptions } from 'authsignal-guard/emulator';
import type { WhatsAppOptions } from 'authsignal-guard/express';
import { Application } from '../../../support/application.js';
import { flowHost } from '../../../support/flow-host.js';
import type { Building } from '../../../support/hosts.js';
import { type CodeFlow, NumberOwner } from '../../../support/number-owner.js';
import type { Scenario } from '../../../support/scenarios.js';

/** Authsignal's own limits stay out of the way of ours. */
export const TENANT: EmulatorOptions = {
  actions: {
    blockedEnrollment: { outcome: 'BLOCK' },
    challengedEnrollment: { outcome: 'CHALLENGE' },
    signInWithWhatsApp: { outcome: 'ALLOW' },
  },
  limits: {
    sends: { max: 1_000, windowMs: 600_000 },
    verifies: { max: 1_000, windowMs: 600_000 },
    attemptsPerChallenge: 50,
  },
};

export interface DeskSetting {
  readonly flows?: Partial<WhatsAppOptions>;
  /** What of the options of all desks is left out here. */
  readonly without?: readonly (keyof WhatsAppOptions)[];
  readonly options?: (emulator: Emulator) => Partial<StepUpGateOptions>;
}

type Play = (owner: NumberOwner, app: Application) => Promise<void>;

/** An application with the flows, and stories of those who use them. */
export class Desk {
  readonly app = new Application();
  readonly bank: Building;

  constructor({ flows, without = [], options }: DeskSetting = {}) {
    const given = this.app.flows(flows);
    for (const name of without) {
      Reflect.deleteProperty(given, name);
    }
    this.bank = flowHost({ flows: given, ...(options && { options }) });
  }

  readonly story = (
    name: string,
    play: Play,
    customer: NonNullable<Scenario['customer']> = {},
  ): Scenario => ({
    name,
    bank: this.bank,
    customer,
    play: (each) => {
      this.app.reset();
      return play(new NumberOwner(each, this.app), this.app);
    },
  });
}

/** At an application with all flows and no limit on sends. */
export const { story } = new Desk();

/** Passes the step-up for a number, before something breaks; without an old one there is none. */
export async function proofFor(owner: NumberOwner, flow: CodeFlow, phone: string) {
  return flow === 'phone-number' ? owner.stepUp(await owner.start(flow, phone)) : {};
}

export const UNENROLLED = { enrolled: false } as const;

/** A flow that sends codes, and who uses it. */
export interface CodeFlowCase {
  readonly flow: CodeFlow;
  readonly customer: NonNullable<Scenario['customer']>;
  /** Whether somebody has to be signed in. */
  readonly isOfUser: boolean;
  readonly others: readonly CodeFlow[];
}

export const CODE_FLOWS: readonly CodeFlowCase[] = [
  {
    flow: 'enrollment',
    customer: UNENROLLED,
    isOfUser: true,
    others: ['phone-number', 'sign-in'],
  },
  {
    flow: 'phone-number',
    customer: {},
    isOfUser: true,
    others: ['enrollment', 'sign-in'],
  },
  {
    flow: 'sign-in',
    customer: UNENROLLED,
    isOfUser: false,
    others: ['enrollment', 'phone-number'],
  },
];
