// Compiled only: every subpath that needs no framework, as a user of this project writes it.
import {
  type ActionPolicy,
  type Approval,
  createStepUpGate,
  isStepUpError,
  MemoryReplayStore,
  type ReplayStore,
  type StepUpEvent,
  type StepUpProblem,
} from 'authsignal-guard';
import { createStepUpFetch, StepUpCancelledError } from 'authsignal-guard/browser';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { openTelemetry } from 'authsignal-guard/opentelemetry';
import { RedisReplayStore } from 'authsignal-guard/redis';
import { documentActions, type OpenApiDocument, stepUpSchemas } from 'authsignal-guard/swagger';
import { FakeAuthsignal, signWebhook, TestClock } from 'authsignal-guard/testing';

const clock = new TestClock();
export const store: ReplayStore = new MemoryReplayStore({ clock });
export const sharedBy = (client: object): ReplayStore => new RedisReplayStore(client);

export const gate = createStepUpGate({
  authsignal: new FakeAuthsignal(),
  secret: 'any text of 16 characters or more',
  replayStore: store,
  telemetry: openTelemetry(),
  onEvent: (event: StepUpEvent) => console.log(event.type),
  clock,
});

export const policy: ActionPolicy<{ amount: number }> = {
  action: 'createPayment',
  body: (raw) => ({ amount: Number(Object(raw).amount) }),
  bind: ({ body }) => ({ amount: body.amount }),
};

export const approvedBy = ({ by }: Approval): string => by;
export const codeOf = ({ code }: StepUpProblem): string => code;
export const known = (error: unknown): boolean => isStepUpError(error);

export const stepUpFetch = createStepUpFetch({
  challenge: () => Promise.reject(new StepUpCancelledError()),
});

export const emulate = (): Promise<Emulator> => startEmulator();
export const delivered: string = signWebhook({ apiSecretKey: 'sk', event: {} }).body;

export function documented(
  app: Parameters<typeof documentActions>[0],
  document: OpenApiDocument,
): string[] {
  documentActions(app, document);
  return Object.keys(stepUpSchemas);
}
