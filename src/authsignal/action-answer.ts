import type { ActionAnswer } from '../core/authsignal-port.js';
import { objectOf, type Shape, text } from './shape.js';

export const actionAnswer: Shape<ActionAnswer> = objectOf<ActionAnswer>(
  { state: text },
  { verificationMethod: text, stateUpdatedAt: text },
);
