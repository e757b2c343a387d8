/** What a client is answered, by the words of the tables. */
export interface Outcome {
  readonly status: readonly number[];
  readonly code: string | undefined;
  /** Whether the handler ran, or the flow did what it is for. */
  readonly ran: boolean;
  /** For the reader. */
  readonly meaning: string;
}

const refused = (status: number, code: string, meaning: string): Outcome => ({
  status: [status],
  code,
  ran: false,
  meaning,
});

export const OUTCOMES = {
  runs: {
    status: [200, 201],
    code: undefined,
    ran: true,
    meaning: 'the handler ran; in a flow: it did what it is for',
  },
  opens: {
    status: [201],
    code: undefined,
    ran: true,
    meaning: "the handler ran although nobody was asked: `approval.by` is `'unavailable'`",
  },
  sent: { status: [200], code: undefined, ran: true, meaning: 'a code is on its way' },
  challenged: refused(403, 'step_up_required', 'a challenge, as without the fault'),
  'new challenge': refused(403, 'step_up_required', 'with `reason: proof_invalid`'),
  unavailable: refused(503, 'step_up_unavailable', 'with `Retry-After`'),
  misconfigured: refused(500, 'step_up_misconfigured', 'the log tells what to look at'),
  'send limited': refused(429, 'otp_send_limited', 'with `Retry-After`'),
  'not allowed': refused(422, 'phone_not_allowed', ''),
  'bad handle': refused(400, 'handle_invalid', ''),
  incomplete: refused(503, 'sign_in_incomplete', 'with a handle that finishes it without a code'),
  consumed: refused(409, 'step_up_consumed', ''),
} as const satisfies Readonly<Record<string, Outcome>>;

export type OutcomeName = keyof typeof OUTCOMES;

/** An outcome, how many requests of the call arrived and, for a call that sends, how many messages left. */
export type Cell = `${OutcomeName} ${number}` | `${OutcomeName} ${number}, ${number} sent` | '';

export interface Expected {
  readonly name: OutcomeName;
  readonly outcome: Outcome;
  readonly arrived: number;
  readonly messages: number | undefined;
}

/** `undefined` for an empty cell: the case does not exist. */
export function expectedIn(cell: Cell): Expected | undefined {
  const [, name, arrived, messages] = /^(\D+) (\d)(?:, (\d) sent)?$/.exec(cell) ?? [];
  if (name === undefined || !(name in OUTCOMES)) {
    return undefined;
  }
  const known = name as OutcomeName;
  return {
    name: known,
    outcome: OUTCOMES[known],
    arrived: Number(arrived),
    messages: messages === undefined ? undefined : Number(messages),
  };
}
