import { Inject, Injectable } from '@nestjs/common';
import type { GateHealth } from '../core/gate-health.js';
import { StepUpGate } from '../core/step-up-gate.js';

/** What `@nestjs/terminus` takes from an indicator; of it nothing is imported. */
export type AuthsignalHealthResult<Key extends string = string> = Readonly<
  Record<Key, Omit<GateHealth, 'status'> & { readonly status: 'up' | 'down' }>
>;

/**
 * The gate's health for `@nestjs/terminus`:
 *
 * ```ts
 * health.check([() => authsignal.isHealthy()])
 * ```
 *
 * `down` only where nothing guarded could be approved; `circuits` and `replayStore` tell more. It asks nobody. Do not let
 * a liveness probe look at it: a restart does not mend Authsignal.
 */
@Injectable()
export class AuthsignalHealthIndicator {
  constructor(@Inject(StepUpGate) private readonly gate: StepUpGate) {}

  isHealthy<Key extends string = 'authsignal'>(
    key: Key = 'authsignal' as Key,
  ): AuthsignalHealthResult<Key> {
    const { status, ...details } = this.gate.health();
    const result = { ...details, status: status === 'down' ? 'down' : 'up' } as const;
    return { [key]: result } as AuthsignalHealthResult<Key>;
  }
}
