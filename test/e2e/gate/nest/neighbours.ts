import { expect } from '@jest/globals';
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  Inject,
  Injectable,
  Param,
  type PipeTransform,
  Post,
  Query,
  Req,
  UseFilters,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { type Approval, StepUpGate } from 'authsignal-guard';
import {
  ActionGuard,
  Approved,
  actionRequestOf,
  RequireAction,
  StepUpExceptionFilter,
} from 'authsignal-guard/nest';
import { Transform } from 'class-transformer';
import { IsInt } from 'class-validator';
import { expectApproval, expectRefusal } from '../../../support/customer.js';
import { Runs } from '../../../support/host.js';
import { SignInGuard, startNest } from '../../../support/nest-host.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';

const runs = new Runs();

/** Turns dollars into cents each time that somebody makes an instance of it. */
class CentsDto {
  @IsInt()
  @Transform(({ value }) => Number(value) * 100)
  amount!: number;
}

@Controller()
class CentsController {
  @Post('cents')
  @RequireAction('createPayment', {
    body: CentsDto,
    bind: ({ body }) => ({ amount: body.amount }),
  })
  pay(
    @Body() body: CentsDto,
    @Approved('body') approved: CentsDto,
    @Approved() approval: Approval,
  ): object {
    runs.add('pay');
    return { done: true, approval, ofThePipe: body.amount, approved: approved.amount };
  }

  @Post('raw/:id')
  @RequireAction('createPayment')
  raw(
    @Body() body: CentsDto,
    @Param('id') id: number,
    @Query('page') page: number,
    @Approved('body') approved: unknown,
    @Approved() approval: Approval,
  ): object {
    runs.add('raw');
    return { done: true, approval, ofThePipe: body.amount, approved, id, page };
  }
}

const transforming = storiesOf({
  start: (platform, town) =>
    startNest(
      platform,
      town,
      {
        module: {
          controllers: [CentsController],
          providers: [{ provide: APP_GUARD, useClass: SignInGuard }],
        },
        prepare: (app) => {
          app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
        },
      },
      runs,
    ),
});

const pipes: readonly Scenario[] = [
  transforming('a transforming pipe cannot change what was approved', async (customer) => {
    const pay = { path: '/cents', body: { amount: 20 } };
    const proof = await customer.proofFor(pay);
    const answer = await customer.send({ ...pay, proof });
    expectApproval(answer, 'challenge', { body: { amount: 2_000 }, bound: { amount: 2_000 } });
    // Transformed once by each, from the same raw body; neither saw the other's.
    expect(answer.json).toMatchObject({ ofThePipe: 2_000, approved: 2_000 });
  }),
  transforming('a transforming pipe leaves the raw body that was bound', async (customer) => {
    const pay = { path: '/raw/7?page=2', body: { amount: 20, note: 'x' } };
    const proof = await customer.proofFor(pay);
    const changed = { ...pay, body: { amount: 2_000, note: 'x' } };
    expectRefusal(await customer.send({ ...changed, proof }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    const answer = await customer.send({ ...pay, proof });
    expect(answer.json).toMatchObject({ ofThePipe: 2_000, approved: { amount: 20, note: 'x' } });
  }),
];

/** Answers everything its own way, as many hosts have it. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse();
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    this.adapter.httpAdapter.reply(reply, { caughtByTheHost: true }, status);
  }

  constructor(@Inject(HttpAdapterHost) readonly adapter: HttpAdapterHost) {}
}

@Injectable()
class NoPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return value;
  }
}

@Controller()
class FilteredController {
  constructor(@Inject(StepUpGate) private readonly gate: StepUpGate) {}

  @Post('pay')
  @RequireAction('createPayment')
  pay(@Body(NoPipe) _body: unknown, @Approved() approval: Approval): object {
    runs.add('filtered');
    return { done: true, approval };
  }

  @Post('own')
  @UseFilters(CatchAllFilter)
  @RequireAction('createPayment')
  own(@Approved() approval: Approval): object {
    runs.add('own');
    return { done: true, approval };
  }

  @Post('failing')
  @RequireAction('viewPayments')
  failing(): never {
    throw new Error('the handler failed');
  }

  @Post('login')
  @UseFilters(StepUpExceptionFilter)
  async login(@Req() req: Parameters<typeof actionRequestOf>[0]): Promise<object> {
    const approval = await this.gate.require(actionRequestOf(req), { action: 'createPayment' });
    return { done: true, approval };
  }

  @Get('bare')
  @UseGuards(ActionGuard)
  bare(): object {
    runs.add('bare');
    return { done: true };
  }
}

@Controller('class')
@UseFilters(CatchAllFilter)
@RequireAction('createPayment')
class FilteredClassController {
  @Post('pay')
  pay(@Approved() approval: Approval): object {
    runs.add('class');
    return { done: true, approval };
  }
}

const filterHosts = {
  'of the application (APP_FILTER)': {
    providers: [{ provide: APP_FILTER, useClass: CatchAllFilter }],
    prepare: () => undefined,
  },
  'of the application (useGlobalFilters)': {
    providers: [],
    prepare: (app: INestApplication) => {
      app.useGlobalFilters(new CatchAllFilter(app.get(HttpAdapterHost)));
    },
  },
};

const filters = Object.entries(filterHosts).flatMap(([name, { providers, prepare }]) => {
  const story = storiesOf({
    start: (platform, town) =>
      startNest(
        platform,
        town,
        {
          module: {
            controllers: [FilteredController, FilteredClassController],
            providers: [{ provide: APP_GUARD, useClass: SignInGuard }, ...providers],
          },
          prepare,
        },
        runs,
      ),
  });
  return [
    story(`a catch-all filter ${name} leaves a refusal as it is`, async (customer) => {
      const answer = await customer.send({ path: '/pay' });
      expectRefusal(answer, 403, 'step_up_required', { retry: { header: 'Step-Up-Proof' } });
      const proof = await customer.prove(customer.tokenIn(answer));
      expectApproval(await customer.send({ path: '/pay', proof }), 'challenge');
      customer.emulator.faults.add({ kind: 'status', match: { call: 'track' } });
      const unavailable = await customer.send({ path: '/pay' });
      expectRefusal(unavailable, 503, 'step_up_unavailable');
      expect(unavailable.headers['retry-after']).toBe('5');
    }),
    story(`a catch-all filter ${name} still gets what the handler throws`, async (customer) => {
      const answer = await customer.send({ path: '/failing' });
      expect(answer).toMatchObject({ status: 500, json: { caughtByTheHost: true } });
    }),
    story(`beside a catch-all filter ${name}, the bare guard fails closed`, async (customer) => {
      const answer = await customer.send({ method: 'get', path: '/bare' });
      expect(answer.status).toBe(500);
      expect(customer.runs).toBe(0);
    }),
    story(`a catch-all filter ${name} and \`gate.require\` in a handler`, async (customer) => {
      const answer = await customer.send({ path: '/login' });
      expect(answer.json).not.toHaveProperty('done');
      expectRefusal(answer, 403, 'step_up_required');
    }),
    story(`a filter of the class, beside one ${name}`, async (customer) => {
      expectRefusal(await customer.send({ path: '/class/pay' }), 403, 'step_up_required');
    }),
    story(
      `a filter of the method's own has the last word, beside one ${name}`,
      async (customer) => {
        const answer = await customer.send({ path: '/own' });
        expect(answer).toMatchObject({ status: 403, json: { caughtByTheHost: true } });
        expect(customer.runs).toBe(0);
      },
    ),
  ];
});

export const neighbours: readonly Scenario[] = [...pipes, ...filters];
