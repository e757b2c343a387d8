export type { ActionScript, ScriptedAnswer } from './action-script.js';
export {
  type ChallengeAnswerOptions,
  type ChallengedEmulator,
  completeChallenge,
} from './complete-challenge.js';
export { FakeAuthsignal, type FakeCall } from './fake-authsignal.js';
export {
  type ReplayStoreCheck,
  type ReplayStoreSetup,
  replayStoreChecks,
} from './replay-store-checks.js';
export { type SignedWebhook, signWebhook, type WebhookToSign } from './sign-webhook.js';
export { TestClock } from './test-clock.js';
