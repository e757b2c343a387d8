import type { ActionRecord } from './action-record.js';
import type { ActionBook, ActionSettings, ResolvedActionSettings } from './action-settings.js';
import type { EmulatedActionState } from './action-state.js';
import { setState } from './completion.js';
import { EmulatorError } from './emulator-error.js';
import type { ActionReference } from './state.js';
import type { Tenant } from './tenant.js';

/** Which records: every field that is given must be equal. */
export type RecordFilter = Partial<ActionReference> & { readonly state?: EmulatedActionState };

/** The portal's pages of the actions, and what was tracked. */
export interface EmulatorActions {
  get(action: string): ResolvedActionSettings;
  /**
   * From the next `track` on; a field that is left out stays as it was. Not kept in the data file.
   * @throws EmulatorError `option_invalid`
   */
  set(action: string, settings: ActionSettings): void;
  /** Copies, oldest first. */
  records(filter?: RecordFilter): readonly ActionRecord[];
  /** As `updateAction` does. @throws EmulatorError `record_unknown` */
  setState(reference: ActionReference, state: EmulatedActionState): void;
}

export function createEmulatorActions(tenant: Tenant, changed: () => void): EmulatorActions {
  const book: ActionBook = tenant.actions;
  return {
    get: (action) => book.get(action),
    set: (action, settings) => {
      book.set(action, settings);
      changed();
    },
    records: (filter = {}) =>
      [...tenant.state.actions()]
        .filter((record) => matches(record, filter))
        .map((record) => structuredClone(record)),
    setState: (reference, state) => {
      const record = tenant.state.action(reference);
      if (record === undefined) {
        throw new EmulatorError(
          'record_unknown',
          `No action ${reference.action} of ${reference.userId} with this key was tracked.`,
        );
      }
      if (state === 'CHALLENGE_REQUIRED' && record.state !== state) record.raisedByUpdate = true;
      setState(tenant, record, state);
    },
  };
}

function matches(record: ActionRecord, filter: RecordFilter): boolean {
  return (['userId', 'action', 'idempotencyKey', 'state'] as const).every(
    (name) => filter[name] === undefined || filter[name] === record[name],
  );
}
