import { isOutcome, type Outcome } from './action-state.js';
import { EmulatorError } from './emulator-error.js';
import { type EmulatorRule, type ResolvedRule, resolveRules } from './rules.js';

/** What the portal's page of an action holds. */
export interface ActionSettings {
  /** When no rule matches. Default: the emulator's `defaultOutcome`. */
  readonly outcome?: Outcome;
  readonly rules?: readonly EmulatorRule[];
}

export interface ResolvedActionSettings {
  readonly outcome: Outcome;
  readonly rules: readonly ResolvedRule[];
}

/** Authsignal's limit for action codes. */
export const ACTION_CODE = /^[a-zA-Z0-9_-]{1,64}$/;

/** Outcome and rules of each configured action; they are configuration, not state. */
export class ActionBook {
  readonly #settings = new Map<string, ResolvedActionSettings>();

  constructor(
    readonly defaultOutcome: Outcome,
    given: Readonly<Record<string, ActionSettings>> = {},
  ) {
    for (const [action, settings] of Object.entries(given)) this.set(action, settings);
  }

  has(action: string): boolean {
    return this.#settings.has(action);
  }

  /** Of every action with settings of its own. */
  codes(): readonly string[] {
    return [...this.#settings.keys()];
  }

  get(action: string): ResolvedActionSettings {
    return this.#settings.get(action) ?? { outcome: this.defaultOutcome, rules: [] };
  }

  /** A field that is left out stays as it was. @throws EmulatorError `option_invalid` */
  set(action: string, settings: ActionSettings): void {
    if (!ACTION_CODE.test(action)) {
      throw new EmulatorError(
        'option_invalid',
        `actions.${action} is no action code: letters, digits, "_" and "-", at most 64.`,
      );
    }
    const outcome = settings.outcome ?? this.get(action).outcome;
    if (!isOutcome(outcome)) {
      throw new EmulatorError(
        'option_invalid',
        `actions.${action}.outcome must be ALLOW, CHALLENGE, REVIEW or BLOCK.`,
      );
    }
    const rules =
      settings.rules === undefined ? this.get(action).rules : resolveRules(action, settings.rules);
    this.#settings.set(action, { outcome, rules });
  }
}
