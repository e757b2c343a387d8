import { expect } from '@jest/globals';
import { NO_SEND_LIMITS } from '../../../support/application.js';
import { expectRefusal } from '../../../support/customer.js';
import { wrong } from '../../../support/number-owner.js';
import type { StoppedTime } from '../../../support/stopped-time.js';
import { CODE_FLOWS, type CodeFlowCase, Desk, story } from './desk.js';

const MINUTE_MS = 60_000;

const ofEachFlow = (time: StoppedTime) => (each: CodeFlowCase) => {
  const { flow, customer } = each;
  return [
    story(
      `${flow}: a wrong code, and then the right one`,
      async (owner) => {
        const begun = await owner.begin(flow);
        const code = await owner.code(begun.phone);
        expectRefusal(await owner.verify(flow, begun.handle, wrong(code)), 400, 'otp_invalid');
        expect(owner.customer.event('otp_wrong')).toMatchObject({
          phoneNumber: expect.stringMatching(/^\+64••••\d{4}$/),
        });
        expect(await owner.verify(flow, begun.handle, code)).toMatchObject({ status: 200 });
      },
      customer,
    ),
    story(
      `${flow}: after five wrong codes the right one is refused, too`,
      async (owner, app) => {
        const { handle, phone } = await owner.begin(flow);
        const code = await owner.code(phone);
        for (const by of [1, 2, 3, 4, 5]) {
          expectRefusal(await owner.verify(flow, handle, wrong(code, by)), 400, 'otp_invalid');
        }
        const asked = owner.customer.calls('verify');
        for (const guess of [code, wrong(code), code]) {
          const answer = await owner.verify(flow, handle, guess);
          expectRefusal(answer, 429, 'otp_attempts_exceeded');
          expect(answer.headers['retry-after']).toBe('3600');
        }
        expect(owner.customer.calls('verify')).toBe(asked);
        expect(owner.customer.event('otp_attempts_exceeded')).toBeDefined();
        expectRefusal(await owner.resend(handle), 400, 'handle_invalid');
        expect(owner.messages(phone)).toBe(1);
        expect(owner.enrolled).not.toContain(phone);
        expect(app.sessions).toEqual([]);

        const next = await owner.begin(flow, phone);
        expect((await owner.finish(next)).status).toBe(200);
      },
      customer,
    ),
    story(
      `${flow}: an expired handle`,
      async (owner) => {
        const begun = await owner.begin(flow);
        time.advance(10 * MINUTE_MS);
        expectRefusal(await owner.finish(begun), 400, 'handle_invalid');
        expect(owner.customer.event('handle_refused')).toMatchObject({ why: 'expired' });
        expectRefusal(await owner.resend(begun.handle), 400, 'handle_invalid');
        expect(owner.messages(begun.phone)).toBe(1);
        expect(owner.enrolled).not.toContain(begun.phone);
      },
      customer,
    ),
    story(
      `${flow}: good until its last second`,
      async (owner) => {
        const begun = await owner.begin(flow);
        time.advance(10 * MINUTE_MS - 1_000);
        expect((await owner.finish(begun)).status).toBe(200);
      },
      customer,
    ),
    story(
      `${flow}: a code that has expired at Authsignal`,
      async (owner) => {
        const begun = await owner.begin(flow);
        const { clock } = owner.emulator;
        clock.advance(10 * MINUTE_MS);
        try {
          expectRefusal(await owner.finish(begun), 400, 'otp_invalid');
        } finally {
          clock.set(Date.now());
        }
        expect(owner.enrolled).not.toContain(begun.phone);
      },
      customer,
    ),
    story(
      `${flow}: a code in groups, as it is pasted`,
      async (owner) => {
        const { handle, phone } = await owner.begin(flow);
        const code = await owner.code(phone);
        const pasted = ` ${code.slice(0, 3)}-${code.slice(3)} `;
        expect((await owner.verify(flow, handle, pasted)).status).toBe(200);
      },
      customer,
    ),
    story(
      `${flow}: the code of another flow to the same number`,
      async (owner) => {
        const first = await owner.begin(flow);
        const stale = await owner.code(first.phone);
        const second = await owner.begin(flow, first.phone);
        const answer = await owner.verify(flow, second.handle, stale);
        expectRefusal(answer, 400, 'otp_invalid');
        expect((await owner.finish(second)).status).toBe(200);
      },
      customer,
    ),
  ];
};

const strict = new Desk({
  flows: {
    limits: {
      ...NO_SEND_LIMITS,
      codesPerFlow: 2,
      codes: [{ max: 3, windowMs: 60 * MINUTE_MS }],
    },
  },
});

export const codeScenarios = (time: StoppedTime) => [
  ...CODE_FLOWS.flatMap(ofEachFlow(time)),
  strict.story(
    'wrong codes are counted per number over all its flows, until a right one',
    async (owner) => {
      const phone = owner.newPhone();
      const first = await owner.begin('sign-in', phone);
      const code = await owner.code(phone);
      for (const by of [1, 2]) {
        const answer = await owner.verify('sign-in', first.handle, wrong(code, by));
        expectRefusal(answer, 400, 'otp_invalid');
      }
      const over = await owner.verify('sign-in', first.handle, code);
      expectRefusal(over, 429, 'otp_attempts_exceeded');

      const second = await owner.begin('sign-in', phone);
      expect((await owner.finish(second)).status).toBe(200);

      // The right code ended the row: three more may be wrong, over as many flows.
      for (const by of [1, 2]) {
        const another = await owner.begin('sign-in', phone);
        const guess = wrong(await owner.code(phone), by);
        expectRefusal(await owner.verify('sign-in', another.handle, guess), 400, 'otp_invalid');
      }
      const last = await owner.begin('sign-in', phone);
      const right = await owner.code(phone);
      expectRefusal(await owner.verify('sign-in', last.handle, wrong(right)), 400, 'otp_invalid');
      const refused = await owner.verify('sign-in', last.handle, right);
      expectRefusal(refused, 429, 'otp_attempts_exceeded');
      expect(refused.headers['retry-after']).toBe('3600');

      const elsewhere = await owner.begin('sign-in');
      expect((await owner.finish(elsewhere)).status).toBe(200);
      time.advance(60 * MINUTE_MS);
      const later = await owner.begin('sign-in', phone);
      expect((await owner.finish(later)).status).toBe(200);
    },
  ),
];
