import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { completeChallenge } from 'authsignal-guard/testing';
import { challengeIn, requestOf, withProof } from '../core/gate-bench.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ actions: { pay: { outcome: 'CHALLENGE' } } });
});
afterAll(() => emulator.stop());

let people = 0;
let user: string;
let phoneNumber: string;
beforeEach(() => {
  people += 1;
  user = `ann-${people}`;
  phoneNumber = `+6421123000${people}`;
  emulator.users.enroll(user, { phoneNumber });
});

const policy = { action: 'pay' };

function payment() {
  const gate = createStepUpGate<{ readonly user?: string | undefined }>({
    apiSecretKey: emulator.secret,
    apiUrl: emulator.apiUrl,
    subject: ({ raw }) => raw.user,
    replayStore: new MemoryReplayStore(),
  });
  const raw = { user };
  return {
    gate,
    begin: async () => challengeIn(await gate.evaluate(requestOf({ raw }), policy)).challenge,
    retry: (proof: string) => gate.evaluate(withProof(proof, { raw }), policy),
  };
}

describe('completeChallenge', () => {
  it('turns a challenge into a proof in one call, whatever the number', async () => {
    const { gate, begin, retry } = payment();
    const proof = await completeChallenge(emulator, (await begin()).token);
    expect(await retry(proof)).toMatchObject({
      kind: 'approved',
      approval: { by: 'challenge', method: 'WHATSAPP' },
    });
    expect((await retry(proof)).kind).toBe('consumed');
    await gate.close();
  });

  it('answers several at once, each its own', async () => {
    const { gate, begin, retry } = payment();
    const challenges = [await begin(), await begin(), await begin()];
    for (const { token } of challenges.toReversed()) {
      expect((await retry(await completeChallenge(emulator, token))).kind).toBe('approved');
    }
    await gate.close();
  });

  it('leaves no code unread that a later wait would take for its own', async () => {
    const { gate, begin } = payment();
    await completeChallenge(emulator, (await begin()).token);
    await expect(emulator.inbox.waitForCode(phoneNumber, { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'code_timeout',
    });
    await gate.close();
  });

  it("fails with the emulator's own words", async () => {
    await expect(completeChallenge(emulator, 'no token')).rejects.toThrow(
      /The emulator refused challenge\/whatsapp with 401: /,
    );
    const { gate, begin } = payment();
    const { token } = await begin();
    await expect(completeChallenge(emulator, token, { method: 'EMAIL_OTP' })).rejects.toThrow(
      /refused challenge\/email-otp with 400: .*no EMAIL_OTP authenticator/,
    );
    const { inbox, apiUrl } = emulator;
    const misread = {
      apiUrl,
      inbox: { messages: () => inbox.messages(), waitForCode: async () => '0' },
    };
    await expect(completeChallenge(misread, token)).rejects.toThrow(/The emulator /);
    const silent = { apiUrl, inbox: { messages: () => [], waitForCode: async () => '0' } };
    await expect(completeChallenge(silent, token)).rejects.toThrow(/sent no message/);
    await gate.close();
  });
});
