import { expect } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  type ModuleMetadata,
  Post,
  Scope,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Approval } from 'authsignal-guard';
import { ActionGuard, Approved, RequireAction } from 'authsignal-guard/nest';
import { expectApproval, expectRefusal } from '../../../support/customer.js';
import { Runs } from '../../../support/host.js';
import { SignInGuard, startNest } from '../../../support/nest-host.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';

const runs = new Runs();
const done = (approval: Approval): object => {
  runs.add('done');
  return { done: true, approval };
};

/** A guard with a promise and a mind of its own: who has no user is sent away. */
@Injectable()
class StrictGuard implements CanActivate {
  readonly #inner = new SignInGuard();

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await Promise.resolve();
    this.#inner.canActivate(context);
    const { user } = context.switchToHttp().getRequest<{ user?: unknown }>();
    if (user === undefined) {
      throw new UnauthorizedException();
    }
    return true;
  }
}

@Controller()
class AboveController {
  @Post('pay')
  @UseGuards(StrictGuard)
  @RequireAction('createPayment')
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller()
class BelowController {
  @Post('pay')
  @RequireAction('createPayment')
  @UseGuards(StrictGuard)
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller()
@UseGuards(StrictGuard)
class OnClassController {
  @Post('pay')
  @RequireAction('createPayment')
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller()
@UseGuards(StrictGuard)
@RequireAction('createPayment')
class BothOnClassController {
  @Post('pay')
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller()
@RequireAction('createPayment')
class GuardOnMethodController {
  @Post('pay')
  @UseGuards(StrictGuard)
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller()
@RequireAction('blockedAction')
class TwiceController {
  @Post('pay')
  @UseGuards(ActionGuard, StrictGuard)
  @RequireAction('createPayment')
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller()
class PlainController {
  @Post('pay')
  @RequireAction('createPayment')
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

@Controller({ scope: Scope.REQUEST })
class PerRequestController {
  @Post('pay')
  @RequireAction('createPayment')
  @UseGuards(StrictGuard)
  pay(@Approved() approval: Approval): object {
    return done(approval);
  }
}

interface Order {
  readonly controller: Type;
  readonly providers?: ModuleMetadata['providers'];
  readonly global?: CanActivate;
}

const ORDERS: readonly (readonly [string, Order])[] = [
  ['above the decorator', { controller: AboveController }],
  ['below the decorator', { controller: BelowController }],
  ['on the class', { controller: OnClassController }],
  ['on the class, as is the decorator', { controller: BothOnClassController }],
  ['on the method, with the decorator on the class', { controller: GuardOnMethodController }],
  ['between decorators on class and method', { controller: TwiceController }],
  ['of a controller for each request', { controller: PerRequestController }],
  [
    'of the application (APP_GUARD)',
    { controller: PlainController, providers: [{ provide: APP_GUARD, useClass: StrictGuard }] },
  ],
  [
    'of the application (useGlobalGuards)',
    { controller: PlainController, global: new StrictGuard() },
  ],
];

export const orders: readonly Scenario[] = ORDERS.map(
  ([name, { controller, providers = [], global }]) =>
    storiesOf({
      start: (platform, town) =>
        startNest(
          platform,
          town,
          {
            module: { controllers: [controller], providers },
            prepare: (app) => {
              if (global !== undefined) {
                app.useGlobalGuards(global);
              }
            },
          },
          runs,
        ),
    })(`a guard ${name} runs before the gate`, async (customer) => {
      const nobody = await customer.send({ path: '/pay', as: null });
      expect(nobody).toMatchObject({ status: 401, json: { message: 'Unauthorized' } });
      expect(customer.eventTypes).toEqual([]);
      const proof = await customer.proofFor({ path: '/pay' });
      expectApproval(await customer.send({ path: '/pay', proof }), 'challenge', {
        action: 'createPayment',
        subject: customer.id,
      });
      expectRefusal(await customer.send({ path: '/pay', proof }), 409, 'step_up_consumed');
      expect(customer.eventTypes.filter((type) => type === 'approved')).toHaveLength(1);
      expect(customer.eventTypes.filter((type) => type === 'action_tracked')).toHaveLength(1);
      expect(customer.runs).toBe(1);
    }),
);
