import { expect } from '@jest/globals';
import { type Answer, Customer, expectApproval } from '../../support/customer.js';
import type { Town } from '../../support/host.js';
import { type CodeFlow, NumberOwner } from '../../support/number-owner.js';
import type { OutcomeName } from './outcomes.js';
import { type PolicyName, pathOf, type TownInTrouble } from './town-in-trouble.js';

/** What is asked while a call fails. */
export interface Asking {
  ask(): Promise<Answer>;
  /** How often the handler ran, or the flow did what it is for. */
  runs(): number;
  /** The number that messages go to. */
  readonly phone?: string;
  /** What holds when the call works again. */
  afterwards?(answer: Answer, outcome: OutcomeName): Promise<void>;
}

export interface Place {
  readonly town: Town;
  readonly trouble: TownInTrouble;
  /** The gate's default, in the flows. */
  readonly whenUnavailable: 'deny' | 'allow';
}

/** Brings a customer to where the call is about to be made, while everything works. */
export type Situation = (place: Place) => Promise<Asking>;

/** The rules allow what is asked for. */
export const viewing =
  (policy: PolicyName, proof?: string): Situation =>
  async ({ town, trouble }) => {
    const customer = new Customer(await trouble.bank, town);
    const sending = { path: pathOf('view', policy), ...(proof === undefined ? {} : { proof }) };
    return {
      ask: () => customer.send(sending),
      runs: () => customer.runs,
      afterwards: async (answer, outcome) => {
        expect(customer.eventTypes.includes('opened')).toBe(outcome === 'opens');
        if (outcome === 'opens' || outcome === 'runs') {
          expectApproval(answer, outcome === 'opens' ? 'unavailable' : 'rules');
        }
      },
    };
  };

/** A proof that counts is sent; where it could not be checked it counts once more. */
export const paying =
  (policy: PolicyName): Situation =>
  async ({ town, trouble }) => {
    const customer = new Customer(await trouble.bank, town);
    const path = pathOf('pay', policy);
    const proof = await customer.proofFor({ path });
    return {
      ask: () => customer.send({ path, proof }),
      runs: () => customer.runs,
      afterwards: async (answer, outcome) => {
        const again = await customer.send({ path, proof });
        if (outcome === 'runs') {
          expectApproval(answer, 'challenge');
          expect(again).toMatchObject({ status: 409, json: { code: 'step_up_consumed' } });
        } else {
          expectApproval(again, 'challenge');
        }
        expect(customer.runs).toBe(1);
      },
    };
  };

async function ownerAt({ town, trouble, whenUnavailable }: Place, enrolled: boolean) {
  trouble.app.reset();
  const host = await trouble.flows(whenUnavailable);
  return new NumberOwner(new Customer(host, town, { enrolled }), trouble.app);
}

export const starting =
  (flow: CodeFlow): Situation =>
  async (place) => {
    const isChange = flow === 'phone-number';
    const owner = await ownerAt(place, isChange);
    const phone = owner.newPhone();
    const proof = isChange ? await owner.stepUp(await owner.start(flow, phone)) : {};
    return {
      phone,
      ...sendingOnce(() => owner.start(flow, phone, proof)),
      afterwards: async (_answer, outcome) => {
        // The old number's proof is used up only by what came about.
        if (outcome !== 'sent') {
          expect((await owner.start(flow, phone, proof)).status).toBe(200);
        }
      },
    };
  };

export const resending: Situation = async (place) => {
  const owner = await ownerAt(place, false);
  const { handle, phone } = await owner.begin('sign-in');
  await owner.code(phone);
  return { phone, ...sendingOnce(() => owner.resend(handle)) };
};

/** A flow that sends does what it is for where it says that a code is on its way. */
function sendingOnce(send: () => Promise<Answer>): Pick<Asking, 'ask' | 'runs'> {
  let told = 0;
  return {
    ask: async () => {
      const answer = await send();
      told = answer.status === 200 ? 1 : 0;
      return answer;
    },
    runs: () => told,
  };
}

export const verifying =
  (flow: CodeFlow): Situation =>
  async (place) => {
    const owner = await ownerAt(place, flow === 'phone-number');
    const { app } = place.trouble;
    const { handle, phone } = await owner.begin(flow);
    const code = await owner.code(phone);
    return {
      ask: () => owner.verify(flow, handle, code),
      runs: () => app.sessions.length + app.changes.length,
      afterwards: async (_answer, outcome) => {
        if (outcome === 'runs') {
          const again = await owner.verify(flow, handle, code);
          expect(again).toMatchObject({ status: 400, json: { code: 'handle_invalid' } });
        }
        expect(app.sessions.length + app.changes.length).toBe(outcome === 'runs' ? 1 : 0);
      },
    };
  };

/** What follows the right code; it can be finished without another one. */
export const claiming: Situation = async (place) => {
  const owner = await ownerAt(place, false);
  const { sessions, lookups } = place.trouble.app;
  const { handle, phone } = await owner.begin('sign-in');
  const code = await owner.code(phone);
  const verified = owner.customer.calls('verify');
  return {
    ask: () => owner.verify('sign-in', handle, code),
    runs: () => sessions.length,
    afterwards: async (answer, outcome) => {
      if (outcome === 'incomplete') {
        const rest = { handle: owner.handleIn(answer) };
        expect((await owner.post('/sign-in/verify', rest)).status).toBe(200);
      }
      expect([sessions.length, lookups.length, owner.messages(phone)]).toEqual([1, 1, 1]);
      expect(owner.customer.calls('verify')).toBe(verified + 1);
    },
  };
};

export const enrolling =
  (number: 'first' | 'another'): Situation =>
  async (place) => {
    const owner = await ownerAt(place, number === 'another');
    const { app } = place.trouble;
    const phone = owner.newPhone();
    app.records.set(owner.customer.id, phone);
    const enroll = (proof: { readonly proof?: string }) =>
      owner.post('/verified-number', {}, proof);
    const proof = number === 'another' ? await owner.stepUp(await enroll({})) : {};
    return {
      ask: () => enroll(proof),
      runs: () => app.changes.length,
      afterwards: async (_answer, outcome) => {
        if (outcome !== 'runs') {
          expect((await enroll(proof)).status).toBe(200);
        }
        expect(owner.enrolled).toEqual([phone]);
        expect(app.changes).toHaveLength(1);
      },
    };
  };
