import jsonLogic, { type RulesLogic } from 'json-logic-js';
import { isOutcome, type Outcome } from './action-state.js';
import { EmulatorError } from './emulator-error.js';
import { type EmulatedVerificationMethod, isVerificationMethod } from './verification-method.js';

/** A JsonLogic expression, e.g. `{ '>': [{ var: 'custom.amount' }, 1000] }`. */
export type JsonLogic = boolean | { readonly [operator: string]: unknown };

/** A rule of an action. */
export interface EmulatorRule {
  /** Unique within its action. */
  readonly name: string;
  readonly conditions: JsonLogic;
  readonly outcome: Outcome;
  /** 0 to 99, the lowest decides; unique within its action. Default: the place in the list. */
  readonly priority?: number;
  /** Which methods the challenge may be completed with. Default: every enabled one. */
  readonly verificationMethods?: readonly EmulatedVerificationMethod[];
  /** Default: made from the name. */
  readonly ruleId?: string;
}

export interface ResolvedRule extends EmulatorRule {
  readonly ruleId: string;
  readonly priority: number;
}

/** Checked, and in order of priority. @throws EmulatorError `option_invalid` */
export function resolveRules(
  action: string,
  given: readonly EmulatorRule[],
): readonly ResolvedRule[] {
  const where = `actions.${action}.rules`;
  if (!Array.isArray(given)) throw invalid(`${where} must be a list.`);
  const rules = given.map((rule, index) => resolveRule(`${where}[${index}]`, rule, index));
  for (const field of ['name', 'ruleId', 'priority'] as const) {
    if (new Set(rules.map((rule) => rule[field])).size < rules.length) {
      throw invalid(`${where} has two rules with the same ${field}.`);
    }
  }
  return rules.sort((one, other) => one.priority - other.priority);
}

function resolveRule(where: string, rule: EmulatorRule, index: number): ResolvedRule {
  const given: Partial<Record<keyof EmulatorRule, unknown>> | null = rule;
  if (typeof given?.name !== 'string' || given.name === '') {
    throw invalid(`${where} must have a name.`);
  }
  if (!isOutcome(given.outcome)) {
    throw invalid(`${where}.outcome must be ALLOW, CHALLENGE, REVIEW or BLOCK.`);
  }
  const { conditions } = given;
  const isLogic = typeof conditions === 'object' && conditions !== null;
  if (!isLogic && typeof conditions !== 'boolean') {
    throw invalid(`${where}.conditions must be a JsonLogic object.`);
  }
  const priority = given.priority ?? index;
  if (!Number.isInteger(priority) || Number(priority) < 0 || Number(priority) > 99) {
    throw invalid(`${where}.priority must be a whole number from 0 to 99.`);
  }
  const methods = given.verificationMethods ?? [];
  if (!Array.isArray(methods) || !methods.every(isVerificationMethod)) {
    throw invalid(`${where}.verificationMethods must be a list of Authsignal's method names.`);
  }
  const ruleId = rule.ruleId ?? `rule-${rule.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return { ...rule, ruleId, priority: Number(priority) };
}

/** The rules that match `data`, in order of priority, or the name of the one that cannot be evaluated. */
export function matchRules(
  rules: readonly ResolvedRule[],
  data: unknown,
): { readonly matched: readonly ResolvedRule[] } | { readonly broken: string } {
  const matched: ResolvedRule[] = [];
  for (const rule of rules) {
    try {
      const result: unknown = jsonLogic.apply(rule.conditions as RulesLogic, data);
      if (jsonLogic.truthy(result)) matched.push(rule);
    } catch {
      return { broken: rule.name };
    }
  }
  return { matched };
}

function invalid(message: string): EmulatorError {
  return new EmulatorError('option_invalid', message);
}
