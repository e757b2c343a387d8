import { TestClock } from 'authsignal-guard/testing';
import { startApplication } from './application.mjs';
import { Authsignal } from './authsignal.mjs';
import { Counter } from './counter.mjs';
import { Dice } from './dice.mjs';
import { Faults, isMisconfiguring, STORM_EVERY } from './faults.mjs';
import { LeftBehind } from './left-behind.mjs';
import { Memory } from './memory.mjs';
import { Oracle } from './oracle.mjs';
import { FaultyStore } from './store.mjs';
import { Stories } from './stories.mjs';
import { Tally } from './tally.mjs';
import { MAX_PROOF_AGE_MS } from './terms.mjs';

/** Runs the whole. @param {import('./options.mjs').SoakOptions} options @param {(line: string) => void} tell */
export async function soak({ requests, seed, lanes, breakage }, tell) {
  const tally = new Tally();
  const clock = new TestClock();
  const now = () => clock.now();
  const oracle = new Oracle({ tally, now, maxAgeMs: MAX_PROOF_AGE_MS });
  const memory = new Memory(requests);
  /** @type {Counter | undefined} */
  let counter;
  const faults = new Faults(new Dice(seed), () => counter?.sent ?? 0);
  const authsignal = new Authsignal({ oracle, faults, tally, now });
  const forgets = breakage === 'forget';
  const replayStore = new FaultyStore({ dice: new Dice(seed + 1), tally, clock, forgets });
  const apiUrl = await authsignal.start();
  const isBound = breakage !== 'unbound';
  const app = await startApplication({ apiUrl, replayStore, clock, oracle, tally, isBound });
  counter = new Counter({
    ...{ url: app.url, connections: lanes * 6, tally, clock, oracle, authsignal },
    afterEach: (sent) => {
      memory.look(sent);
      if (sent % 10_000 === 0) {
        tell(`${sent} requests, ${memory.samples.at(-1)?.megabytes.toFixed(1)} MB`);
      }
    },
  });
  const started = performance.now();
  try {
    await runLanes({ requests, seed, lanes }, { counter, authsignal, now });
  } finally {
    await Promise.all([counter.close(), app.stop(), authsignal.stop()]);
  }
  const seconds = (performance.now() - started) / 1000;
  judge(tally, memory, counter.sent);
  return { tally, memory, seconds, sent: counter.sent, remembered: replayStore.size };
}

/**
 * @param {{ requests: number, seed: number, lanes: number }} options
 * @param {{ counter: Counter, authsignal: Authsignal, now: () => number }} parts
 */
async function runLanes({ requests, seed, lanes }, parts) {
  const shared = new LeftBehind();
  const lane = async (/** @type {number} */ number) => {
    const stories = new Stories({ ...parts, dice: new Dice(seed + 100 + number), shared });
    while (parts.counter.sent < requests) {
      await stories.tell();
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_each, number) => lane(number)));
}

/** What only the whole shows. @param {Tally} tally @param {Memory} memory @param {number} sent */
function judge(tally, memory, sent) {
  const dealt = tally
    .under('fault ')
    .filter(([kind]) => isMisconfiguring(kind))
    .reduce((sum, [, count]) => sum + count, 0);
  const misconfigured = tally.of('answer 500 step_up_misconfigured');
  if (misconfigured > dealt) {
    tally.violation('misconfigured more often than Authsignal said so', { misconfigured, dealt });
  }
  // A soak in which hardly anything ran, or nothing failed, says nothing.
  for (const name of ['ran by challenge', 'answer 409 step_up_consumed', 'event proof_returned']) {
    if (tally.of(name) < sent / 1_000) {
      tally.violation('too little happened', { name, count: tally.of(name) });
    }
  }
  if (sent > STORM_EVERY && tally.of('event circuit_changed open') === 0) {
    tally.violation('too little happened', 'no circuit opened');
  }
  if (!memory.verdict.isFlat) {
    tally.violation('the memory grows', memory.verdict);
  }
}
