import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryReplayStore, StepUpGate, type StepUpGateOptions } from 'authsignal-guard';
import { AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import request from 'supertest';

@Controller()
class Guarded {
  @Get('pay')
  @RequireAction('pay')
  pay() {
    return 'ran';
  }
}

const options = (authsignal: FakeAuthsignal): StepUpGateOptions => ({
  authsignal,
  secret: 'a secret of sixteen or more',
  replayStore: new MemoryReplayStore(),
  subject: () => 'ann',
});

/** An application around the module under test. */
async function start(imports: NonNullable<Parameters<typeof Module>[0]['imports']>) {
  @Module({ imports, controllers: [Guarded] })
  class App {}
  const app = await NestFactory.create(App, { logger: false, abortOnError: false });
  await app.init();
  return app;
}

describe('AuthsignalModule', () => {
  it('takes its options from a factory with dependencies', async () => {
    const authsignal = new FakeAuthsignal();
    authsignal.outcome('pay', 'BLOCK');

    @Injectable()
    class Configuration {
      readonly options = options(authsignal);
    }
    @Module({ providers: [Configuration], exports: [Configuration] })
    class ConfigurationModule {}

    const app = await start([
      AuthsignalModule.forRootAsync({
        imports: [ConfigurationModule],
        inject: [Configuration],
        useFactory: async (configuration: Configuration) => configuration.options,
      }),
    ]);
    const answer = await request(app.getHttpServer()).get('/pay');
    expect([answer.status, answer.body.code]).toEqual([403, 'step_up_blocked']);
    await app.close();
  });

  it('gives its one gate to the whole application, and ends its connections with it', async () => {
    const authsignal = new FakeAuthsignal();
    let closed = 0;
    Object.assign(authsignal, {
      close: async () => {
        closed += 1;
      },
    });
    const app = await start([AuthsignalModule.forRoot(options(authsignal))]);
    expect(app.get(StepUpGate)).toBe(app.get(StepUpGate));
    expect((await request(app.getHttpServer()).get('/pay')).status).toBe(200);
    expect(closed).toBe(0);
    await app.close();
    expect(closed).toBe(1);
  });

  it.each<[string, object, string]>([
    ['an option', { whenUnavailble: 'allow' }, 'has no `whenUnavailble`'],
    ['a policy', { actions: ['refund'] }, '"pay" is not in the gate\'s `actions`'],
  ])('does not start with %s that cannot be right', async (_what, wrong, words) => {
    const given = { ...options(new FakeAuthsignal()), ...wrong };
    await expect(start([AuthsignalModule.forRoot(given)])).rejects.toThrow(words);
  });

  it('takes callbacks of another request type, where it is named', async () => {
    interface TenantRequest {
      readonly headers: { readonly tenant?: string };
    }
    const authsignal = new FakeAuthsignal();
    const app = await start([
      AuthsignalModule.forRoot<TenantRequest>({
        authsignal,
        secret: 'a secret of sixteen or more',
        replayStore: new MemoryReplayStore(),
        subject: ({ raw }) => raw.headers.tenant,
      }),
    ]);
    const answer = await request(app.getHttpServer()).get('/pay').set('tenant', 'acme');
    expect(answer.status).toBe(200);
    expect(authsignal.calls).toMatchObject([{ request: { userId: 'acme' } }]);
    await app.close();
  });
});
