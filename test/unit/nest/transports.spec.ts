import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { type ExecutionContext, HttpException, Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { GrpcMethod, MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage } from '@nestjs/websockets';
import { StepUpError } from 'authsignal-guard';
import { actionRequestOf, StepUpException, StepUpExceptionFilter } from 'authsignal-guard/nest';
import { EMPTY, isObservable, lastValueFrom } from 'rxjs';
import { renderVerdict } from '../../../src/core/render-verdict.js';
import { FieldGuards } from '../../../src/nest/transports/field-guards.js';
import { checkGuardable, handlerKinds } from '../../../src/nest/transports/handler-kinds.js';
import { handshakeOf, rememberHandshakes } from '../../../src/nest/transports/handshake.js';
import { takeHandshakeProof } from '../../../src/nest/transports/handshake-proof.js';
import { splitData } from '../../../src/nest/transports/message-data.js';
import {
  keepVerdict,
  verdictForParameter,
  verdictOf,
  withVerdicts,
} from '../../../src/nest/verdicts.js';

Logger.overrideLogger(false);

class Bank {
  @SubscribeMessage('pay')
  pay(): string {
    return 'paid';
  }

  @MessagePattern([{ cmd: 'pay', by: 'card' }, 'payments.*'])
  charge(): string {
    return 'charged';
  }

  @GrpcMethod('Bank', 'pay')
  call(): string {
    return 'called';
  }

  plain(): string {
    return 'plain';
  }
}

type HandlerName = 'pay' | 'charge' | 'call' | 'plain';

function contextOf(
  transport: string,
  args: unknown[],
  handler: HandlerName = 'plain',
): ExecutionContext {
  const context = new ExecutionContextHost(args, Bank, Bank.prototype[handler]);
  context.setType(transport);
  return context;
}

describe('a field of GraphQL', () => {
  const info = {
    operation: { operation: 'mutation' },
    parentType: { name: 'Mutation' },
    fieldName: 'pay',
  };

  it('is its type, its name and its arguments', () => {
    const req = { headers: { 'step-up-proof': 'p' }, ip: '10.0.0.1' };
    const context = contextOf('graphql', [undefined, { amount: 1 }, { req }, info]);
    expect(actionRequestOf(context)).toEqual({
      transport: 'graphql',
      method: 'MUTATION',
      path: 'Mutation.pay',
      route: 'Mutation.pay',
      handler: 'Bank.plain',
      params: {},
      query: {},
      headers: { 'step-up-proof': 'p' },
      body: { amount: 1 },
      bodyState: 'read',
      ip: '10.0.0.1',
      raw: req,
    });
  });

  it('has its parent, and the request wherever the driver puts it', () => {
    const parent = { id: 'one' };
    for (const shared of [{ request: { headers: {} } }, { user: { id: 'ann' } }]) {
      const asked = actionRequestOf<object>(contextOf('graphql', [parent, {}, shared, info]));
      expect(asked).toMatchObject({ parent, headers: {}, ip: undefined });
      expect(asked.raw).toBe('request' in shared ? shared.request : shared);
    }
  });

  it('is refused where GraphQL says nothing of it', () => {
    expect(() => actionRequestOf(contextOf('graphql', [{}, {}, {}]))).toThrow('resolves no field');
  });
});

describe('a message of a socket', () => {
  it.each([
    ['the root of socket.io', { nsp: { name: '/' } }, '/pay'],
    ['a namespace', { nsp: { name: '/bank' } }, '/bank/pay'],
    ['an unknown place', {}, '/pay'],
  ])('is known by its event and %s', (_name, client, path) => {
    const asked = actionRequestOf(contextOf('ws', [client, { a: 1 }, 'pay'], 'pay'));
    expect(asked).toMatchObject({ method: 'MESSAGE', path, route: 'pay', body: { a: 1 } });
    expect(asked).toMatchObject({ headers: {}, ip: undefined, handler: 'Bank.pay' });
    expect(asked.raw).toBe(client);
  });

  it.each([
    ['no data', undefined, undefined, 'absent', undefined],
    ['an empty object', {}, undefined, 'absent', undefined],
    ['a proof alone', { stepUpProof: 'p' }, undefined, 'absent', 'p'],
    ['data and a proof', { a: 1, stepUpProof: 'p' }, { a: 1 }, 'read', 'p'],
    ['a text', 'stepUpProof', 'stepUpProof', 'read', undefined],
    ['a list', [{ stepUpProof: 'p' }], [{ stepUpProof: 'p' }], 'read', undefined],
    ['null', null, null, 'read', undefined],
    ['a proof of null', { a: 1, stepUpProof: null }, { a: 1 }, 'read', undefined],
  ])('with %s', (_name, data, body, bodyState, proof) => {
    const asked = actionRequestOf(contextOf('ws', [{}, data, 'pay'], 'pay'));
    expect([asked.body, asked.bodyState, asked.proof]).toEqual([body, bodyState, proof]);
  });

  it('keeps a class instance, and what a client calls after a prototype', () => {
    class Given {
      stepUpProof = 'p';
    }
    const given = new Given();
    expect(splitData(given)).toEqual({ data: given, proof: undefined });
    const { data } = splitData(JSON.parse('{"__proto__":{"a":1},"stepUpProof":"p"}'));
    expect(Object.getOwnPropertyNames(data)).toEqual(['__proto__']);
    const inherited: unknown = Object.create({ stepUpProof: 'p' });
    expect(splitData(inherited).proof).toBeUndefined();
  });

  it('knows the request that opened its connection, once the gateway remembers it', () => {
    const opened: unknown[] = [];
    class Gateway {
      handleConnection(...args: unknown[]): void {
        opened.push(args.length);
      }
    }
    rememberHandshakes(Gateway);
    rememberHandshakes(Gateway);
    const client = {};
    const request = {
      url: '/bank?token=secret',
      headers: { 'x-user': 'ann' },
      socket: { remoteAddress: '10.0.0.1' },
    };
    new Gateway().handleConnection(client, request);
    expect(opened).toEqual([2]);
    expect(handshakeOf(client)).toEqual({
      headers: { 'x-user': 'ann' },
      ip: '10.0.0.1',
      path: '/bank',
    });
    class Quiet {}
    rememberHandshakes(Quiet);
    const handle: unknown = Reflect.get(Quiet.prototype, 'handleConnection');
    expect(typeof handle === 'function' && Reflect.apply(handle, new Quiet(), [1, 2])).toBe(
      undefined,
    );
  });

  it('takes the proof of its handshake once', () => {
    const client = { handshake: { headers: { 'step-up-proof': 'p', 'x-user': 'ann' } } };
    const ask = (data: unknown) => actionRequestOf(contextOf('ws', [client, data, 'pay'], 'pay'));
    const taken = (data: unknown) => takeHandshakeProof(ask(data), 'step-up-proof').headers;
    // One with a proof of its own leaves it to the next.
    expect(taken({ stepUpProof: 'q' })).toHaveProperty('step-up-proof');
    expect(taken({})).toEqual({ 'step-up-proof': 'p', 'x-user': 'ann' });
    expect(taken({})).toEqual({ 'x-user': 'ann' });
  });
});

describe('a message to a microservice', () => {
  const ask = (context: object, data: unknown = {}) =>
    actionRequestOf<object>(contextOf('rpc', [data, context], 'charge'));
  const ROUTE = '{"by":"card","cmd":"pay"} payments.*';

  it.each([
    ['a pattern', { getPattern: () => '{"cmd":"pay","by":"card"}' }, '{"by":"card","cmd":"pay"}'],
    ['a text', { getPattern: () => 'payments.new' }, 'payments.new'],
    ['a text that looks like a number', { getPattern: () => '7' }, '7'],
    ['a subject', { getSubject: () => 'payments.a' }, 'payments.a'],
    ['a topic', { getTopic: () => 'payments.b' }, 'payments.b'],
    ['a channel', { getChannel: () => 'payments.c' }, 'payments.c'],
    ['nothing that is known', {}, ROUTE],
  ])('was sent to %s', (_name, context, path) => {
    const asked = ask(context);
    expect(asked).toMatchObject({ transport: 'rpc', method: 'MESSAGE', path, route: ROUTE });
    expect(asked.raw).toBe(context);
  });

  it('has its metadata for headers', () => {
    const getMetadata = () => ({ 'X-User': 'ann', tags: ['a', 'b'], count: 7, none: undefined });
    expect(ask({ getMetadata }).headers).toEqual({ 'x-user': 'ann', tags: ['a', 'b'] });
    expect(ask({ getMetadata: () => undefined }).headers).toEqual({});
    expect(ask({}, { stepUpProof: 'p' })).toMatchObject({ proof: 'p', bodyState: 'absent' });
  });
});

describe('a handler', () => {
  it('of an unknown transport is refused', () => {
    expect(() => actionRequestOf(contextOf('telnet', []))).toThrow(
      '@RequireAction on Bank.plain: handlers of "telnet" cannot be guarded.',
    );
  });

  it('is known by what its decorators say', () => {
    const kinds = (name: HandlerName) => [...handlerKinds(Bank.prototype[name])];
    expect(kinds('pay')).toEqual(['socket-message']);
    expect(kinds('charge')).toEqual(['message']);
    expect(kinds('call')).toEqual(['grpc', 'message']);
    expect(kinds('plain')).toEqual([]);
  });

  it('that no gate can stand before is refused', () => {
    const marked = (...names: string[]): object => {
      const handler = () => undefined;
      for (const name of names) {
        Reflect.defineMetadata(name, true, handler);
      }
      return handler;
    };
    const reference = marked('graphql:resolve_reference');
    expect(() => checkGuardable('A.b', reference)).toThrow('cannot be told apart');
    const type = marked('graphql:resolve_property');
    Reflect.defineMetadata('graphql:resolver_name', '__resolveType', type);
    expect(() => checkGuardable('A.b', type)).toThrow('GraphQL runs no guards before it');
    expect(() => checkGuardable('A.b', marked('graphql:resolve_property'))).not.toThrow();
  });

  it('finds its own approval, and none of another handler or message', () => {
    const args = [{}, 'text', 'pay'];
    const verdict = {
      kind: 'approved',
      approval: { action: 'pay', subject: 'ann', by: 'rules', body: 'text', bound: undefined },
    } as const;
    const context = contextOf('ws', args, 'pay');
    keepVerdict(context, verdict);
    expect(verdictOf(contextOf('ws', args, 'pay'))).toBe(verdict);
    expect(verdictOf(contextOf('ws', [...args], 'pay'))).toBeUndefined();
    const parameter = (name: HandlerName) => verdictForParameter(contextOf('ws', [...args], name));
    expect(parameter('pay')).toBeUndefined();
    withVerdicts(context, () => {
      expect(parameter('pay')).toBe(verdict);
      expect(parameter('plain')).toBeUndefined();
      // A message that a handler causes is not approved with it.
      expect(verdictOf(contextOf('ws', [...args], 'pay'))).toBeUndefined();
    });
  });
});

describe('the filter', () => {
  const filter = new StepUpExceptionFilter();
  const refusal = new StepUpException(renderVerdict({ kind: 'blocked', action: 'pay' }));

  it('tells a socket by what it is', () => {
    const heard: unknown[] = [];
    const native = {
      readyState: 1,
      emit: () => heard.push('never'),
      send: (text: string) => heard.push(JSON.parse(text)),
    };
    const io = {
      emit: (event: string, data: unknown) => heard.push({ event, data }),
      send: () => heard.push('never'),
    };
    for (const client of [native, io]) {
      filter.catch(refusal, contextOf('ws', [client, { a: 1, stepUpProof: 'p' }, 'pay'], 'pay'));
    }
    const deep: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
    filter.catch(refusal, contextOf('ws', [native, deep, 'pay'], 'pay'));
    expect(heard.pop()).toEqual({
      event: 'exception',
      data: { ...refusal.problem, cause: { pattern: 'pay' } },
    });
    const data = { ...refusal.problem, cause: { pattern: 'pay', data: { a: 1 } } };
    expect(heard).toEqual([
      { event: 'exception', data },
      { event: 'exception', data },
    ]);
  });

  it('gives the caller of a microservice an object, and GraphQL the extensions', async () => {
    const stream = filter.catch(refusal, contextOf('rpc', [{}, {}], 'charge'));
    expect(isObservable(stream)).toBe(true);
    await expect(lastValueFrom(stream ?? EMPTY)).rejects.toEqual(refusal.problem);
    const graphql = contextOf('graphql', []);
    expect(() => filter.catch(refusal, graphql)).toThrow(refusal);
    expect(refusal).toMatchObject({
      message: 'This action is not allowed.',
      extensions: { code: 'step_up_blocked', status: 403 },
    });
    expect(refusal).toBeInstanceOf(HttpException);
  });

  it("renders what `gate.require` threw, and nothing of the application's mistakes", () => {
    const rendered = renderVerdict({ kind: 'consumed', action: 'pay' });
    const known = new StepUpError(rendered.body.code, rendered.body.detail, rendered);
    const thrown = (error: StepUpError): unknown => {
      try {
        return filter.catch(error, contextOf('graphql', []));
      } catch (caught) {
        return Reflect.get(Object(caught), 'extensions');
      }
    };
    expect(thrown(known)).toEqual(rendered.body);
    const mistake = new StepUpError('ERR_STEP_UP_POLICY', 'the secret of line 7');
    expect(thrown(mistake)).toMatchObject({ status: 500, code: 'step_up_misconfigured' });
    expect(JSON.stringify(thrown(mistake))).not.toContain('line 7');
  });
});

describe('the guards of fields', () => {
  const policy = { bind: () => 'all', returnProofOnFailure: true };
  const check = (enhancers: unknown, more: object = {}): void => {
    const fields = new FieldGuards();
    fields.add('Vaults.code', { ...policy, ...more });
    fields.check([{ token: 'GqlModuleOptions', instance: { fieldResolverEnhancers: enhancers } }]);
  };

  it('need what GraphQL leaves out of itself', () => {
    expect(() => check(undefined)).toThrow('fieldResolverEnhancers: ["guards","interceptors"]');
    expect(() => check(['guards'])).toThrow('Vaults.code resolves a field');
    expect(() => check(['guards'], { returnProofOnFailure: false })).not.toThrow();
    expect(() => check(['interceptors', 'guards'])).not.toThrow();
  });

  it('need to be told what of the parent counts', () => {
    expect(() => check(['guards'], { bind: undefined })).toThrow('bind: ({ parent }) =>');
  });
});
