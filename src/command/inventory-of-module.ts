import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inventoryOf, type NestApplication } from '../inventory/application-inventory.js';
import type { ActionInventory, InventoryOptions } from '../inventory/listed-action.js';
import { CommandError } from './command-error.js';

/** @param target a file, and behind `#` the name of what it exports. */
export async function inventoryOfModule(
  target: string,
  options: InventoryOptions,
): Promise<ActionInventory> {
  const [, file = target, name = 'default'] = /^(.*?)(?:#([^#]*))?$/.exec(target) ?? [];
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new CommandError(`${file} is not there.`);
  }
  const exported = exportOf(await import(pathToFileURL(path).href), name);
  if (exported === undefined) {
    throw new CommandError(`${file} exports no ${name}. Name it: ${file}#createApp.`);
  }
  const app: unknown =
    typeof exported === 'function' && !isExpress(exported) ? await exported() : await exported;
  if (isNest(app)) {
    return ofNest(app, options);
  }
  if (isExpress(app)) {
    const { listActions } = await import('../express/inventory/list-actions.js');
    return listActions(app, options);
  }
  throw new CommandError(
    `${name} of ${file} is, or makes, neither a Nest nor an Express application.`,
  );
}

/** In CommonJS `default` is all that is exported, and may hold a `default` of its own. */
function exportOf(module: object, name: string): unknown {
  const whole: unknown = Reflect.get(module, 'default');
  const inner: unknown =
    typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : undefined;
  return name === 'default' ? (inner ?? whole) : (Reflect.get(module, name) ?? inner);
}

interface ClosableNest extends NestApplication {
  init(): Promise<unknown>;
  close(): Promise<void>;
}

function isNest(app: unknown): app is ClosableNest {
  return has(app, 'get', 'init', 'close', 'getHttpAdapter');
}

interface ExpressApplication {
  readonly handle: unknown;
}

function isExpress(app: unknown): app is ExpressApplication {
  return typeof app === 'function' && has(app, 'use', 'handle', 'set', 'enabled');
}

function has(value: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => typeof Object(value)[name] === 'function');
}

async function ofNest(app: ClosableNest, options: InventoryOptions): Promise<ActionInventory> {
  try {
    await app.init();
    return inventoryOf(app).list(options);
  } finally {
    await app.close();
  }
}
