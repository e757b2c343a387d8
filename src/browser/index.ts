export type { ChallengeOffer, ProofRefusal } from '../core/wire.js';
export type { StepUpChallenge, StepUpPrompt } from './challenge.js';
export {
  StepUpCancelledError,
  StepUpChallengeError,
  StepUpFetchError,
  type StepUpFetchErrorCode,
  StepUpLoopError,
} from './errors.js';
export { challengeInPopup, type PopupSdk } from './popup-challenge.js';
export { challengeByRedirect, proofFromReturn, type RedirectSdk } from './redirect-challenge.js';
export { createStepUpFetch, type StepUpFetchOptions } from './step-up-fetch.js';
export {
  type CodePrompt,
  challengeWithWhatsApp,
  type WhatsAppChallengeOptions,
  type WhatsAppSdk,
} from './whatsapp-challenge.js';
