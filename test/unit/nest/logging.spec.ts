import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { StepUpGateOptions } from 'authsignal-guard';
import { AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import request from 'supertest';

@Controller()
class PaymentsController {
  @Post('payments')
  @RequireAction('createPayment')
  create() {
    return {};
  }
}

async function start(options: Partial<StepUpGateOptions>) {
  const authsignal = new FakeAuthsignal();
  const lines: [string, string][] = [];
  const to =
    (level: string) =>
    (line: unknown, ...rest: unknown[]): void => {
      if (rest.at(-1) === 'AuthsignalGuard') {
        lines.push([level, String(line)]);
      }
    };
  const secret = 'any text of 16 characters or more';
  @Module({
    imports: [AuthsignalModule.forRoot({ authsignal, secret, subject: () => 'ann', ...options })],
    controllers: [PaymentsController],
  })
  class AppModule {}
  const logger = { log: to('log'), warn: to('warn'), error: to('error') };
  const app = await NestFactory.create(AppModule, { logger, abortOnError: false });
  await app.init();
  const pay = () => request(app.getHttpServer()).post('/payments').send({ amount: 5 });
  return { app, authsignal, lines, pay };
}

describe('the log of a Nest application', () => {
  it("has the gate's lines under AuthsignalGuard at their levels, each once", async () => {
    const { app, authsignal, lines, pay } = await start({});
    authsignal.fail('track', 'unauthorized');
    await pay();
    await pay();
    expect(lines).toEqual([
      ['warn', expect.stringMatching(/memory of this one process/)],
      ['error', expect.stringMatching(/Check that the API secret/)],
    ]);
    await app.close();
  });

  it('has nothing of refusals', async () => {
    const replayStore = { burn: async () => true, restore: async () => undefined };
    const { app, authsignal, lines, pay } = await start({ replayStore });
    for (const state of ['CHALLENGE_REQUIRED', 'BLOCK'] as const) {
      authsignal.action('createPayment').answers(state);
      expect((await pay()).status).toBe(403);
    }
    expect(lines).toEqual([]);
    await app.close();
  });
});
