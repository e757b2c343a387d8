import { examine } from './examine.js';
import type { ApplicationFacts } from './found-route.js';
import type { ActionInventory, InventoryOptions } from './listed-action.js';

/** The inventory of what an adapter has found. */
export function takeInventory(
  facts: ApplicationFacts,
  options: InventoryOptions = {},
): ActionInventory {
  return {
    actions: facts.routes.map(({ listed }) => listed),
    warnings: examine(facts, options),
  };
}
