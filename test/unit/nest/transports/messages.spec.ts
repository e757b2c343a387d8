import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ConflictException,
  type ExecutionContext,
  InternalServerErrorException,
  Logger,
} from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import {
  EventPattern,
  KafkaRetriableException,
  MessagePattern,
  RpcException,
} from '@nestjs/microservices';
import { SubscribeMessage, WsException } from '@nestjs/websockets';
import { type ActionRequest, StepUpError } from 'authsignal-guard';
import {
  ActionGuard,
  actionRequestOf,
  StepUpException,
  StepUpExceptionFilter,
} from 'authsignal-guard/nest';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import { EMPTY, lastValueFrom } from 'rxjs';
import { renderVerdict } from '../../../../src/core/render-verdict.js';
import type { Verdict } from '../../../../src/core/verdict.js';
import { assembleGate } from '../../../../src/create-step-up-gate.js';
import { isFailure } from '../../../../src/nest/transports/handler-failure.js';
import { checkPassable } from '../../../../src/nest/transports/handler-kinds.js';
import {
  leaveHandshakeProof,
  takeHandshakeProof,
} from '../../../../src/nest/transports/handshake-proof.js';
import { hideProof } from '../../../../src/nest/transports/hide-proof.js';
import { messageProblem } from '../../../../src/nest/transports/message-data.js';
import { nobodyWaits } from '../../../../src/nest/transports/unanswered.js';

class Bank {
  @SubscribeMessage('pay')
  pay(): string {
    return 'paid';
  }

  @MessagePattern('charge')
  charge(): string {
    return 'charged';
  }

  @EventPattern('paid')
  paid(_data: unknown): string {
    return 'noted';
  }
}

function contextOf(
  transport: string,
  args: unknown[],
  handler: 'pay' | 'charge' | 'paid' = transport === 'ws' ? 'pay' : 'charge',
): ExecutionContext {
  const context = new ExecutionContextHost(args, Bank, Bank.prototype[handler]);
  context.setType(transport);
  return context;
}

const HEADER = 'Step-Up-Proof';

/** What Node has under `--expose-gc`. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}

describe('the proof of a message', () => {
  it.each(['ws', 'rpc'])('is taken out of the data of %s themselves, and still found', (kind) => {
    const data = { a: 1, stepUpProof: 'p' };
    const args = kind === 'ws' ? [{}, data, 'pay'] : [data, {}];
    hideProof(contextOf(kind, args), HEADER);
    // Nest hands filters another list with the same object in it.
    expect(data).toEqual({ a: 1 });
    hideProof(contextOf(kind, args), HEADER);
    // Another gateway or handler of the same message has a guard of its own.
    const asked = actionRequestOf(contextOf(kind, [...args]));
    expect(asked).toMatchObject({ proof: 'p', body: { a: 1 } });
  });

  it('is kept from interceptors and the handler where the data are frozen', () => {
    const data = Object.freeze({ a: 1, stepUpProof: 'p' });
    const args: unknown[] = [{}, data, 'pay'];
    hideProof(contextOf('ws', args), HEADER);
    expect(args[1]).toEqual({ a: 1 });
    expect(data).toHaveProperty('stepUpProof');
  });

  it.each([['a text'], [undefined], [null], [[{ stepUpProof: 'p' }]]])(
    'is not looked for in %j',
    (data) => {
      const args = [{}, data, 'pay'];
      hideProof(contextOf('ws', args), HEADER);
      expect(args[1]).toBe(data);
    },
  );

  it('is taken out of the metadata, however it is written there', () => {
    const metadata = { 'x-user': 'ann', 'STEP-UP-Proof': 'p' };
    const raw = { getMetadata: () => metadata };
    hideProof(contextOf('rpc', ['a text', raw]), HEADER);
    expect(metadata).toEqual({ 'x-user': 'ann' });
    const { headers } = actionRequestOf(contextOf('rpc', ['a text', raw]));
    expect(headers).toEqual({ 'x-user': 'ann', 'step-up-proof': 'p' });
  });

  it('is left in what HTTP and GraphQL have', () => {
    const args = [{ stepUpProof: 'p' }, { stepUpProof: 'p' }];
    hideProof(contextOf('graphql', args), HEADER);
    expect(args).toEqual([{ stepUpProof: 'p' }, { stepUpProof: 'p' }]);
  });

  it('goes into a field where there is room for one, as the refusal tells', () => {
    const { body } = renderVerdict({
      kind: 'challenge',
      action: 'pay',
      challenge: { token: 't', url: 'u', methods: [] },
      retryHeader: HEADER,
    });
    const retry = { header: HEADER, field: 'stepUpProof' };
    expect(messageProblem(body, undefined)).toEqual({ ...body, retry });
    expect(messageProblem(body, {})).toEqual({ ...body, retry });
    expect(messageProblem(body, 'a text')).toBe(body);
    const blocked = renderVerdict({ kind: 'blocked', action: 'pay' }).body;
    expect(messageProblem(blocked, {})).toBe(blocked);
  });
});

describe('the proof of a handshake', () => {
  const approved = (by: 'challenge' | 'rules' | 'skipped' | 'observed'): Verdict => ({
    kind: 'approved',
    approval: { action: 'pay', subject: 'ann', by, body: undefined, bound: undefined },
  });
  const LEFT: readonly Verdict[] = [
    { kind: 'unavailable', retryAfterMs: 1 },
    { kind: 'misconfigured' },
    { kind: 'unauthenticated' },
    { kind: 'invalid', errors: [] },
    approved('skipped'),
    approved('observed'),
  ];
  const JUDGED: readonly Verdict[] = [
    { kind: 'consumed', action: 'pay' },
    { kind: 'blocked', action: 'pay' },
    approved('challenge'),
    approved('rules'),
  ];

  function connection() {
    const client = { handshake: { headers: { 'step-up-proof': 'p' } } };
    return (data: unknown = {}) =>
      takeHandshakeProof(actionRequestOf(contextOf('ws', [client, data, 'pay'])), 'step-up-proof');
  }

  it.each(LEFT)('is left to the next message where nobody judged it: %j', (verdict) => {
    const take = connection();
    const first = take();
    // Another message meanwhile does not get it.
    expect(take().headers).toEqual({});
    leaveHandshakeProof(first, verdict);
    expect(take().headers).toEqual({ 'step-up-proof': 'p' });
  });

  it.each(JUDGED)('is gone once it was judged: %j', (verdict) => {
    const take = connection();
    leaveHandshakeProof(take(), verdict);
    expect(take().headers).toEqual({});
  });

  it('is not given up by a message that did not have it', () => {
    const take = connection();
    const first = take();
    const [without, own] = [take(), take({ stepUpProof: 'q' })];
    for (const each of [without, own]) {
      leaveHandshakeProof(each, { kind: 'unavailable', retryAfterMs: 1 });
    }
    expect(take().headers).toEqual({});
    leaveHandshakeProof(first, { kind: 'unavailable', retryAfterMs: 1 });
    expect(take().headers).toEqual({ 'step-up-proof': 'p' });
  });

  it('costs a connection without one nothing', () => {
    const headers: Record<string, string> = {};
    const client = { handshake: { headers } };
    const take = () =>
      takeHandshakeProof(actionRequestOf(contextOf('ws', [client, {}, 'pay'])), 'step-up-proof');
    take();
    headers['step-up-proof'] = 'p';
    expect(take().headers).toEqual({ 'step-up-proof': 'p' });
  });

  it.each([[{}], [{ 'step-up-proof': 'p' }]])(
    'keeps no message of an open connection in memory: %j',
    async (headers) => {
      const client = { handshake: { headers } };
      const message = (): WeakRef<object> => {
        const context = contextOf('ws', [client, { large: 'data' }, 'pay']);
        const request = takeHandshakeProof(actionRequestOf(context), 'step-up-proof');
        leaveHandshakeProof(request, approved('challenge'));
        return new WeakRef(request);
      };
      const messages = [message(), message()];
      // What a weak reference has told once stays for the rest of the turn.
      await new Promise(setImmediate);
      collectGarbage();
      expect(messages.map((kept) => kept.deref())).toEqual([undefined, undefined]);
      expect(client.handshake.headers).toBe(headers);
    },
  );
});

describe('what a handler throws', () => {
  const refusal = renderVerdict({ kind: 'blocked', action: 'pay' });
  const httpError = (status: number) =>
    Object.assign(new Error('known'), { expose: status < 500, status, statusCode: status });
  const graphqlError = (extensions: object) => Object.assign(new Error('known'), { extensions });

  it.each<[ActionRequest['transport'], unknown]>([
    ['http', new ConflictException()],
    ['http', httpError(404)],
    ['http', new StepUpError('step_up_blocked', 'no', refusal)],
    ['ws', new ConflictException()],
    ['ws', new WsException('no such payee')],
    ['ws', new WsException({ status: 'error', message: 'no such payee' })],
    ['ws', new StepUpException(refusal)],
    ['rpc', new RpcException('no such payee')],
    ['rpc', new RpcException({ status: 404 })],
    ['rpc', new RpcException({ statusCode: 422 })],
    ['graphql', new ConflictException()],
    ['graphql', graphqlError({ code: 'BAD_USER_INPUT' })],
    ['graphql', graphqlError({ code: 'INTERNAL_SERVER_ERROR', http: { status: 404 } })],
    ['graphql', graphqlError({ status: 409 })],
  ])('over %s is an answer: %s', (transport, error) => {
    expect(isFailure(error, transport)).toBe(false);
  });

  it.each<[ActionRequest['transport'], unknown]>([
    ['http', new Error('the ledger is shut')],
    ['http', new InternalServerErrorException()],
    ['http', httpError(503)],
    ['http', Object.assign(new Error('of another service'), { statusCode: 404 })],
    ['http', new WsException('nobody answers this over HTTP')],
    ['http', undefined],
    ['ws', new Error('the ledger is shut')],
    ['ws', new InternalServerErrorException()],
    ['ws', new WsException({ status: 500 })],
    ['ws', new StepUpError('ERR_STEP_UP_POLICY', 'a mistake')],
    ['ws', 'a text'],
    ['rpc', new Error('the ledger is shut')],
    ['rpc', new RpcException({ statusCode: 503 })],
    ['rpc', new KafkaRetriableException('once more')],
    ['rpc', { status: 404, message: 'of another service' }],
    ['graphql', new Error('the ledger is shut')],
    ['graphql', graphqlError({})],
    ['graphql', graphqlError({ code: 'INTERNAL_SERVER_ERROR' })],
    ['graphql', graphqlError({ code: 'FORBIDDEN', http: { status: 502 } })],
  ])('over %s is a failure: %s', (transport, error) => {
    expect(isFailure(error, transport)).toBe(true);
  });
});

describe('a refused message of Kafka', () => {
  afterEach(() => Logger.overrideLogger(false));

  const filter = new StepUpExceptionFilter();
  const ANSWERED = { kafka_correlationId: '1', kafka_replyTopic: 'replies' };
  const kafka = (headers: object = {}) => ({
    getTopic: () => 'paid',
    getHeartbeat: () => undefined,
    getMessage: () => ({ headers }),
  });
  const blocked = new StepUpException(renderVerdict({ kind: 'blocked', action: 'pay' }));

  async function ends(raw: object, exception: StepUpException | StepUpError): Promise<unknown> {
    const stream = filter.catch(exception, contextOf('rpc', [{}, raw]));
    return lastValueFrom(stream ?? EMPTY).catch((error: unknown) => error);
  }

  it('ends where nobody waits for an answer, so that it does not come again', async () => {
    expect(await ends(kafka(), blocked)).toBeUndefined();
    expect(await ends(kafka({ kafka_correlationId: '1' }), blocked)).toBeUndefined();
    // Nest takes a message to a handler of events for an event, whatever its headers are.
    const event = kafka(ANSWERED);
    actionRequestOf(contextOf('rpc', [{}, event], 'paid'));
    expect(nobodyWaits(event)).toBe(true);
    expect(await ends(event, blocked)).toBeUndefined();
  });

  it('leaves a line in the log where the handler asked and nobody else has said it', async () => {
    const lines: unknown[] = [];
    const note = (line: unknown) => lines.push(line);
    Logger.overrideLogger({ log: note, warn: note, error: note });
    const rendered = renderVerdict({ kind: 'blocked', action: 'pay' });
    const required = new StepUpError('step_up_blocked', 'no', rendered);
    expect(await ends(kafka(), required)).toBeUndefined();
    expect(await ends(kafka(), required)).toBeUndefined();
    expect(lines).toEqual([
      'A message of the topic paid was refused with step_up_blocked, and nobody waits for the answer.',
    ]);
    // The guard has logged its own refusals, and whoever waits is told.
    await ends(kafka(), blocked);
    await ends(kafka(ANSWERED), required);
    expect(lines).toHaveLength(1);
  });

  it.each([
    ['unavailable', new StepUpException(renderVerdict({ kind: 'unavailable', retryAfterMs: 1 }))],
    ['misconfigured', new StepUpException(renderVerdict({ kind: 'misconfigured' }))],
  ])('may come again where the gate was %s', async (_what, exception) => {
    expect(await ends(kafka(), exception)).toEqual(exception.problem);
  });

  it('fails where somebody waits, and over every other transport', async () => {
    expect(nobodyWaits(kafka(ANSWERED))).toBe(false);
    expect(await ends(kafka(ANSWERED), blocked)).toEqual(blocked.problem);
    const tcp = { getPattern: () => 'paid' };
    actionRequestOf(contextOf('rpc', [{}, tcp], 'paid'));
    expect(nobodyWaits(tcp)).toBe(true);
    expect(await ends(tcp, blocked)).toEqual(blocked.problem);
    expect(nobodyWaits(undefined)).toBe(false);
  });
});

describe('an event under requireChallenge', () => {
  type Policy = Parameters<typeof checkPassable>[2];
  const policy: Policy = { requireChallenge: true, mode: 'enforce', skip: undefined };
  const others: readonly Partial<Policy>[] = [
    { requireChallenge: false },
    { mode: 'observe' },
    { skip: () => true },
  ];
  const { paid, charge } = Bank.prototype;

  it('is refused at start unless something else lets it through', () => {
    expect(() => checkPassable('Bank.paid', paid, policy)).toThrow(
      'Bank.paid handles an event under requireChallenge, but whoever sends an event waits for no answer',
    );
    expect(() => checkPassable('Bank.charge', charge, policy)).not.toThrow();
    for (const other of others) {
      expect(() => checkPassable('Bank.paid', paid, { ...policy, ...other })).not.toThrow();
    }
  });
});

describe("an application's mistake that every request meets", () => {
  afterEach(() => Logger.overrideLogger(false));

  it('is logged once by each filter', () => {
    const lines: unknown[] = [];
    const note = (line: unknown) => lines.push(line);
    Logger.overrideLogger({ log: note, warn: note, error: note });
    const catching = (filter: StepUpExceptionFilter, line: string): void => {
      const mistake = new StepUpError('ERR_STEP_UP_POLICY', line);
      expect(() => filter.catch(mistake, contextOf('graphql', []))).toThrow(StepUpException);
    };
    const filter = new StepUpExceptionFilter();
    for (const line of ['line 7', 'line 7', 'line 8', 'line 7']) {
      catching(filter, line);
    }
    expect(lines).toEqual(['line 7', 'line 8']);
    catching(new StepUpExceptionFilter(), 'line 7');
    expect(lines).toEqual(['line 7', 'line 8', 'line 7']);
  });

  it("is logged once by the guard, in the gate's own log", async () => {
    const lines: string[] = [];
    const options = {
      authsignal: new FakeAuthsignal(),
      secret: 'any text of 16 characters or more',
      subject: () => 'ann',
    };
    const guard = new ActionGuard(assembleGate(options, (line) => lines.push(line)));
    for (let request = 0; request < 3; request += 1) {
      const asked = guard.canActivate(contextOf('rpc', [{}, {}]));
      await expect(asked).rejects.toThrow(StepUpException);
    }
    expect(lines.filter((line) => line.includes('has the ActionGuard but no'))).toHaveLength(1);
  });
});
