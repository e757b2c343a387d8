import { Stuck } from './endings.mjs';
import { seen } from './seen.mjs';

/** @typedef {import('./answer.mjs').Answer} Answer */

/**
 * @param {Answer} answer
 * @returns {Answer}
 * @throws {Stuck}
 */
export function succeeded(answer) {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Stuck(`a step before it was refused: ${answer.call} ${seen(answer)}`);
}
