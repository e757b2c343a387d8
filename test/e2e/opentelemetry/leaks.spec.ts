import { afterAll, describe, expect, it } from '@jest/globals';
import { openTelemetry } from 'authsignal-guard/opentelemetry';
import { expectRefusal } from '../../support/customer.js';
import { Measured } from '../../support/measured.js';
import { type NumberOwner, wrong } from '../../support/number-owner.js';
import { foundTown, playScenarios, type Scenario } from '../../support/scenarios.js';
import { CODE_FLOWS, Desk, TENANT, UNENROLLED } from '../whatsapp/scenarios/desk.js';

const SECRET = 'the-key-material-of-the-bank';
const town = foundTown(TENANT);
const measured = new Measured();
afterAll(() => measured.end());

/** What must not be exported, and grows as the stories go on. */
const needles = new Set<string>([SECRET]);
const users = new Set<string>();

const desk = new Desk({
  options: ({ secret }) => {
    needles.add(secret);
    return { secret: SECRET, telemetry: openTelemetry(measured) };
  },
});

function seen(owner: NumberOwner, ...texts: readonly string[]): void {
  users.add(owner.customer.id);
  for (const text of [owner.customer.phone, ...texts]) {
    needles.add(text);
  }
}

const stories: readonly Scenario[] = [
  ...CODE_FLOWS.map(({ flow, customer }) =>
    desk.story(
      `${flow}: good and bad`,
      async (owner, app) => {
        const phone = owner.newPhone();
        const begun = await owner.begin(flow, phone);
        const code = await owner.code(phone);
        seen(owner, phone, begun.handle, code);
        await owner.verify(flow, begun.handle, wrong(code));
        await owner.verify(flow, `${begun.handle}x`, code);
        await owner.start(flow, `${phone} and more`);
        owner.emulator.faults.add({
          kind: 'status',
          status: 400,
          body: { error: phone, errorDescription: `${phone} ${code}` },
          match: { call: 'verify' },
          times: 1,
        });
        await owner.verify(flow, begun.handle, code);
        app.instead('findOrCreateUser', () => {
          throw new Error(`${phone} ${code} ${SECRET}`);
        });
        await owner.finish({ ...begun, phone: await newerPhone(owner, begun.handle, phone) });
        for (const { token } of app.sessions) {
          needles.add(token);
        }
      },
      customer,
    ),
  ),
  desk.story(
    'a user whose id is the number, and a proof that is sent twice',
    async (owner) => {
      const phone = owner.newPhone();
      const as = { as: phone };
      const first = await owner.begin('enrollment', phone, as);
      seen(owner, phone, first.handle);
      expect((await owner.finish(first, as)).status).toBe(200);
      const other = owner.newPhone();
      const refusal = await owner.start('phone-number', other, as);
      const { proof } = await owner.stepUp(refusal, phone);
      seen(owner, other, proof, owner.customer.tokenIn(refusal));
      expect((await owner.start('phone-number', other, { ...as, proof })).status).toBe(200);
      expectRefusal(
        await owner.start('phone-number', other, { ...as, proof }),
        409,
        'step_up_consumed',
      );
    },
    UNENROLLED,
  ),
];

/** The same phone, with a code of now: the one before was read. */
async function newerPhone(owner: NumberOwner, handle: string, phone: string): Promise<string> {
  await owner.resend(handle);
  return phone;
}

playScenarios('flows that are measured', stories, { town });

describe('what was exported', () => {
  it('is a great deal', async () => {
    const names = new Set(measured.spans.map(({ name }) => name));
    expect(measured.spans.length).toBeGreaterThan(60);
    expect(names.size).toBeGreaterThan(6);
    const metrics = (await measured.metrics()).map(({ descriptor }) => descriptor.name);
    expect(metrics).toEqual(
      expect.arrayContaining([
        'authsignal_guard.verdicts',
        'authsignal_guard.otp.sent',
        'authsignal_guard.otp.checked',
        'authsignal_guard.handles.refused',
        'authsignal_guard.phones.refused',
        'authsignal_guard.proofs.replayed',
        'authsignal_guard.sign_ins',
        'authsignal_guard.callback.failures',
        'authsignal_guard.call.duration',
        'authsignal_guard.evaluation.duration',
      ]),
    );
  });

  it('holds no number, code, token, handle, secret, challenge or user', async () => {
    const exported = await measured.exported();
    for (const { challengeId, code } of town().emulator.inbox.messages()) {
      needles.add(challengeId);
      needles.add(`"${code ?? ''}"`);
    }
    expect(needles.size).toBeGreaterThan(40);
    expect(users.size).toBeGreaterThan(10);
    const asWords = [...users].map((id) => new RegExp(`(?<!\\w)${id}(?!\\w)`));
    expect(asWords.filter((word) => word.test(exported))).toEqual([]);
    const digits = exported.replace(/[\s().\-/]/g, '');
    const found = [...needles].filter(
      (each) => exported.includes(each) || (each.startsWith('+') && digits.includes(each.slice(3))),
    );
    expect(found).toEqual([]);
  });

  it('has few series for each metric, whatever clients send', async () => {
    for (const { descriptor, dataPoints } of await measured.metrics()) {
      expect({ name: descriptor.name, isFew: dataPoints.length < 40 }).toEqual({
        name: descriptor.name,
        isFew: true,
      });
    }
  });
});
