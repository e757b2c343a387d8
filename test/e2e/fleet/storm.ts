import type { Fleet } from './fleet.js';
import type { Answer, Payer } from './payer.js';

export const RETRIES = 400;

/** All retries at once through the balancer; `progress` is told how many are answered. */
export async function storm(
  fleet: Fleet,
  payer: Payer,
  progress: (answered: number) => void = () => undefined,
): Promise<readonly Answer[]> {
  let answered = 0;
  const retry = async (): Promise<Answer> => {
    const answer = await payer.pay(fleet.url);
    answered += 1;
    progress(answered);
    return answer;
  };
  return Promise.all(Array.from({ length: RETRIES }, retry));
}

/** The same retry at each instance, past the balancer. */
export function everywhere(fleet: Fleet, payer: Payer): Promise<readonly Answer[]> {
  return Promise.all(fleet.instances.map(({ url }) => payer.pay(url)));
}

/** How many answers of which kind there are, such as `{ '201': 1, '409 step_up_consumed': 399 }`. */
export function tally(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) {
    const kind = code === undefined ? `${status}` : `${status} ${code}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

export const countOf = (status: number, answers: readonly Answer[]): number =>
  answers.filter((answer) => answer.status === status).length;

/** The kinds of answers that are none of `kinds`. */
export function unlike(kinds: readonly string[], answers: readonly Answer[]): readonly string[] {
  return Object.keys(tally(answers)).filter((kind) => !kinds.includes(kind));
}
