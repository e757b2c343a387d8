import { expect } from '@jest/globals';
import { NO_SEND_LIMITS } from '../../../support/application.js';
import { expectRefusal } from '../../../support/customer.js';
import { wrong } from '../../../support/number-owner.js';
import type { StoppedTime } from '../../../support/stopped-time.js';
import { CODE_FLOWS, type CodeFlowCase, Desk, story } from './desk.js';

/** The waits as they are by default, and no other limit. */
const { waitsMs: _none, ...others } = NO_SEND_LIMITS;
const waiting = new Desk({ flows: { limits: others } });

const SECOND_MS = 1_000;

const ofEachFlow =
  (time: StoppedTime) =>
  ({ flow, customer }: CodeFlowCase) => [
    story(
      `${flow}: a resent code, over the same challenge`,
      async (owner) => {
        const begun = await owner.begin(flow);
        const first = await owner.code(begun.phone);
        const answer = await owner.resend(begun.handle);
        expect(answer.status).toBe(200);
        expect(answer.json).toEqual({ ...begun.answer.json, handle: expect.any(String) });
        const resent = owner.handleIn(answer);
        expect(resent).not.toBe(begun.handle);
        const messages = owner.emulator.inbox.messages(begun.phone);
        expect(messages).toHaveLength(2);
        expect(new Set(messages.map(({ challengeId }) => challengeId)).size).toBe(1);
        const [sent, again] = owner.callsWith('challenge', begun.phone);
        expect(again).toEqual({ ...Object(sent), challengeId: messages[0]?.challengeId });
        expect(owner.customer.event('otp_sent')).toMatchObject({ resent: true });

        const second = await owner.code(begun.phone);
        expectRefusal(await owner.verify(flow, resent, first), 400, 'otp_invalid');
        expect((await owner.verify(flow, resent, second)).status).toBe(200);
        expectRefusal(await owner.verify(flow, begun.handle, second), 400, 'handle_invalid');
        for (const handle of [begun.handle, resent]) {
          expectRefusal(await owner.resend(handle), 400, 'handle_invalid');
        }
        expect(owner.messages(begun.phone)).toBe(2);
      },
      customer,
    ),
    story(
      `${flow}: the first handle takes the resent code`,
      async (owner) => {
        const begun = await owner.begin(flow);
        const resent = owner.handleIn(await owner.resend(begun.handle));
        const code = await owner.code(begun.phone);
        expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
        expectRefusal(await owner.verify(flow, resent, code), 400, 'handle_invalid');
      },
      customer,
    ),
    story(
      `${flow}: a resent code ends when the first would have`,
      async (owner) => {
        const begun = await owner.begin(flow);
        time.advance(300 * SECOND_MS);
        const answer = await owner.resend(begun.handle);
        expect(answer.json.expiresAt).toBe(begun.answer.json.expiresAt);
        time.advance(300 * SECOND_MS);
        const code = await owner.code(begun.phone);
        for (const handle of [begun.handle, owner.handleIn(answer)]) {
          expectRefusal(await owner.verify(flow, handle, code), 400, 'handle_invalid');
        }
      },
      customer,
    ),
    story(
      `${flow}: wrong codes over both handles are one count`,
      async (owner) => {
        const begun = await owner.begin(flow);
        const resent = owner.handleIn(await owner.resend(begun.handle));
        const code = await owner.code(begun.phone);
        for (const [by, handle] of [begun.handle, resent, begun.handle, resent, resent].entries()) {
          const answer = await owner.verify(flow, handle, wrong(code, by + 1));
          expectRefusal(answer, 400, 'otp_invalid');
        }
        for (const handle of [begun.handle, resent]) {
          const answer = await owner.verify(flow, handle, code);
          expectRefusal(answer, 429, 'otp_attempts_exceeded');
          expectRefusal(await owner.resend(handle), 400, 'handle_invalid');
        }
        expect(owner.messages(begun.phone)).toBe(2);
      },
      customer,
    ),
    waiting.story(
      `${flow}: the wait grows from 30 to 60, 120 and 300 seconds`,
      async (owner) => {
        const begun = await owner.begin(flow);
        expect(begun.answer.json.resendAfterMs).toBe(30_000);
        let sent = 1;
        for (const [wait, next] of [
          [30, 60],
          [60, 120],
          [120, 300],
        ] as const) {
          const soon = await owner.resend(begun.handle);
          expectRefusal(soon, 429, 'otp_send_limited');
          expect(soon.headers['retry-after']).toBe(String(wait));
          time.advance((wait - 1) * SECOND_MS);
          const almost = await owner.resend(begun.handle);
          expect(almost.headers['retry-after']).toBe('1');
          expect(owner.messages(begun.phone)).toBe(sent);
          time.advance(SECOND_MS);
          const answer = await owner.resend(begun.handle);
          expect(answer.json.resendAfterMs).toBe(next * SECOND_MS);
          owner.handleIn(answer);
          sent += 1;
        }
        expect(owner.customer.event('otp_send_limited')).toMatchObject({ limit: 'wait' });
        expect(owner.messages(begun.phone)).toBe(4);
        expect((await owner.finish(begun)).status).toBe(200);
      },
      customer,
    ),
    waiting.story(
      `${flow}: starting again does not shorten the wait, a right code does`,
      async (owner) => {
        const begun = await owner.begin(flow);
        time.advance(30 * SECOND_MS);
        owner.handleIn(await owner.resend(begun.handle));
        const over = await owner.start('sign-in', begun.phone);
        expectRefusal(over, 429, 'otp_send_limited');
        expect(over.headers['retry-after']).toBe('60');
        expect((await owner.finish(begun)).status).toBe(200);
        time.advance(60 * SECOND_MS);
        const later = await owner.start('sign-in', begun.phone);
        expect(later.json.resendAfterMs).toBe(30_000);
        expect(owner.messages(begun.phone)).toBe(3);
      },
      customer,
    ),
  ];

export const resendScenarios = (time: StoppedTime) => CODE_FLOWS.flatMap(ofEachFlow(time));
