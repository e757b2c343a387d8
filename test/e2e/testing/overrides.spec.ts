import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, type INestApplication, Module, Post } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import {
  type Approval,
  createStepUpGate,
  MemoryReplayStore,
  StepUpGate,
  type StepUpGateOptions,
} from 'authsignal-guard';
import {
  ActionGuard,
  Approved,
  AUTHSIGNAL_OPTIONS,
  AuthsignalModule,
  RequireAction,
} from 'authsignal-guard/nest';
import { FakeAuthsignal, TestClock } from 'authsignal-guard/testing';
import request from 'supertest';

/** As in production: it would call Authsignal, were it asked. */
const PRODUCTION: StepUpGateOptions = {
  apiSecretKey: 'the-secret-of-production',
  apiUrl: 'http://127.0.0.1:9/v1',
  replayStore: new MemoryReplayStore(),
  subject: () => 'ann',
};

@Controller('payments')
class PaymentsController {
  @Post()
  @RequireAction('createPayment')
  create(@Body() body: object) {
    return { created: body };
  }

  @Post('approved')
  @RequireAction('createPayment')
  createApproved(@Approved() approval: Approval, @Approved('body') body: unknown) {
    return { by: approval.by, subject: approval.subject, body };
  }
}

@RequireAction('readStatement')
@Controller('statements')
class StatementsController {
  @Get()
  read() {
    return { read: true };
  }
}

@Controller('prices')
class PricesController {
  @Get()
  read() {
    return { read: true };
  }

  @Get('approved')
  approved(@Approved() approval: Approval) {
    return approval;
  }
}

@Module({
  imports: [AuthsignalModule.forRoot(PRODUCTION)],
  controllers: [PaymentsController, StatementsController, PricesController],
})
class AppModule {}

let app: INestApplication | undefined;
let lines: string[];
beforeEach(() => {
  lines = [];
});
afterEach(() => app?.close());

async function start(override: (builder: TestingModuleBuilder) => TestingModuleBuilder) {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const module = await override(builder).compile();
  const write = (line: unknown): void => {
    lines.push(String(line));
  };
  const logger = { log: () => undefined, warn: write, error: write };
  app = module.createNestApplication({ logger });
  await app.init();
  return request(app.getHttpServer());
}

const plain = (builder: TestingModuleBuilder) => builder;
const letThrough = (builder: TestingModuleBuilder) =>
  builder.overrideGuard(ActionGuard).useValue({ canActivate: () => true });

describe('overrideGuard(ActionGuard)', () => {
  it('lets every guarded handler run, and asks nobody', async () => {
    const client = await start(letThrough);
    const payment = await client.post('/payments').send({ amount: 5 });
    expect([payment.status, payment.body]).toEqual([201, { created: { amount: 5 } }]);
    expect((await client.get('/statements')).body).toEqual({ read: true });
    expect((await client.get('/prices')).body).toEqual({ read: true });
  });

  it('can refuse as well', async () => {
    const client = await start((builder) =>
      builder.overrideGuard(ActionGuard).useValue({ canActivate: () => false }),
    );
    expect((await client.post('/payments').send({})).status).toBe(403);
    expect((await client.get('/statements')).status).toBe(403);
    expect((await client.get('/prices')).status).toBe(200);
  });

  it('has @Approved() say what to override instead', async () => {
    const client = await start(letThrough);
    const answer = await client.post('/payments/approved').send({});
    expect([answer.status, answer.body.code]).toEqual([500, 'step_up_misconfigured']);
    expect(lines.join('\n')).toMatch(
      /PaymentsController\.createApproved: .*do not override ActionGuard but AUTHSIGNAL_OPTIONS, with a FakeAuthsignal/,
    );
    await client.get('/prices/approved');
    expect(lines.join('\n')).toMatch(/PricesController\.approved: .*Put @RequireAction/);
  });

  it('weakens no application that is made later from the same classes', async () => {
    await (await start(letThrough)).get('/statements').expect(200);
    await app?.close();
    const client = await start(plain);
    expect((await client.post('/payments').send({})).body.code).toBe('step_up_unavailable');
    expect((await client.get('/statements')).body.code).toBe('step_up_unavailable');
  });
});

/** The options of a test: nothing leaves the process, and time stands still. */
function testOptions() {
  const authsignal = new FakeAuthsignal();
  const clock = new TestClock();
  const options: StepUpGateOptions = {
    authsignal,
    clock,
    secret: 'any text of 16 characters or more',
    replayStore: new MemoryReplayStore({ clock }),
    subject: () => 'ann',
  };
  return { authsignal, clock, options };
}

type Client = Awaited<ReturnType<typeof start>>;

async function payWithChallenge(client: Client, authsignal: FakeAuthsignal, clock: TestClock) {
  const pay = (proof?: string) => {
    const sending = client.post('/payments/approved');
    return (proof === undefined ? sending : sending.set('Step-Up-Proof', proof)).send({
      amount: 5,
    });
  };
  expect((await pay()).body).toEqual({ by: 'rules', subject: 'ann', body: { amount: 5 } });
  authsignal.action('createPayment').requiresChallenge();
  const refusal = await pay();
  expect([refusal.status, refusal.body.code]).toEqual([403, 'step_up_required']);
  const proof = authsignal.complete(refusal.body.challenge.token);
  expect((await pay(proof)).body).toMatchObject({ by: 'challenge' });
  expect((await pay(proof)).body.code).toBe('step_up_consumed');
  const late = authsignal.complete((await pay()).body.challenge.token);
  clock.advance(16 * 60_000);
  expect((await pay(late)).body).toMatchObject({
    code: 'step_up_required',
    reason: 'proof_expired',
  });
}

describe('FakeAuthsignal in the place of Authsignal', () => {
  it('over the options of the module', async () => {
    const { authsignal, clock, options } = testOptions();
    const client = await start((builder) =>
      builder.overrideProvider(AUTHSIGNAL_OPTIONS).useValue(options),
    );
    await payWithChallenge(client, authsignal, clock);
    expect((await client.get('/statements')).body).toEqual({ read: true });
    expect(authsignal.action('readStatement').tracked).toHaveLength(1);
  });

  it('over the gate', async () => {
    const { authsignal, clock, options } = testOptions();
    const gate = createStepUpGate(options);
    const client = await start((builder) => builder.overrideProvider(StepUpGate).useValue(gate));
    await payWithChallenge(client, authsignal, clock);
  });
});
