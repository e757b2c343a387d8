import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import {
  type ApplicationConfig,
  DiscoveryService,
  ExternalContextCreator,
  HttpAdapterHost,
  ModulesContainer,
} from '@nestjs/core';
import { StepUpGate } from '../../core/step-up-gate.js';
import type {
  ApplicationInventory,
  DocumentedRoute,
} from '../../inventory/application-inventory.js';
import { type FoundRoute, proofHeaderOf } from '../../inventory/found-route.js';
import { summaryText, warningText } from '../../inventory/inventory-text.js';
import type { ActionInventory, InventoryOptions } from '../../inventory/listed-action.js';
import { takeInventory } from '../../inventory/take-inventory.js';
import { givenOptions } from '../../whatsapp/whatsapp-flows.js';
import { flowNameOf, flowsOf, foundMessages, foundRoutes } from './found-handlers.js';
import { type HandlerRoute, handlerRoutes } from './handler-routes.js';
import { isLeftOut } from './left-out.js';
import { messageHandlers } from './message-addresses.js';
import { type PlatformFacts, platformFacts } from './platform-facts.js';

/** Reads what the application has arranged, and says once at start what is guarded and what looks like a mistake. */
@Injectable()
export class NestInventory implements ApplicationInventory, OnApplicationBootstrap {
  readonly #logger = new Logger('AuthsignalGuard');

  constructor(
    @Inject(StepUpGate) private readonly gate: StepUpGate,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ExternalContextCreator) private readonly contexts: ExternalContextCreator,
  ) {}

  get proofHeader(): string {
    return proofHeaderOf(this.gate);
  }

  list(options: InventoryOptions = {}): ActionInventory {
    const routes = this.#routes();
    const platform = platformFacts(this.host);
    return takeInventory(
      {
        gates: [this.gate],
        routes: [
          ...routes.flatMap((route) => this.#found(route, platform)),
          ...messageHandlers(this.discovery).flatMap((handler) =>
            foundMessages(this.gate, this.#config, handler),
          ),
        ],
        trustsProxy: platform.trustsProxy,
        hasMemoryLimits: routes.some(countsAlone),
        unrouted: [],
      },
      options,
    );
  }

  documented(): readonly DocumentedRoute[] {
    const platform = platformFacts(this.host);
    return this.#routes()
      .filter(({ controller, found }) => !isLeftOut(controller, found.handler))
      .flatMap((route) => {
        const found = this.#found(route, platform);
        return route.paths.map(({ path, localPath }, index) => ({
          listed: found[index]?.listed,
          flow: flowNameOf(route),
          method: route.method,
          path,
          localPath,
          controller: route.controller.name,
          handler: route.found.name,
        }));
      });
  }

  onApplicationBootstrap(): void {
    const listed = this.#listed();
    if (listed === undefined) {
      return;
    }
    this.#logger.debug(summaryText(listed.actions));
    for (const warning of listed.warnings.filter(({ level }) => level === 'warning')) {
      this.#logger.warn(warningText(warning));
    }
  }

  /** The gate stands without a list, so one that cannot be made must not stop the application. */
  #listed(): ActionInventory | undefined {
    try {
      return this.list();
    } catch (error) {
      this.#logger.debug(`What is guarded could not be listed: ${String(error)}`);
      return undefined;
    }
  }

  #found(route: HandlerRoute, { parsesBodies }: PlatformFacts): readonly FoundRoute[] {
    return foundRoutes(this.gate, this.#config, route, parsesBodies);
  }

  #routes(): readonly HandlerRoute[] {
    return handlerRoutes(this.discovery, this.#config, this.modules);
  }

  /** Nest offers no provider for what `app.setGlobalPrefix` and its like have set. */
  get #config(): ApplicationConfig {
    const container: { applicationConfig: ApplicationConfig } = Reflect.get(
      this.contexts,
      'container',
    );
    return container.applicationConfig;
  }
}

function countsAlone(route: HandlerRoute): boolean {
  const flows = flowsOf(route);
  return flows !== undefined && givenOptions(flows)?.limitStore === undefined;
}
