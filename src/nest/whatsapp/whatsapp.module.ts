import {
  Controller,
  type DynamicModule,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OptionalFactoryDependency,
  type Type,
} from '@nestjs/common';
import { StepUpError } from '../../core/errors.js';
import type { SignedInRequest } from '../../core/options.js';
import type { Awaitable } from '../../core/policy.js';
import { StepUpGate } from '../../core/step-up-gate.js';
import type { WhatsAppOptions } from '../../whatsapp/options.js';
import { FLOW_NAMES, type FlowName, whatsAppFlows } from '../../whatsapp/whatsapp-flows.js';
import { loadFlowDtos } from './flow-body.pipe.js';
import { type FlowAudience, flowControllers } from './flow-controllers.js';
import { WHATSAPP_FLOWS, type WhatsAppFlowHandlers } from './whatsapp-flows.token.js';

/** Where the routes are, and what the application's own authentication needs on them. */
export interface WhatsAppPlacement {
  /** The prefix of the routes, such as `whatsapp`. */
  readonly path: string;
  /**
   * Decorators of the application's own for the controllers: `signedIn` for those that need a user,
   * such as `UseGuards(AuthGuard)`; `signIn` for those that must work without one, such as
   * `Public()`; `resend` for the one route that both use, where a user is found if there is one.
   */
  readonly decorators?: Partial<Readonly<Record<FlowAudience, readonly ClassDecorator[]>>>;
  /** What those decorators' guards need. */
  readonly imports?: ModuleMetadata['imports'];
}

export interface WhatsAppModuleAsyncOptions<Raw = SignedInRequest> extends WhatsAppPlacement {
  /** The flows that the factory gives options for; their routes must be known at once. */
  readonly flows: readonly FlowName[];
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
  // Nest hands over whatever `inject` names; only the application knows its types.
  useFactory(...dependencies: never[]): Awaitable<WhatsAppOptions<Raw>>;
}

const WHATSAPP_OPTIONS = Symbol.for('authsignal-guard.nest.whatsapp-options');

/**
 * The routes of the WhatsApp flows as controllers. Needs `AuthsignalModule`, class-validator and
 * class-transformer.
 */
@Module({})
export class WhatsAppModule {
  /** @throws StepUpError `ERR_STEP_UP_OPTION` at start, with the option and the fix. */
  static register<Raw = SignedInRequest>(
    options: WhatsAppOptions<Raw> & WhatsAppPlacement,
  ): DynamicModule {
    const { path, decorators, imports, ...given } = options;
    const flows = FLOW_NAMES.filter((name) => given[name] !== undefined);
    const placement = { path, ...(decorators && { decorators }), ...(imports && { imports }) };
    return moduleOf(placement, flows, [{ provide: WHATSAPP_OPTIONS, useValue: given }]);
  }

  /** @throws StepUpError at start where a listed flow lacks its options, or one is not listed. */
  static registerAsync<Raw = SignedInRequest>(
    options: WhatsAppModuleAsyncOptions<Raw>,
  ): DynamicModule {
    const { flows, inject = [], useFactory } = options;
    return moduleOf(options, flows, [
      { provide: WHATSAPP_OPTIONS, inject: [...inject], useFactory },
    ]);
  }
}

function moduleOf(
  placement: WhatsAppPlacement,
  flows: readonly FlowName[],
  providers: NonNullable<DynamicModule['providers']>,
): DynamicModule {
  const { path } = placement;
  if (typeof path !== 'string' || path === '') {
    throw new StepUpError(
      'ERR_STEP_UP_OPTION',
      "WhatsAppModule: `path` is missing. Say where the routes are, such as 'whatsapp'.",
    );
  }
  return {
    module: WhatsAppModule,
    ...(placement.imports === undefined ? {} : { imports: placement.imports }),
    controllers: flowControllers(flows).map(({ controller, audience }) =>
      placed(controller, placement.path, placement.decorators?.[audience] ?? []),
    ),
    providers: [
      ...providers,
      {
        provide: WHATSAPP_FLOWS,
        inject: [StepUpGate, WHATSAPP_OPTIONS],
        useFactory: async (gate: StepUpGate<unknown>, options: WhatsAppOptions<unknown>) => {
          await loadFlowDtos();
          return checkedFlows(gate, options, flows);
        },
      },
    ],
  };
}

/** A class of its own for each registration, since a path belongs to a class. */
function placed(
  controller: Type<object>,
  path: string,
  decorators: readonly ClassDecorator[],
): Type<object> {
  const Placed = class extends controller {};
  Object.defineProperty(Placed, 'name', { value: controller.name });
  Controller(path)(Placed);
  for (const decorate of decorators) {
    decorate(Placed);
  }
  return Placed;
}

function checkedFlows(
  gate: StepUpGate<unknown>,
  options: WhatsAppOptions<unknown>,
  flows: readonly FlowName[],
): WhatsAppFlowHandlers {
  for (const name of FLOW_NAMES) {
    const isGiven = options[name] !== undefined;
    if (isGiven !== flows.includes(name)) {
      const fault = isGiven ? 'has options but is not listed' : 'is listed but has no options';
      throw new StepUpError(
        'ERR_STEP_UP_OPTION',
        `WhatsAppModule: \`${name}\` ${fault}. Name the same flows in \`flows\` and in the factory.`,
      );
    }
  }
  return whatsAppFlows(gate, options);
}
