import type { ActiveFault } from '../faults.js';

export interface FaultView {
  readonly id: number;
  readonly kind: string;
  /** The calls that it is for; none: every call. */
  readonly calls: readonly string[];
  /** Of the method and the path, if those are limited too. */
  readonly only: string;
  /** How many more requests it hits; none: until it is removed. */
  readonly left?: number;
  readonly status?: number;
  readonly delayMs?: number;
}

export function faultView({ id, fault, left }: ActiveFault): FaultView {
  const { kind, match = {}, status, delayMs } = fault;
  return {
    id,
    kind,
    calls: match.call === undefined ? [] : [match.call].flat(),
    only: [match.method, match.path].filter((part) => part !== undefined).join(' '),
    ...(Number.isFinite(left) ? { left } : {}),
    ...(status === undefined ? {} : { status }),
    ...(delayMs === undefined ? {} : { delayMs }),
  };
}
