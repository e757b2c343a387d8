import { describe, expect, it } from '@jest/globals';
import type { LogLevel } from '../../../src/core/warning-log.js';
import { assembleGate } from '../../../src/create-step-up-gate.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import { FakeAuthsignal, TestClock } from '../../../src/testing/index.js';
import { type Options, type Policy, type Raw, requestOf, SECRET, withProof } from './gate-bench.js';

type Line = readonly [LogLevel, string];

function logged(options: Partial<Options> = {}) {
  const authsignal = new FakeAuthsignal();
  const clock = new TestClock();
  const lines: Line[] = [];
  const subject: Options['subject'] = ({ raw }) => raw.user;
  const replayStore = new MemoryReplayStore({ clock });
  const gate = assembleGate<Raw>(
    { authsignal, secret: SECRET, subject, replayStore, clock, ...options },
    (line, level) => lines.push([level, line]),
  );
  return { gate, authsignal, clock, lines };
}

const pay: Policy = { action: 'pay' };
const DOWN: Partial<Options> = { whenUnavailable: 'allow' };

describe('the log', () => {
  it('says nothing of requests that are approved, challenged or refused', async () => {
    const { gate, authsignal, lines } = logged();
    for (const state of ['ALLOW', 'CHALLENGE_REQUIRED', 'BLOCK', 'REVIEW_REQUIRED'] as const) {
      authsignal.action('pay').answers(state);
      await gate.evaluate(requestOf(), pay);
      await gate.evaluate(withProof('no-proof-of-ours'), pay);
    }
    authsignal.unenroll('alice');
    await gate.evaluate(requestOf(), pay);
    authsignal.fail('track', 'timed_out');
    await gate.evaluate(requestOf(), pay);
    expect(lines).toEqual([]);
  });

  it.each<[LogLevel, RegExp, Partial<Options>, Policy, Parameters<typeof requestOf>[0]]>([
    ['warn', /`subject` found nobody/, {}, pay, { raw: {} }],
    ['warn', /a body that no parser has read/, {}, pay, { bodyState: 'unread' }],
    ['error', /`skip` failed: Error: broken/, {}, { ...pay, skip: fails }, {}],
    ['error', /`attributes` failed: Error: broken/, {}, { ...pay, attributes: fails }, {}],
    ['error', /onEvent failed on "action_tracked"/, { onEvent: fails }, pay, {}],
    ['warn', /let through, for Authsignal is out of reach \(timed_out\)/, DOWN, pay, {}],
  ])('has as `%s` %p', async (level, words, options, policy, changes) => {
    const { gate, authsignal, lines } = logged(options);
    if (options === DOWN) {
      authsignal.fail('track', 'timed_out');
    }
    for (let time = 0; time < 3; time += 1) {
      await gate.evaluate(requestOf(changes), policy);
    }
    const found = lines.filter(([, line]) => words.test(line));
    expect(found).toEqual([[level, expect.stringMatching(words)]]);
  });

  it('has as `error` what Authsignal answers to a wrong set-up, once in ten minutes', async () => {
    const { gate, authsignal, clock, lines } = logged();
    authsignal.fail('track', 'unauthorized');
    await gate.evaluate(requestOf(), pay);
    await gate.evaluate(requestOf(), pay);
    expect(lines).toEqual([['error', expect.stringMatching(/Check that the API secret/)]]);
    clock.advance(600_000);
    await gate.evaluate(requestOf(), pay);
    expect(lines).toHaveLength(2);
  });

  it('has as `error` a store that fails', async () => {
    const { gate, authsignal, lines } = logged({
      replayStore: { burn: fails, restore: fails },
    });
    authsignal.action('pay').requiresChallenge();
    const verdict = await gate.evaluate(requestOf(), pay);
    const token = verdict.kind === 'challenge' ? verdict.challenge.token : '';
    await gate.evaluate(withProof(authsignal.complete(token)), pay);
    expect(lines).toEqual([
      ['error', expect.stringMatching(/the replay store failed to burn a proof: Error: broken/)],
    ]);
  });

  it('has as `error` a circuit that opens, and as `log` that it works again', async () => {
    const circuitBreaker = { window: 2, minimumCalls: 2, openForMs: 1 };
    const { gate, authsignal, lines } = logged({ circuitBreaker });
    authsignal.fail('track', 'timed_out');
    while (lines.length === 0) {
      await gate.evaluate(requestOf(), pay);
    }
    authsignal.fail('track');
    while (lines.length === 1) {
      await gate.evaluate(requestOf(), pay);
      // cockatiel asks the system for the time.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lines).toEqual([
      ['error', expect.stringMatching(/most calls of track fail/)],
      ['log', 'Authsignal: track works again.'],
    ]);
  });

  it('has as `warn` that used proofs are kept in one process', () => {
    const lines: Line[] = [];
    const authsignal = new FakeAuthsignal();
    assembleGate({ authsignal, secret: SECRET, subject: () => 'ann' }, (line, level) =>
      lines.push([level, line]),
    );
    expect(lines).toEqual([['warn', expect.stringMatching(/memory of this one process/)]]);
  });
});

function fails(): never {
  throw new Error('broken');
}
