import type { RefusedVerdict } from './verdict.js';

/** A value, or the verdict that ends the matter. */
export type Step<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly verdict: RefusedVerdict };

export const proceed = <T>(value: T): Step<T> => ({ ok: true, value });
export const refuse = (verdict: RefusedVerdict): Step<never> => ({ ok: false, verdict });
