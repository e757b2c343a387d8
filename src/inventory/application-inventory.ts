import type { FlowRouteName } from '../whatsapp/whatsapp-flows.js';
import type { ActionInventory, InventoryOptions, ListedAction } from './listed-action.js';

/** What an OpenAPI operation needs to know of the handler that answers it. */
export interface DocumentedRoute {
  /** Missing where nothing of this package stands before the handler. */
  readonly listed: ListedAction | undefined;
  /** The route of the WhatsApp flows that it is. */
  readonly flow: FlowRouteName | undefined;
  /** Method, such as `POST` or `ALL`. */
  readonly method: string;
  readonly path: string;
  /** The path without the application's prefix, which a document may leave out. */
  readonly localPath: string;
  readonly controller: string;
  readonly handler: string;
}

/** The guarded handlers of a Nest application. Its module provides one under {@link APPLICATION_INVENTORY}. */
export interface ApplicationInventory {
  list(options?: InventoryOptions): ActionInventory;
  /** All HTTP routes that documents may hold, in the order in which they are registered. */
  documented(): readonly DocumentedRoute[];
  /** In the spelling for clients. */
  readonly proofHeader: string;
}

/** A symbol that needs nothing of Nest, for whoever has an application in hand. */
export const APPLICATION_INVENTORY = Symbol.for('authsignal-guard.nest.inventory');

/** What is needed of a Nest application. */
export interface NestApplication {
  get(token: symbol, options: { readonly strict: boolean }): unknown;
}

/** @throws Nest's error where `AuthsignalModule` is not in the application. */
export function inventoryOf(app: NestApplication): ApplicationInventory {
  return app.get(APPLICATION_INVENTORY, { strict: false }) as ApplicationInventory;
}
