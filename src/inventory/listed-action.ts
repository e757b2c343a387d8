import type { GateMode, UnavailablePolicy, UnenrolledPolicy } from '../core/policy.js';
import type { ActionWarning } from './action-warning.js';

/** A policy as it holds for a route, defaults in place. */
export interface ListedPolicy {
  readonly mode: GateMode;
  readonly requireChallenge: boolean;
  readonly whenUnenrolled: UnenrolledPolicy;
  readonly whenUnavailable: UnavailablePolicy;
  /** The verification methods that count; empty: any. */
  readonly methods: readonly string[];
  readonly maxProofAgeMs: number;
  readonly returnProofOnFailure: boolean;
  /** Whether some requests pass without Authsignal being asked. */
  readonly skip: boolean;
  /** What an approval is for: the whole query and body, or what the policy's own `bind` names. */
  readonly bind: 'request' | 'custom';
  /** The class that validates the body, or the name of the function; `null`: the body is not validated. */
  readonly body: string | null;
}

/** One method and path that something of this package stands before. */
export interface ListedAction {
  /** By an action's policy, by a WhatsApp flow or by a webhook's signature. */
  readonly kind: 'action' | 'whatsapp' | 'webhook';
  readonly transport: 'http' | 'graphql' | 'ws' | 'rpc';
  /** The HTTP method, or what else a transport calls its kinds: `query`, `message`, `event`. `ALL`: every method. */
  readonly method: string;
  /** The path, field or pattern. A part that the framework does not tell is written as `…`. */
  readonly path: string;
  /** Where the route answers for some hosts alone. */
  readonly host: string | null;
  /** Where versions are told apart by other than the path. */
  readonly version: string | null;
  /** `Controller.method` in Nest; the last handler's name in Express. */
  readonly handler: string;
  /** The codes of which one is tracked; none for webhooks. */
  readonly actions: readonly string[];
  /** `null` where no action's policy holds. */
  readonly policy: ListedPolicy | null;
  /** What runs before the handler, in this order, the gate among it: guards in Nest, middleware in Express. */
  readonly order: readonly string[];
}

export interface ActionInventory {
  readonly actions: readonly ListedAction[];
  readonly warnings: readonly ActionWarning[];
}

export interface InventoryOptions {
  /** Whether the application is looked at as it runs in production. Nothing is read from the environment. Default `false`. */
  readonly production?: boolean;
}
