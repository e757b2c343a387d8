import { ACTION_CODE } from '../action-settings.js';
import { OUTCOMES } from '../action-state.js';
import { refuse } from '../answer.js';
import { setState } from '../completion.js';
import { notFound } from '../refusals.js';
import { type Field, oneOf, text } from './command-fields.js';
import { type WindowCommand, windowCommand } from './window-command.js';

const actionCode: Field<string> = {
  must: 'be an action code: letters, digits, "_" and "-", at most 64',
  read: (value) => (typeof value === 'string' && ACTION_CODE.test(value) ? value : undefined),
};

export const ACTION_COMMANDS: Readonly<Record<string, WindowCommand>> = {
  'set-outcome': windowCommand(
    { action: actionCode, outcome: oneOf(OUTCOMES) },
    ({ tenant, changes }, { action, outcome }) => {
      tenant.actions.set(action, { outcome });
      changes.happened();
      return undefined;
    },
  ),
  review: windowCommand(
    {
      userId: text,
      action: actionCode,
      idempotencyKey: text,
      state: oneOf(['REVIEW_SUCCEEDED', 'REVIEW_FAILED']),
    },
    ({ tenant }, { state, ...reference }) => {
      const record = tenant.state.action(reference);
      if (record === undefined) return notFound('There is no such action any more.');
      if (record.state !== 'REVIEW_REQUIRED') {
        return refuse(409, 'conflict', `The action does not wait for a review: ${record.state}.`);
      }
      setState(tenant, record, state);
      return undefined;
    },
  ),
};
