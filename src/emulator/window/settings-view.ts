import type { Outcome } from '../action-state.js';
import type { JsonLogic } from '../rules.js';
import type { Tenant } from '../tenant.js';

export interface RuleView {
  readonly ruleId: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly conditions: JsonLogic;
}

export interface SettingsView {
  readonly action: string;
  readonly outcome: Outcome;
  /** False: it was tracked, and the emulator's default applies. */
  readonly isConfigured: boolean;
  readonly rules: readonly RuleView[];
}

/** Of every action that is configured or was tracked, in the order of their codes. */
export function settingsViews(tenant: Tenant): readonly SettingsView[] {
  const tracked = [...tenant.state.actions()].map(({ action }) => action);
  const codes = [...new Set([...tenant.actions.codes(), ...tracked])].sort();
  return codes.map((action) => {
    const { outcome, rules } = tenant.actions.get(action);
    return {
      action,
      outcome,
      isConfigured: tenant.actions.has(action),
      rules: rules.map(({ ruleId, name, outcome, conditions }) => ({
        ruleId,
        name,
        outcome,
        conditions,
      })),
    };
  });
}
