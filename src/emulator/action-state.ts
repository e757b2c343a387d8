/** What a rule or an action's default may decide. */
export const OUTCOMES = ['ALLOW', 'CHALLENGE', 'REVIEW', 'BLOCK'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The states that an action record can be in, as `/validate` and `/actions` name them. */
export const ACTION_STATES = [
  'ALLOW',
  'BLOCK',
  'CHALLENGE_REQUIRED',
  'CHALLENGE_SUCCEEDED',
  'CHALLENGE_FAILED',
  'REVIEW_REQUIRED',
  'REVIEW_SUCCEEDED',
  'REVIEW_FAILED',
] as const;
export type EmulatedActionState = (typeof ACTION_STATES)[number];

export function isOutcome(value: unknown): value is Outcome {
  return (OUTCOMES as readonly unknown[]).includes(value);
}

export function isActionState(value: unknown): value is EmulatedActionState {
  return (ACTION_STATES as readonly unknown[]).includes(value);
}

/** A user without an authenticator cannot be challenged: Authsignal then answers `ALLOW`. */
export function stateFor(outcome: Outcome, isEnrolled: boolean): EmulatedActionState {
  switch (outcome) {
    case 'ALLOW':
      return 'ALLOW';
    case 'BLOCK':
      return 'BLOCK';
    case 'REVIEW':
      return 'REVIEW_REQUIRED';
    case 'CHALLENGE':
      return isEnrolled ? 'CHALLENGE_REQUIRED' : 'ALLOW';
  }
}
