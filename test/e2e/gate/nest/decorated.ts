import { expect } from '@jest/globals';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Approval } from 'authsignal-guard';
import { Approved, RequireAction } from 'authsignal-guard/nest';
import { expectApproval, expectRefusal } from '../../../support/customer.js';
import { Runs } from '../../../support/host.js';
import type { Building } from '../../../support/hosts.js';
import { SignInGuard, startNest } from '../../../support/nest-host.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';
import { PAYMENT, PaymentDto } from '../scenarios/payment.js';

const runs = new Runs();
const done = (name: string, approval: Approval, more: object = {}): object => {
  runs.add(name);
  return { done: true, approval, ...more };
};

@Controller('payments')
class PaymentsController {
  @Post()
  @RequireAction('createPayment', {
    body: PaymentDto,
    bind: ({ body }) => ({ amount: body.amount, currency: body.currency, payee: body.payee }),
    attributes: ({ body }) => ({ custom: { amount: body.amount } }),
  })
  create(@Approved('body') payment: PaymentDto, @Approved() approval: Approval): object {
    return done('create', approval, { isDto: payment instanceof PaymentDto, payment });
  }

  // The decorator may stand on either side of the route's.
  @RequireAction('createPayment')
  @Post([':id/approve', ':id/release'])
  approve(@Param('id') id: string, @Approved() approval: Approval): object {
    return done('approve', approval, { id });
  }

  @Get()
  list(): object {
    runs.add('list');
    return { done: true };
  }
}

@Controller('account')
@RequireAction('closeAccount', { whenUnenrolled: 'allow', methods: ['WHATSAPP'] })
class AccountController {
  @Get()
  show(@Approved() approval: Approval): object {
    return done('show', approval);
  }

  @Post('close')
  @RequireAction('blockedAction')
  close(@Approved() approval: Approval): object {
    return done('close', approval);
  }

  @Post('freeze')
  @RequireAction('viewPayments', { whenUnenrolled: 'deny' })
  freeze(@Approved() approval: Approval): object {
    return done('freeze', approval);
  }

  @Post('passkey')
  @RequireAction('closeAccount', { methods: ['PASSKEY'] })
  passkey(@Approved() approval: Approval): object {
    return done('passkey', approval);
  }
}

/** Guards nothing itself: its routes are what those who extend it make of them. */
abstract class Listing {
  @Get('all')
  all(@Query('page') page: string, @Approved() approval: Approval): object {
    return done(this.constructor.name, approval, { page });
  }

  @Get('guarded')
  @RequireAction('createPayment')
  guarded(@Approved() approval: Approval): object {
    return done(`${this.constructor.name}.guarded`, approval);
  }
}

@Controller('cards')
@RequireAction('viewPayments')
class CardsController extends Listing {}

@Controller('vaults')
@RequireAction('blockedAction')
class VaultsController extends Listing {}

@Controller('open')
class OpenController extends Listing {}

/** Inherits its class's policy along with its methods. */
@Controller('old-cards')
class OldCardsController extends CardsController {}

@Controller('loans')
class LoansController extends Listing {
  // Replaces the guarded method, and with it its policy.
  @Get('guarded')
  override guarded(@Body() _body: unknown): object {
    runs.add('loans');
    return { done: true };
  }
}

const building: Building = {
  start: (platform, town) =>
    startNest(
      platform,
      town,
      {
        module: {
          controllers: [
            PaymentsController,
            AccountController,
            CardsController,
            VaultsController,
            OpenController,
            OldCardsController,
            LoansController,
          ],
          providers: [{ provide: APP_GUARD, useClass: SignInGuard }],
        },
        prepare: (app) => {
          app.setGlobalPrefix('api');
        },
      },
      runs,
    ),
};
const story = storiesOf(building);

export const decorated: readonly Scenario[] = [
  story('a decorated method gets the DTO that was bound', async (customer) => {
    const pay = { path: '/api/payments', body: { ...PAYMENT, extra: 'dropped' } };
    const proof = await customer.proofFor(pay);
    const answer = await customer.send({ ...pay, proof });
    expectApproval(answer, 'challenge', { body: PAYMENT });
    expect(answer.json).toMatchObject({ isDto: true, payment: PAYMENT });
    expectRefusal(await customer.send({ ...pay, proof }), 409, 'step_up_consumed');
    expect(customer.event('approved')).toMatchObject({ route: '/api/payments' });
  }),
  story('two paths of one method are two requests', async (customer) => {
    const proof = await customer.proofFor({ path: '/api/payments/7/approve' });
    const other = await customer.send({ path: '/api/payments/7/release', proof });
    expectRefusal(other, 403, 'step_up_required', { reason: 'binding_mismatch' });
    const answer = await customer.send({ path: '/api/payments/7/approve', proof });
    expectApproval(answer, 'challenge');
    expect(answer.json).toMatchObject({ id: '7' });
    expect(customer.event('approved')).toMatchObject({ route: '/api/payments/:id/approve' });
  }),
  story('a method without the decorator is left alone', async (customer) => {
    const answer = await customer.send({ method: 'get', path: '/api/payments' });
    expect(answer.json).toEqual({ done: true });
    expect(customer.eventTypes).toEqual([]);
  }),
  story('a class guards its methods', async (customer) => {
    const show = { method: 'get', path: '/api/account' } as const;
    const proof = await customer.proofFor(show);
    expectApproval(await customer.send({ ...show, proof }), 'challenge', {
      action: 'closeAccount',
    });
    // Once for each request, whoever guards it.
    expect(customer.eventTypes).toEqual([
      'action_tracked',
      'challenge_issued',
      'refused',
      'proof_burned',
      'approved',
    ]);
  }),
  story("a method's policy goes over its class's, field by field", async (customer) => {
    expectRefusal(await customer.send({ path: '/api/account/close' }), 403, 'step_up_blocked', {
      action: 'blockedAction',
    });
    expectApproval(await customer.send({ path: '/api/account/freeze' }), 'rules');
    expectRefusal(
      await customer.send({ path: '/api/account/passkey' }),
      403,
      'step_up_enrollment_required',
    );
  }),
  story(
    "what a method leaves out is its class's",
    async (customer) => {
      const show = await customer.send({ method: 'get', path: '/api/account' });
      expectApproval(show, 'rules', { action: 'closeAccount' });
      expectApproval(await customer.send({ path: '/api/account/passkey' }), 'rules');
      expectRefusal(
        await customer.send({ path: '/api/account/freeze' }),
        403,
        'step_up_enrollment_required',
      );
    },
    { enrolled: false },
  ),
  story('two controllers share a method and not a policy', async (customer) => {
    const get = (path: string) => customer.send({ method: 'get', path });
    expectApproval(await get('/api/cards/all?page=1'), 'rules', { action: 'viewPayments' });
    expectRefusal(await get('/api/vaults/all?page=1'), 403, 'step_up_blocked');
    expectApproval(await get('/api/cards/all?page=2'), 'rules', { action: 'viewPayments' });
    expect(customer.runs).toBe(2);
  }),
  story('an inherited decorator guards wherever the method is inherited', async (customer) => {
    for (const path of ['cards', 'open', 'old-cards', 'vaults']) {
      const sending = { method: 'get', path: `/api/${path}/guarded` } as const;
      const answer = await customer.send(sending);
      expectRefusal(answer, 403, 'step_up_required', { action: 'createPayment' });
      const proof = await customer.prove(customer.tokenIn(answer));
      expectApproval(await customer.send({ ...sending, proof }), 'challenge');
    }
    expect(customer.runs).toBe(4);
  }),
  story("a class inherits its parent's policy", async (customer) => {
    const answer = await customer.send({ method: 'get', path: '/api/old-cards/all' });
    expectApproval(answer, 'rules', { action: 'viewPayments' });
  }),
  story('a method that replaces a guarded one has its own policy, or none', async (customer) => {
    const answer = await customer.send({ method: 'get', path: '/api/loans/guarded' });
    expect(answer.json).toEqual({ done: true });
    expect(customer.eventTypes).toEqual([]);
  }),
  story('`@Approved()` where nothing approved is 500, and the log says why', async (customer) => {
    const answer = await customer.send({ method: 'get', path: '/api/open/all' });
    expectRefusal(answer, 500, 'step_up_misconfigured');
    expect(customer.runs).toBe(0);
    const lines = customer.town.ledger.lines.join('\n');
    expect(lines).toContain('@Approved() in OpenController.all: nothing approved this request');
  }),
];
