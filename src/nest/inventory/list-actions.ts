import type { INestApplicationContext } from '@nestjs/common';
import { inventoryOf } from '../../inventory/application-inventory.js';
import type { ActionInventory, InventoryOptions } from '../../inventory/listed-action.js';

/**
 * Every route that `@RequireAction`, `WhatsAppModule` or `@AuthsignalWebhook` stands before, with its policy, and what looks
 * wrong about them. Call it after `app.init()` or `app.listen()`: before, prefixes and parsers may not be set.
 *
 * @throws Nest's error where `AuthsignalModule` is not in the application.
 */
export function listActions(
  app: INestApplicationContext,
  options: InventoryOptions = {},
): ActionInventory {
  return inventoryOf(app).list(options);
}
