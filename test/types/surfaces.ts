// Compiled by `npm run typecheck`, never run: each `@ts-expect-error` is a mistake that must not compile.

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { metrics, trace } from '@opentelemetry/api';
import {
  type AuthsignalEvent,
  createStepUpGate,
  type GateHealth,
  type StepUpGate,
  type Telemetry,
} from 'authsignal-guard';
import { startEmulator } from 'authsignal-guard/emulator';
import {
  authsignalWebhook,
  listActions as listRoutes,
  webhookEventOf,
  whatsAppRouter,
} from 'authsignal-guard/express';
import {
  AuthsignalHealthIndicator,
  AuthsignalWebhook,
  listActions,
  WebhookEvent,
  WhatsAppModule,
} from 'authsignal-guard/nest';
import { openTelemetry } from 'authsignal-guard/opentelemetry';
import { RedisReplayStore } from 'authsignal-guard/redis';
import { documentActions } from 'authsignal-guard/swagger';
import { completeChallenge, FakeAuthsignal, signWebhook } from 'authsignal-guard/testing';
import type { Express, Request } from 'express';
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';

declare const gate: StepUpGate<Request>;
declare const app: INestApplication;
declare const express: Express;

// `/redis`: whichever client an application has.
export const stores = [
  new RedisReplayStore(new Redis()),
  new RedisReplayStore(new Cluster([{ host: '127.0.0.1', port: 6379 }])),
  new RedisReplayStore(createClient(), { prefix: 'bank:', timeoutMs: 500 }),
  new RedisReplayStore(createCluster({ rootNodes: [{ url: 'redis://127.0.0.1' }] })),
];
// @ts-expect-error an address is no client
new RedisReplayStore('redis://127.0.0.1');
// @ts-expect-error no such option
new RedisReplayStore(new Redis(), { ttlMs: 1 });

// `/opentelemetry`: what the gate takes.
export const telemetry: Telemetry = openTelemetry({
  tracer: trace.getTracer('bank'),
  meter: metrics.getMeter('bank'),
});
createStepUpGate({ apiSecretKey: 'key', telemetry });
// @ts-expect-error the function, not what it makes
createStepUpGate({ apiSecretKey: 'key', telemetry: openTelemetry });
// @ts-expect-error a meter is no tracer
openTelemetry({ tracer: metrics.getMeter('bank') });

// `/swagger`: the document comes back as the type that it was.
const made = SwaggerModule.createDocument(app, new DocumentBuilder().build());
export const documented: typeof made = documentActions(app, made);
// @ts-expect-error Nest's application is needed
documentActions(express, made);
// @ts-expect-error a document has paths
documentActions(app, {});

// Webhooks: an event is told apart by its type.
export function subjectOf(event: AuthsignalEvent): string {
  if (event.type === 'log_batch' && 'records' in event) {
    return String(event.records.length);
  }
  // @ts-expect-error the fields of `data` are to be checked
  const _id: string = 'data' in event ? event.data.userId : '';
  return event.id;
}
express.post('/webhooks', authsignalWebhook(gate, { toleranceMs: 60_000 }), (req, res) => {
  res.json({ id: webhookEventOf(req).id });
});
// @ts-expect-error the secrets have another name
authsignalWebhook(gate, { apiSecretKey: 'key' });

export class WebhooksController {
  @AuthsignalWebhook({ rememberMs: 86_400_000 })
  receive(@WebhookEvent() event: AuthsignalEvent): string {
    return subjectOf(event);
  }
}
// @ts-expect-error a method has the decorator, not a class
@AuthsignalWebhook()
export class WrongController {}

export const signed: string = signWebhook({ apiSecretKey: ['old', 'new'], event: {} }).body;
// @ts-expect-error nothing to sign with
signWebhook({ event: {} });

// Health: as it is, and as `@nestjs/terminus` takes it.
export const health: GateHealth['status'] = gate.health().status;
export class HealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly authsignal: AuthsignalHealthIndicator,
  ) {}

  check(): ReturnType<HealthCheckService['check']> {
    return this.checks.check([() => this.authsignal.isHealthy('gate')]);
  }
}
export const terminus = TerminusModule;

// Inventory: of both frameworks the same.
export const found = [listActions(app), listRoutes(express)].map(({ actions, warnings }) => ({
  names: actions.flatMap(({ actions: codes }) => codes),
  loud: warnings.filter(({ level }) => level === 'warning'),
}));
// @ts-expect-error of Express there is another one
listActions(express);

// WhatsApp: countries are said in so many words.
whatsAppRouter(gate, { countries: ['NZ', 'AU'], enrollment: {} });
WhatsAppModule.register({ path: 'whatsapp', countries: 'any', enrollment: {} });
// @ts-expect-error no countries
whatsAppRouter(gate, { enrollment: {} });
// @ts-expect-error neither a list nor 'any'
whatsAppRouter(gate, { countries: 'NZ', enrollment: {} });
// @ts-expect-error no path
WhatsAppModule.register({ countries: ['NZ'], enrollment: {} });
// @ts-expect-error a sign-in that signs nobody in
whatsAppRouter(gate, { countries: ['NZ'], signIn: {} });

/** The emulator and the helper fit each other. */
export async function proofOf(token: string): Promise<string> {
  const emulator = await startEmulator();
  // @ts-expect-error no such method
  await completeChallenge(emulator, token, { method: 'PIGEON' });
  return completeChallenge(emulator, token, { method: 'SMS' });
}

const fake = new FakeAuthsignal();
fake.action('pay').answers('ALLOW', 'CHALLENGE_REQUIRED');
// @ts-expect-error no such state
fake.action('pay').answers('CHALLENGE');
