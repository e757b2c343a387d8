import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { StepUpGate } from 'authsignal-guard';
import { AuthsignalHealthIndicator, AuthsignalModule } from 'authsignal-guard/nest';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import request from 'supertest';
import { requestOf } from '../core/gate-bench.js';

const authsignal = new FakeAuthsignal();

@Controller()
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(AuthsignalHealthIndicator) private readonly indicator: AuthsignalHealthIndicator,
  ) {}

  @Get('health')
  check() {
    return this.health.check([() => this.indicator.isHealthy()]);
  }
}

@Module({
  imports: [
    TerminusModule.forRoot({ logger: false }),
    AuthsignalModule.forRoot({
      authsignal,
      secret: 'sixteen characters',
      subject: () => 'alice',
      circuitBreaker: { minimumCalls: 2 },
    }),
  ],
  controllers: [HealthController],
})
class AppModule {}

let app: INestApplication | undefined;
afterEach(() => app?.close());

describe('the indicator for @nestjs/terminus', () => {
  it('is up until nothing guarded could be approved, and tells why', async () => {
    const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
    const health = () => request(app?.getHttpServer()).get('/health');
    const up = await health();
    expect(up.status).toBe(200);
    expect(up.body.details).toEqual({
      authsignal: { status: 'up', circuits: {}, replayStore: 'unknown' },
    });
    authsignal.fail('track', 'timed_out');
    const gate = app.get(StepUpGate);
    for (let count = 0; count < 2; count += 1) {
      await gate.evaluate({ ...requestOf(), raw: {} }, { action: 'pay' });
    }
    const down = await health();
    expect(down.status).toBe(503);
    expect(down.body.error).toEqual({
      authsignal: { status: 'down', circuits: { track: 'open' }, replayStore: 'unknown' },
    });
  });

  it('takes another key', () => {
    const gate = { health: () => ({ status: 'degraded', circuits: { verify: 'open' } }) };
    const indicator: unknown = Reflect.construct(AuthsignalHealthIndicator, [gate]);
    expect((indicator as AuthsignalHealthIndicator).isHealthy('stepUp')).toEqual({
      stepUp: { status: 'up', circuits: { verify: 'open' } },
    });
  });
});
