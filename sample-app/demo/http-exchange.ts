import { maskedNumber } from '../bank/masked-number.js';
import { type Answer, type Outcome, outcomeOf, outcomeText } from './outcome.js';
import type { Program } from './program.js';

export interface Sent {
  readonly url: string;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
  /** Printed in place of the headers that matter. */
  readonly note?: string;
}

const TIMEOUT_MS = 10_000;

/** Posts JSON, prints both sides, and sees to it that the answer is the expected one. */
export async function exchange(
  program: Program,
  { url, body, headers, note = '' }: Sent,
  expected: Outcome,
): Promise<Answer & { readonly cookies: readonly string[] }> {
  const { pathname } = new URL(url);
  program.line(`> POST ${pathname} ${JSON.stringify(body, printedValue)}${note}`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: Answer = { status: response.status, body: await response.json() };
  const outcome = outcomeOf(answer);
  program.line(`< ${outcomeText(outcome)}`);
  program.expect(expected, outcome);
  return { ...answer, cookies: response.headers.getSetCookie() };
}

function printedValue(name: string, value: unknown): unknown {
  switch (name) {
    case 'password':
    case 'handle':
      return '...';
    case 'phoneNumber':
      return maskedNumber(String(value));
    default:
      return value;
  }
}
