import type { ValidateAnswer } from '../core/authsignal-port.js';
import { flag, isJsonObject, objectOf, ownField, type Shape, text } from './shape.js';

const answer = objectOf<ValidateAnswer>(
  { isValid: flag },
  {
    state: text,
    userId: text,
    action: text,
    idempotencyKey: text,
    verificationMethod: text,
    stateUpdatedAt: text,
    error: text,
  },
);

/** Older deployments name the action `actionCode`; where both are given, `action` holds, as in the SDK. */
export const validateAnswer: Shape<ValidateAnswer> = (value) => {
  if (!isJsonObject(value) || Object.hasOwn(value, 'action')) {
    return answer(value);
  }
  return answer({ ...value, action: ownField(value, 'actionCode') });
};
